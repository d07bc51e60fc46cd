using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace KmsActors.Backup.Tests;

/// <summary>Has a server handle secrets that the tests know, well and badly asked.</summary>
internal static class KnownSecrets
{
    /// <summary>No secret: what has to be found, or the tests look in the wrong place.</summary>
    public const string Marker = "marker-that-is-to-be-found";

    /// <summary>Uses all kinds of secrets; what is not to be found anywhere.</summary>
    public static async Task<Needles> UseAsync(Service service, string data)
    {
        var secrets = new Needles();
        secrets.Add("the root key", Convert.FromHexString((await File.ReadAllTextAsync(Path.Combine(data, "root.key"))).Split(' ')[1]));
        secrets.Add("the operator's token", ServerProcess.AdminToken);
        secrets.Add("the first access key's secret", ServerProcess.AccessKeySecret);
        secrets.Add("the first password", "password-of-the-crash-tests");
        foreach (var (spec, size) in new[] { ("Aliyun_AES_256", 32), ("Aliyun_SM4", 16) })
            secrets.Add($"imported {spec}", await ImportAsync(service, spec, size));
        await DataKeysAsync(service, secrets);
        await UsersAsync(service, secrets);
        await BadRequestsAsync(service, secrets);
        return secrets;
    }

    private static async Task<byte[]> ImportAsync(Service service, string spec, int size)
    {
        var material = RandomNumberGenerator.GetBytes(size);
        var key = (await service.OkAsync(
            "CreateKey", ("Origin", "EXTERNAL"), ("KeySpec", spec), ("Description", Marker))).Text("KeyMetadata", "KeyId");
        var token = await service.OkAsync(
            "GetParametersForImport",
            ("KeyId", key), ("WrappingAlgorithm", "RSAES_OAEP_SHA_256"), ("WrappingKeySpec", "RSA_2048"));
        using var wrapping = RSA.Create();
        wrapping.ImportSubjectPublicKeyInfo(Convert.FromBase64String(token.Text("PublicKey")), out _);
        // As it must not be sent, but may be by mistake.
        Assert.NotNull((await service.Tenant.CallAsync("ImportKeyMaterial", With(material)))!.Code);
        await service.OkAsync("ImportKeyMaterial", With(wrapping.Encrypt(material, RSAEncryptionPadding.OaepSHA256)));
        await service.OkAsync("Encrypt", ("KeyId", key), ("Plaintext", Convert.ToBase64String(material)));
        return material;

        (string, string)[] With(byte[] wrapped) =>
        [
            ("KeyId", key), ("ImportToken", token.Text("ImportToken")), ("KeyMaterialExpireUnix", "0"),
            ("EncryptedKeyMaterial", Convert.ToBase64String(wrapped)),
        ];
    }

    private static async Task DataKeysAsync(Service service, Needles secrets)
    {
        var key = (await service.OkAsync("CreateKey")).Text("KeyMetadata", "KeyId");
        var made = await service.OkAsync("GenerateDataKey", ("KeyId", key), ("NumberOfBytes", "32"));
        secrets.Add("a data key", Convert.FromBase64String(made.Text("Plaintext")));
        await service.OkAsync("Decrypt", ("CiphertextBlob", made.Text("CiphertextBlob")));
        var plaintext = RandomNumberGenerator.GetBytes(32);
        secrets.Add("a plaintext", plaintext);
        var blob = (await service.OkAsync(
            "Encrypt", ("KeyId", key), ("Plaintext", Convert.ToBase64String(plaintext)))).Text("CiphertextBlob");
        await service.OkAsync("Decrypt", ("CiphertextBlob", blob));
    }

    private static async Task UsersAsync(Service service, Needles secrets)
    {
        await service.AdminOkAsync("POST", "accounts", new { number = "known", name = Marker });
        var password = $"password-{RandomNumberGenerator.GetHexString(16)}";
        secrets.Add("a user's password", password);
        await service.AdminOkAsync("POST", "accounts/known/users", new { name = "someone", password });
        var made = await service.AdminOkAsync("POST", "accounts/known/access-keys", new { user = "someone" });
        secrets.Add("an access key's secret", made.GetProperty("secret").GetString()!);
        var rotated = await service.AdminOkAsync(
            "POST", $"accounts/known/access-keys/{made.GetProperty("id").GetString()}/rotate", new { });
        secrets.Add("a rotated access key's secret", rotated.GetProperty("secret").GetString()!);
        using var login = Login("known", "someone", password);
        using var answer = await service.SendAsync(login);
        Assert.Equal(201, (int)answer.StatusCode);
        var token = answer.Headers.GetValues("X-Subject-Token").Single();
        secrets.Add("a user's token", token);
        using var call = new HttpRequestMessage(HttpMethod.Post, new Uri($"/v1.0/none/kms/list-keys?token={token}", UriKind.Relative));
        call.Headers.Add("X-Auth-Token", token);
        using var listed = await service.SendAsync(call);
    }

