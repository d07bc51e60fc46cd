using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using KmsActors.Hsa;
using KmsActors.Protocols.Http;

namespace KmsActors.Protocols.Aliyun;

/// <summary>
/// The signature of seed 001, 1.4: an HMAC over METHOD&amp;%2F&amp;enc(canonical query). The example
/// printed there leaves the '&amp;' between the parameters bare, against the document's own rule; the rule
/// stands, as its final URL and every client show.
/// </summary>
internal static class RpcSignature
{
    public static bool Matches(AliyunRequest request, ReadOnlySpan<byte> secret)
    {
        Span<byte> given = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
        if (!request.TryGetUtf8("Signature", out ReadOnlySpan<byte> base64)
            || Base64.DecodeFromUtf8(base64, given, out _, out int givenLength) != OperationStatus.Done)
            return false;

        Span<byte> key = secret.Length < 128 ? stackalloc byte[128] : new byte[secret.Length + 1];
        key = key[..(secret.Length + 1)];
        secret.CopyTo(key);
        key[^1] = (byte)'&';
        try
        {
            using PooledBuffer text = StringToSign(request);
#pragma warning disable CA5350 // HMAC-SHA1 is what seed 001, 1.3 prescribes; as a MAC it is not broken.
            int length = request.IsRpcSha256
                ? HMACSHA256.HashData(key, text.Written, expected)
                : HMACSHA1.HashData(key, text.Written, expected);
#pragma warning restore CA5350
            return CryptographicOperations.FixedTimeEquals(given[..givenLength], expected[..length]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    internal static PooledBuffer StringToSign(AliyunRequest request)
    {
        Parameters parameters = request.Parameters;
        PooledBuffer text = new(4096);
        text.Append(request.Method);
        text.Append("&%2F&"u8);
        bool isFirst = true;
        for (int i = 0; i < parameters.Count; i++)
        {
            if (parameters.Name(i).SequenceEqual("Signature"u8)) continue;
            if (!isFirst) text.Append("%26"u8);
            isFirst = false;
            PercentCoding.EncodeTwice(parameters.Name(i), text);
            text.Append("%3D"u8);
            PercentCoding.EncodeTwice(parameters.Value(i), text);
        }

        return text;
    }
}
