using System.Security.Cryptography;
using System.Text;

namespace KmsActors.Protocols.Huawei;

/// <summary>A signature, and what it may have been made over.</summary>
/// <param name="AccessKeyId">Who says to have made it.</param>
/// <param name="Signature">The signature.</param>
/// <param name="Texts">The texts to sign, one for each canonical request that the client may have meant.</param>
internal sealed record SignedTexts(string AccessKeyId, byte[] Signature, string[] Texts)
{
    private const string Date = "x-sdk-date";

    /// <summary>Null for a request that cannot be rightly signed, whatever the secret.</summary>
    public static SignedTexts? Of(HuaweiRequest request, TimeProvider time)
    {
        var headers = request.Headers;
        if (SdkAuthorization.Parse(headers.Authorization) is not { } authorization) return null;

        // Of two, nobody could say which one is meant.
        if (headers.Host.Count != 1 || headers[Date] is not [{ } date]) return null;
        if (!TimestampWindow.Contains(date, time)) return null;

        var texts = CanonicalRequest.Of(request, authorization)
            .Select(canonical => $"{SdkAuthorization.Algorithm}\n{date}\n{Hash(canonical)}")
            .ToArray();
        return texts.Length == 0 ? null : new(authorization.AccessKeyId, authorization.Signature, texts);
    }

    /// <summary>Whether the signature was made with <paramref name="secret"/>.</summary>
    public bool IsMadeWith(ReadOnlySpan<byte> secret)
    {
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var isMade = false;
        foreach (var text in Texts)
        {
            HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(text), expected);
            isMade |= CryptographicOperations.FixedTimeEquals(expected, Signature);
        }

        return isMade;
    }

    private static string Hash(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
