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
    public async Task<string> KeyAsync() => (await OkAsync("CreateKey"))["KeyMetadata.KeyId"];

    /// <summary>A new key that waits for import.</summary>
    public async Task<string> ExternalKeyAsync() =>
        (await OkAsync("CreateKey", ("Origin", "EXTERNAL")))["KeyMetadata.KeyId"];

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
        var answer = await OkAsync(
            "GetParametersForImport",
            ("KeyId", keyId), ("WrappingAlgorithm", algorithm), ("WrappingKeySpec", "RSA_2048"));
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

    public Task<Answer> DescribeAsync(string key) => OkAsync("DescribeKey", ("KeyId", key));

    public async Task<string> StateAsync(string key) => (await DescribeAsync(key))["KeyMetadata.KeyState"];

    /// <summary>All that can be read of a key, but for what differs from call to call.</summary>
    public async Task<string> PictureAsync(string keyId)
    {
        var described = await DescribeAsync(keyId);
        var tags = await OkAsync("ListResourceTags", ("KeyId", keyId));
        var aliases = await OkAsync("ListAliasesByKeyId", ("KeyId", keyId), ("PageSize", "100"));
        return string.Join('\n', described.WithoutRequestId, tags.WithoutRequestId, aliases.WithoutRequestId);
    }

    /// <summary>All of the account's key ids, page by page.</summary>
    public Task<List<string>> KeyIdsAsync() => AllAsync("ListKeys", "Keys.Key", "KeyId");

    /// <summary>All of the account's aliases, page by page.</summary>
    public Task<List<string>> AliasNamesAsync() => AllAsync("ListAliases", "Aliases.Alias", "AliasName");

    private async Task<List<string>> AllAsync(string action, string list, string field)
    {
        List<string> all = [];
        for (var page = 1; ; page++)
        {
            var answer = await OkAsync(
                action, ("PageSize", "100"), ("PageNumber", page.ToString(CultureInfo.InvariantCulture)));
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
    public string Wrap(byte[] material, string algorithm)
    {
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(PublicKey, out _);
        return Convert.ToBase64String(rsa.Encrypt(material, algorithm switch
        {
            "RSAES_PKCS1_V1_5" => RSAEncryptionPadding.Pkcs1,
            "RSAES_OAEP_SHA_1" => RSAEncryptionPadding.OaepSHA1,
            _ => RSAEncryptionPadding.OaepSHA256,
        }));
    }
}
