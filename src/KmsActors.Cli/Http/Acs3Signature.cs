using System.Security.Cryptography;
using System.Text;

namespace KmsActors.Cli;

/// <summary>Aliyun's ACS3-HMAC-SHA256 over one request without a query: all parameters are in the body.</summary>
internal static class Acs3Signature
{
    /// <summary>The value of the header Authorization.</summary>
    /// <param name="key">Who signs.</param>
    /// <param name="headers">What is signed, by lower-case names; host and hash of the body among them.</param>
    public static string Authorization(AccessKey key, SortedDictionary<string, string> headers)
    {
        var names = string.Join(';', headers.Keys);
        var canonical = new StringBuilder("POST\n/\n\n");
        foreach (var (name, value) in headers) canonical.Append($"{name}:{value}\n");
        canonical.Append($"\n{names}\n{headers["x-acs-content-sha256"]}");
        var request = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical.ToString())));
        var mac = HMACSHA256.HashData(key.Secret, Encoding.UTF8.GetBytes($"ACS3-HMAC-SHA256\n{request}"));
        return $"ACS3-HMAC-SHA256 Credential={key.Id},SignedHeaders={names},Signature={Convert.ToHexStringLower(mac)}";
    }
}
