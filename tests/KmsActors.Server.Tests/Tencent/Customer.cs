using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Server.Tests.Tencent;

/// <summary>One account of a server, seen through Tencent's protocol.</summary>
internal sealed record Customer(Tenant Tenant)
{
    /// <summary>"hello" in Base64.</summary>
    public const string Hello = "aGVsbG8=";

    private const string KeyIdPath = "keyMetadata.keyId";

    private static int s_names;

    public TestServer Server => Tenant.Server;

    public TencentForm Form { get; init; } = TencentForm.Plain;

    public TencentClient Client => new(Server.Address, Tenant.Key, Server.Clock) { Form = Form };

    /// <summary>A name that nobody has yet, not by another protocol either.</summary>
    public static string NewAlias() => $"名字-{Interlocked.Increment(ref s_names)}";

    /// <summary>The same account by a user of its own, who may do what these statements say.</summary>
    public async Task<Customer> AsUserAsync(PolicyScope scope, params PolicyStatement[] statements)
    {
        var user = await AccountUser.OfAsync(Tenant);
        await user.MayAsync(scope, statements);
        return new Customer(user.Tenant);
    }

    public Task<TencentAnswer> CallAsync(string action, params Args parameters) => Client.CallAsync(action, parameters);

    /// <summary>A call that has to succeed.</summary>
    public async Task<TencentAnswer> OkAsync(string action, params Args parameters) =>
        (await CallAsync(action, parameters)).AssertOk();

    /// <summary>A call that has to be refused and to change nothing.</summary>
    public async Task<TencentAnswer> RefusedAsync(string code, string action, params Args parameters)
    {
        var before = Server.Commits();
        var answer = (await CallAsync(action, parameters)).AssertRefused(code);
        Assert.Equal(before, Server.Commits());
        return answer;
    }

    /// <summary>A call that has to be refused because of one of its parameters.</summary>
    public async Task OutOfRangeAsync(string parameter, string action, params Args parameters)
    {
        var answer = await RefusedAsync("4000/10350", action, parameters);
        Assert.Equal($"parameter is out of range: {parameter}", answer.Words);
    }

    /// <summary>A new key.</summary>
    public async Task<string> KeyAsync(string? alias = null, string type = "1") =>
        (await OkAsync("CreateKey", ("alias", alias ?? NewAlias()), ("type", type)))[KeyIdPath];

    /// <summary>A ciphertext of "hello", Base64.</summary>
    public async Task<string> EncryptAsync(string keyId, params Args more) =>
        (await OkAsync("Encrypt", [("keyId", keyId), ("plaintext", Hello), .. more]))["ciphertextBlob"];

    /// <summary>The plaintext, Base64.</summary>
    public async Task<string> DecryptAsync(string blob, params Args more) =>
        (await OkAsync("Decrypt", [("ciphertextBlob", blob), .. more]))["plaintext"];

    public Task<TencentAnswer> DescribeAsync(string keyId) => OkAsync("GetKeyAttributes", ("keyId", keyId));

    public async Task<string> StateAsync(string keyId) => (await DescribeAsync(keyId))["keyMetadata.keyState"];

    public async Task<string> AliasAsync(string keyId) => (await DescribeAsync(keyId))["keyMetadata.alias"];

    /// <summary>All of the account's key ids, page by page.</summary>
    public async Task<List<string>> KeyIdsAsync()
    {
        List<string> all = [];
        while (true)
        {
            var page = await OkAsync("ListKey", ("offset", $"{all.Count}"), ("limit", "200"));
            all.AddRange(page.KeyIds());
            if (page.KeyIds().Length == 0) return all;
        }
    }
}
