using System.Security.Cryptography;
using System.Text;

namespace KmsActors.Benchmarks.Load;

/// <summary>
/// Makes POST requests of Huawei's protocol, signed with an access key as the vendor's SDK does, or with a
/// token. Written anew from the vendor's rule rather than borrowed from the server.
/// </summary>
internal sealed class HuaweiRequests(string account, string endpoint, string body)
{
    private const string Region = "cn-hangzhou";
    private const string Host = "127.0.0.1";

    private readonly string _projectId = Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes($"kmsactors/project/{Region}/{account}")))[..32];

    /// <summary>Appends one request that is signed now.</summary>
    public void AppendSigned(RequestBatch batch, Credentials credentials)
    {
        const string signedHeaders = "content-type;host;x-project-id;x-sdk-date";
        var date = DateTime.UtcNow.ToString("yyyyMMdd'T'HHmmss'Z'");
        var canonical =
            $"POST\n{Path}/\n\ncontent-type:application/json\nhost:{Host}\nx-project-id:{_projectId}\nx-sdk-date:{date}\n"
            + $"\n{signedHeaders}\n{Hash(body)}";
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(credentials.Secret),
            Encoding.UTF8.GetBytes($"SDK-HMAC-SHA256\n{date}\n{Hash(canonical)}")));
        Append(
            batch,
            $"X-Project-Id: {_projectId}\r\nX-Sdk-Date: {date}\r\nAuthorization: SDK-HMAC-SHA256 "
            + $"Access={credentials.AccessKeyId}, SignedHeaders={signedHeaders}, Signature={signature}\r\n");
    }

    /// <summary>Appends one request with a token.</summary>
    public void AppendWithToken(RequestBatch batch, string token) => Append(batch, $"X-Auth-Token: {token}\r\n");

    private string Path => $"/v1.0/{_projectId}/kms/{endpoint}";

    private void Append(RequestBatch batch, string headers) => batch.Append(
        $"POST {Path} HTTP/1.1\r\nHost: {Host}\r\nContent-Type: application/json\r\n{headers}"
        + $"Content-Length: {body.Length}\r\n\r\n{body}");

    private static string Hash(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
