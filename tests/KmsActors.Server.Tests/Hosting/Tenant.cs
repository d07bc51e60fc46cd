using System.Globalization;
using System.Security.Cryptography;

namespace KmsActors.Server.Tests;

/// <summary>One account of a server, seen through its access key.</summary>
internal sealed record Tenant(TestServer Server, string Account, Credentials Key)
{
    private static int s_names;

    /// <summary>Signs as this account, over the plainest wire.</summary>
    public AliyunClient Client => new(Server.Address, Key, Server.Clock);

    public Task<Answer> CallAsync(string action, params Args parameters) => Client.CallAsync(action, parameters);

    /// <summary>A call that has to succeed.</summary>
    public async Task<Answer> OkAsync(string action, params Args parameters) =>
        (await CallAsync(action, parameters)).AssertOk();

    /// <summary>A call that has to be refused, about <paramref name="parameter"/>, and to change nothing.</summary>
    public async Task RefusedAsync(string code, string? parameter, string action, params Args parameters)
    {
        var before = Server.Commits();
        var answer = await CallAsync(action, parameters);
        answer.AssertRefused(code, parameter);
        Assert.Equal(before, Server.Commits());
    }

    /// <summary>A new key of material made here.</summary>
    public async Task<string> KeyAsync(params Args more) => (await OkAsync("CreateKey", more))["KeyMetadata.KeyId"];

    /// <summary>A new key that waits for import.</summary>
    public Task<string> ExternalKeyAsync(params Args more) => KeyAsync([("Origin", "EXTERNAL"), .. more]);

    /// <summary>A new asymmetric key, for what its kind is for unless something else is said.</summary>
    public async Task<PairVersion> PairAsync(string spec, string? usage = null)
    {
        var keyId = await KeyAsync([("KeySpec", spec), .. usage is null ? (Args)[] : [("KeyUsage", usage)]]);
        return new PairVersion(keyId, Assert.Single(await VersionsAsync(keyId)));
    }

    /// <summary>A new key that rotates by itself.</summary>
    public Task<string> RotatingKeyAsync(string interval = "7d") =>
        KeyAsync(("EnableAutomaticRotation", "true"), ("RotationInterval", interval));

    /// <summary>A new key with imported material.</summary>
    public async Task<string> ImportedKeyAsync(long? expiry = null)
    {
        var keyId = await ExternalKeyAsync();
        await ImportAsync(keyId, NewMaterial(), expiry);
        return keyId;
    }

    /// <summary>A new alias for the key, prefix and all.</summary>
    public async Task<string> AliasAsync(string keyId)
    {
        var alias = NewAliasName();
        await OkAsync("CreateAlias", ("AliasName", alias), ("KeyId", keyId));
        return alias;
    }

    public static string NewAliasName() => $"alias/别名-{Interlocked.Increment(ref s_names)}";

    public static byte[] NewMaterial() => RandomNumberGenerator.GetBytes(32);

    public async Task<ImportParameters> TokenAsync(string keyId, string algorithm = "RSAES_OAEP_SHA_256")
    {
        var spec = algorithm == "SM2PKE" ? "EC_SM2" : "RSA_2048";
        var answer = await OkAsync(
            "GetParametersForImport",
            ("KeyId", keyId), ("WrappingAlgorithm", algorithm), ("WrappingKeySpec", spec));
        return new ImportParameters(
            keyId, answer["ImportToken"], Convert.FromBase64String(answer["PublicKey"]), algorithm);
    }

    public async Task ImportAsync(string keyId, byte[] material, long? expiry = null)
    {
        var token = await TokenAsync(keyId);
        await OkAsync("ImportKeyMaterial", token.With(material, expiry));
    }

    /// <summary>A ciphertext of "hello", Base64.</summary>
    public async Task<string> EncryptAsync(string key, params Args more)
    {
        Args parameters = [("KeyId", key), ("Plaintext", "aGVsbG8="), .. more];
        return (await OkAsync("Encrypt", parameters))["CiphertextBlob"];
    }

