using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace KmsActors.ClusterTests;

/// <summary>Calls of Tencent's protocol, by POST, for whichever node they are sent to: all are one host to clients.</summary>
internal static class TencentForm
{
    private const string Host = "kms.cluster.test";
    private const string Path = "/v2/index.php";

    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false });

    /// <summary>A call's form.</summary>
    public static string Sign(string action, params (string Name, string Value)[] parameters)
    {
        (string Name, string Value)[] all =
        [
            ("Action", action), ("Nonce", $"{RandomNumberGenerator.GetInt32(int.MaxValue)}"), ("Region", "gz"),
            ("SecretId", ServerProcess.AccessKeyId), ("SignatureMethod", "HmacSHA256"),
            ("Timestamp", $"{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}"), .. parameters,
        ];
        Array.Sort(all, (left, right) => string.CompareOrdinal(left.Name, right.Name));
        var source = $"POST{Host}{Path}?{string.Join('&', all.Select(each => $"{each.Name}={each.Value}"))}";
        var signature = Convert.ToBase64String(HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(ServerProcess.AccessKeySecret), Encoding.UTF8.GetBytes(source)));
        return string.Join('&', all.Append((Name: "Signature", Value: signature))
            .Select(each => $"{each.Name}={Uri.EscapeDataString(each.Value)}"));
    }

    /// <summary>The code, with the module's behind a stroke: "4100/10030"; null for success.</summary>
    public static async Task<string?> SendAsync(Node node, string signed)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node.Address, Path));
        request.Headers.Host = Host;
        request.Content = new StringContent(signed, Encoding.ASCII, "application/x-www-form-urlencoded");
        using var answer = await Http.SendAsync(request);
        var body = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync()).RootElement;
        var message = body.GetProperty("message").GetString()!;
        var code = body.GetProperty("code").GetInt32();
        return code == 0 ? null : $"{code}/{message[1..message.IndexOf(')')]}";
    }
}
