using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Server.Tests.Huawei;

/// <summary>What of a caller proves who it is.</summary>
public enum Proof
{
    /// <summary>The signature of an access key.</summary>
    Signature,

    /// <summary>A token that the account got for its password.</summary>
    Token,
}

/// <summary>One account of a server, seen through Huawei's protocol.</summary>
internal sealed record Project(Tenant Tenant)
{
    public const string Region = "cn-hangzhou";

    private const string KeyIdPath = "key_info.key_id";

    private static int s_names;

    public TestServer Server => Tenant.Server;

    /// <summary>Its id: the account's first project, unless another is said.</summary>
    public string Id { get; init; } = AccountProject.IdOf(Region, Tenant.Account);

    /// <summary>What it sends in place of a signature, if anything.</summary>
    public string? Token { get; init; }

    public HuaweiClient Client => new(Server.Address, Tenant.Key, Server.Clock, Id) { Token = Token };

    /// <summary>The same account by a user of its own, who may do what these statements say.</summary>
    public async Task<Project> AsUserAsync(PolicyScope scope, params PolicyStatement[] statements)
    {
        var user = await AccountUser.OfAsync(Tenant);
        await user.MayAsync(scope, statements);
        return new Project(user.Tenant);
    }

    public static string NewAlias() => $"name-{Interlocked.Increment(ref s_names)}";

    public Task<HuaweiAnswer> SendAsync(Ask ask) => Client.SendAsync(ask);

    public Task<HuaweiAnswer> PostAsync(string path, object fields) => SendAsync(Ask.Post(path, fields));

    /// <summary>A call that has to succeed.</summary>
    public async Task<HuaweiAnswer> OkAsync(string path, object fields) => (await PostAsync(path, fields)).AssertOk();

    public async Task<HuaweiAnswer> GetAsync(string path) => (await SendAsync(Ask.Get(path))).AssertOk();

    /// <summary>A call that has to succeed without a word.</summary>
    public async Task DoneAsync(Ask ask) => (await SendAsync(ask)).AssertOk(204);

    /// <summary>A call that has to be refused and to change nothing.</summary>
    public async Task<HuaweiAnswer> RefusedAsync(string code, Ask ask)
    {
        var before = Server.Commits();
        var answer = await SendAsync(ask);
        answer.AssertRefused(code);
        Assert.Equal(before, Server.Commits());
        return answer;
    }

    public Task<HuaweiAnswer> RefusedAsync(string code, string path, object fields) =>
        RefusedAsync(code, Ask.Post(path, fields));

    /// <summary>A new key of the server's own material.</summary>
    public async Task<string> KeyAsync(string spec = "AES_256", string? alias = null, string project = "0") =>
        (await OkAsync(
            "create-key",
            new { key_alias = alias ?? NewAlias(), key_spec = spec, enterprise_project_id = project }))[KeyIdPath];

    /// <summary>A new key that waits for import.</summary>
    public async Task<string> ExternalKeyAsync() =>
        (await OkAsync("create-key", new { key_alias = NewAlias(), origin = "external" }))[KeyIdPath];

    /// <summary>A new key with imported material.</summary>
    public async Task<string> ImportedKeyAsync(byte[] material, DateTimeOffset? expiry = null)
    {
        var keyId = await ExternalKeyAsync();
        await ImportAsync(keyId, material, expiry);
        return keyId;
    }

    public async Task ImportAsync(string keyId, byte[] material, DateTimeOffset? expiry = null) =>
        await OkAsync("import-key-material", (await TokenAsync(keyId)).With(material, expiry));

    public async Task<ImportFields> TokenAsync(string keyId, string algorithm = "RSAES_OAEP_SHA_256")
    {
        var answer = await OkAsync(
            "get-parameters-for-import", new { key_id = keyId, wrapping_algorithm = algorithm });
        return new ImportFields(keyId, answer["import_token"], answer["public_key"], algorithm);
    }

    /// <summary>A ciphertext of "hello", Base64.</summary>
    public async Task<string> EncryptAsync(string keyId, object? context = null) => (await OkAsync(
        "encrypt-data", new { key_id = keyId, plain_text = "hello", encryption_context = context }))["cipher_text"];

    /// <summary>The plaintext, as it was given.</summary>
    public async Task<string> DecryptAsync(string ciphertext, object? context = null) => (await OkAsync(
        "decrypt-data", new { cipher_text = ciphertext, encryption_context = context }))["plain_text"];

    /// <summary>A new data key of 32 bytes, encrypted, in hexadecimal.</summary>
    public async Task<string> DataKeyAsync(string keyId) =>
        (await OkAsync("create-datakey-without-plaintext", new { key_id = keyId }))["cipher_text"];

    /// <summary>The fields of a grant to the account itself.</summary>
    public object Grant(string keyId) => new
    {
        key_id = keyId,
        grantee_principal = Tenant.Account,
        grantee_principal_type = "domain",
        operations = new[] { "encrypt-data" },
    };

    public async Task<string> GrantAsync(string keyId) => (await OkAsync("create-grant", Grant(keyId)))["grant_id"];

    public Task TagAsync(string keyId, string key, string value) =>
        DoneAsync(Ask.Post($"{keyId}/tags", new { tag = new { key, value } }));

    public Task<HuaweiAnswer> DescribeAsync(string keyId) => OkAsync("describe-key", new { key_id = keyId });

    public async Task<string> StateAsync(string keyId) => (await DescribeAsync(keyId))["key_info.key_state"];

    /// <summary>The key's tags as key=value.</summary>
    public async Task<string[]> TagsAsync(string keyId)
    {
        var answer = await GetAsync($"{keyId}/tags");
        string[] tags = [.. answer.List("tags", "key").Zip(answer.List("tags", "value"), (k, v) => $"{k}={v}")];
        Assert.Equal(tags.Length, answer.Number("existTagsNum"));
        return tags;
    }

    /// <summary>All that can be read of a key.</summary>
    public async Task<string> PictureAsync(string keyId) => string.Join('\n',
        (await DescribeAsync(keyId)).Text,
        (await GetAsync($"{keyId}/tags")).Text,
        (await OkAsync("get-key-rotation-status", new { key_id = keyId })).Text);
}