    /// <summary>A bare ciphertext of "hello" by a pair on SM2, Base64.</summary>
    public async Task<string> EncryptAsync(PairVersion pair) =>
        (await OkAsync("AsymmetricEncrypt", pair.With(("Algorithm", "SM2PKE"), ("Plaintext", "aGVsbG8="))))["CiphertextBlob"];

    /// <summary>The plaintext, as it was given.</summary>
    public async Task<string> DecryptAsync(string blob, params Args more) =>
        (await OkAsync("Decrypt", [("CiphertextBlob", blob), .. more]))["Plaintext"];

    public Task<Answer> DescribeAsync(string key) => OkAsync("DescribeKey", ("KeyId", key));

    public async Task<string> StateAsync(string key) => (await DescribeAsync(key))["KeyMetadata.KeyState"];

    /// <summary>All that can be read of a key, but for what differs from call to call.</summary>
    public async Task<string> PictureAsync(string keyId)
    {
        var described = await DescribeAsync(keyId);
        var tags = await OkAsync("ListResourceTags", ("KeyId", keyId));
        var aliases = await OkAsync("ListAliasesByKeyId", ("KeyId", keyId), ("PageSize", "100"));
        var versions = await OkAsync("ListKeyVersions", ("KeyId", keyId), ("PageSize", "100"));
        return string.Join('\n', ((Answer[])[described, tags, aliases, versions]).Select(a => a.WithoutRequestId));
    }

    /// <summary>The ids of a key's versions, oldest first.</summary>
    public async Task<List<string>> VersionsAsync(string key) =>
    [
        .. (await OkAsync("ListKeyVersions", ("KeyId", key), ("PageSize", "100")))
            .Column("KeyVersions.KeyVersion", "KeyVersionId"),
    ];

    /// <summary>All of the account's key ids, page by page.</summary>
    public Task<List<string>> KeyIdsAsync(string? filters = null) =>
        AllAsync("ListKeys", "Keys.Key", "KeyId", filters is null ? [] : [("Filters", filters)]);

    /// <summary>All of the account's aliases, page by page.</summary>
    public Task<List<string>> AliasNamesAsync() => AllAsync("ListAliases", "Aliases.Alias", "AliasName", []);

    private async Task<List<string>> AllAsync(string action, string list, string field, Args more)
    {
        List<string> all = [];
        for (var page = 1; ; page++)
        {
            var answer = await OkAsync(
                action,
                [("PageSize", "100"), ("PageNumber", page.ToString(CultureInfo.InvariantCulture)), .. more]);
            var rows = answer.Column(list, field).ToList();
            all.AddRange(rows);
            if (rows.Count < 100)
            {
                Assert.Equal(all.Count, answer.Number("TotalCount"));
                return all;
            }
        }
    }
}

/// <summary>A version of an asymmetric key, as calls name it.</summary>
internal sealed record PairVersion(string KeyId, string VersionId)
{
    /// <summary>The parameters of a call with this version.</summary>
    public Args With(params Args more) => [("KeyId", KeyId), ("KeyVersionId", VersionId), .. more];
}

/// <summary>What GetParametersForImport gave for a key.</summary>
internal sealed record ImportParameters(string KeyId, string Token, byte[] PublicKey, string Algorithm)
{
    /// <summary>The parameters of an import of <paramref name="material"/>.</summary>
    public Args With(byte[] material, long? expiry = null)
    {
        Args parameters =
        [
            ("KeyId", KeyId), ("ImportToken", Token), ("EncryptedKeyMaterial", Wrap(material, Algorithm)),
        ];
        return expiry is null
            ? parameters
            : [.. parameters, ("KeyMaterialExpireUnix", expiry.Value.ToString(CultureInfo.InvariantCulture))];
    }

    /// <summary>The material as its owner sends it.</summary>
    public string Wrap(byte[] material, string algorithm) =>
        Convert.ToBase64String(OutsidePublicKey.Of(PublicKey).Encrypt(algorithm, material));
}