    private static HttpRequestMessage Login(string account, string user, string password) =>
        new(HttpMethod.Post, new Uri("/v3/auth/tokens", UriKind.Relative))
        {
            Content = JsonContent.Create(new
            {
                auth = new
                {
                    identity = new
                    {
                        methods = new[] { "password" },
                        password = new { user = new { name = user, password, domain = new { name = account } } },
                    },
                    scope = new { domain = new { name = account } },
                },
            }),
        };

    /// <summary>Each of them with a secret where none belongs, or none as it is.</summary>
    private static async Task BadRequestsAsync(Service service, Needles secrets)
    {
        var secret = RandomNumberGenerator.GetHexString(40);
        secrets.Add("a secret in bad requests", secret);
        foreach (var (method, target, body) in new[]
        {
            ("POST", "/admin/v1/accounts/known/users", $"{{\"name\":\"x\",\"password\":\"{secret}\",\"nosuch\":1}}"),
            ("POST", "/admin/v1/accounts/known/users", $"{{\"name\":\"x\",\"password\":[\"{secret}\"]}}"),
            ("POST", "/admin/v1/accounts/known/users", $"{{\"name\":\"x\",\"password\":\"{secret}"),
            ("PUT", "/admin/v1/accounts/known/users/someone/password", $"\"{secret}\""),
            ("POST", $"/admin/v1/accounts?limit={secret}", "{}"),
            ("GET", $"/admin/v1/accounts?limit={secret}", null),
            ("POST", "/admin/v1/restore", secret),
            ("POST", "/v3/auth/tokens", $"{{\"auth\":{{\"identity\":\"{secret}\"}}}}"),
            ("POST", "/v3/auth/tokens", $"{{\"auth\":\"{secret}"),
            ("POST", "/v1.0/none/kms/encrypt-data", $"{{\"plain_text\":\"{secret}\""),
            ("GET", $"/?Action=Encrypt&Plaintext={secret}", null),
            ("GET", $"/?Action=Encrypt&Plaintext={secret}%", null),
            ("POST", "/", $"Action=Encrypt&Plaintext={secret}&AccessKeyId={secret}&Signature={secret}"),
            ("GET", $"/v2/index.php?Action=Encrypt&plaintext={secret}", null),
        })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(target, UriKind.Relative));
            if (body is not null)
            {
                request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
                request.Content.Headers.ContentType = new(target == "/" ? "application/x-www-form-urlencoded" : "application/json");
            }

            using var answer = await service.SendAsync(request);
            Assert.InRange((int)answer.StatusCode, 200, 499);
        }

        using var wrong = new SignedClient(service.Process.Address, accessKeySecret: secret);
        Assert.NotNull((await wrong.CallAsync("Encrypt", ("Plaintext", secret), ("KeyId", secret)))!.Code);
        Assert.NotNull((await service.Tenant.CallAsync("Encrypt", ("Plaintext", secret), ("KeyId", secret)))!.Code);
        Assert.NotNull((await service.Tenant.CallAsync("Decrypt", ("CiphertextBlob", secret)))!.Code);
        await RawAsync(service, $"GET /?Plaintext={secret}\u0001 HTTP/1.1\r\nConnection: close\r\nHost: x\r\n\r\n");
        await RawAsync(service, $"GET / HTTP/1.1\r\nConnection: close\r\nHost: x\r\n{secret}\r\n\r\n");
        await RawAsync(service, $"{secret}\r\n\r\n");
        await RawAsync(service, $"GET / HTTP/1.1\r\nConnection: close\r\nHost: {secret} {secret}\r\n\r\n");
        await RawAsync(service, $"POST / HTTP/1.1\r\nConnection: close\r\nHost: x\r\nContent-Length: {secret}\r\n\r\n");
    }

    private static async Task RawAsync(Service service, string request)
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(service.Process.Address.Host, service.Process.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream);
        Assert.StartsWith("HTTP/1.1 4", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }
}
