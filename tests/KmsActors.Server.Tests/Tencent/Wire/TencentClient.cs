using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace KmsActors.Server.Tests.Tencent;

/// <summary>
/// A client written from the vendor's description and sharing nothing with the server. It signs whatever it is
/// given: what is broken arrives broken.
/// </summary>
internal sealed record TencentClient(Uri Address, Credentials Key, TimeProvider Time)
{
    private const string Path = "/v2/index.php";

    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseCookies = false, UseProxy = false });
    private static int s_nonce;

    public TencentForm Form { get; init; } = TencentForm.Plain;

    /// <summary>Common parameters of another value; null leaves one out.</summary>
    public (string Name, string? Value)[] Common { get; init; } = [];

    /// <summary>The host to sign, when it is not that of the address.</summary>
    public string? Host { get; init; }

    public Task<TencentAnswer> CallAsync(string action, params Args parameters) => SendAsync(Sign(action, parameters));

    public async Task<TencentAnswer> SendAsync(SignedCall call)
    {
        using var request = call.ToRequest(Address);
        using var response = await Http.SendAsync(request);
        return TencentAnswer.Of(
            (int)response.StatusCode,
            response.Content.Headers.NonValidated["Content-Type"].ToString(),
            await response.Content.ReadAsByteArrayAsync());
    }

    public SignedCall Sign(string action, params Args parameters)
    {
        (string Name, string? Value)[] common =
        [
            ("Action", action),
            ("SecretId", Key.Id),
            ("Timestamp", Time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
            ("Nonce", Interlocked.Increment(ref s_nonce).ToString(CultureInfo.InvariantCulture)),
            ("Region", "gz"),
            ("SignatureMethod", Form.SignatureMethod),
        ];
        Args all =
        [
            .. common.Where(c => c.Value is not null && Common.All(other => other.Name != c.Name))
                .Concat(Common.Where(c => c.Value is not null)).Select(p => (p.Name, p.Value!)),
            .. parameters,
        ];
        return WithSignature(all, Common.Any(c => c.Name == "Signature") ? null : SignatureOf(all));
    }

    /// <summary>The same call with these parameters in its place, under the signature of that.</summary>
    public SignedCall WithSignature(Args all, string? signature)
    {
        if (signature is not null) all = [.. all, ("Signature", signature)];
        var text = string.Join('&', all.Select(p => $"{AliyunClient.Encode(p.Name)}={AliyunClient.Encode(p.Value)}"));
        var call = Form.Method == "GET"
            ? new SignedCall("GET", text, null, [])
            : new SignedCall("POST", "", text, [("Content-Type", AliyunClient.FormType)]);
        return call with { Path = Path };
    }

    public string SignatureOf(Args all)
    {
        var signed = all
            .Where(p => p.Name != "Signature" && !(Form.Method == "POST" && p.Value.StartsWith('@')))
            .OrderBy(p => p.Name, StringComparer.Ordinal)
            .Select(p => $"{p.Name.Replace('_', '.')}={p.Value}");
        var source = Encoding.UTF8.GetBytes(
            $"{Form.Method}{Host ?? Address.Authority}{Path}?{string.Join('&', signed)}");
        var secret = Encoding.UTF8.GetBytes(Key.Secret);
#pragma warning disable CA5350 // What the platform prescribes.
        return Convert.ToBase64String(Form.SignatureMethod == "HmacSHA256"
            ? HMACSHA256.HashData(secret, source)
            : HMACSHA1.HashData(secret, source));
#pragma warning restore CA5350
    }
}
