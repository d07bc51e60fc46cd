using System.Buffers;
using System.Security.Cryptography;
using KmsActors.Hsa;
using KmsActors.Protocols.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace KmsActors.Protocols.Aliyun;

/// <summary>
/// ACS3-HMAC-SHA256, which the vendor's later clients use by default: the key is the secret itself, and the
/// text a hash over method, query, headers and body. Parameters in a form body are covered by its hash.
/// </summary>
internal static class Acs3Signature
{
    /// <summary>The most headers a client may sign.</summary>
    public const int MostSignedHeaders = 64;

    private const string ContentHash = "x-acs-content-sha256";

    private static readonly string[] s_mustBeSigned =
    [
        "host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", ContentHash,
    ];

    public static bool Matches(AliyunRequest request, ReadOnlySpan<byte> secret)
    {
        if (request.Acs3 is not { } acs3 || !IsOfThisBody(acs3)) return false;
        Span<byte> given = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
        if (!TryReadHash(acs3.Signature, given)) return false;

        using PooledBuffer text = new(4096);
        if (!TryCanonicalize(request, acs3, text)) return false;
        SHA256.HashData(text.Written, expected);

        ReadOnlySpan<byte> algorithm = "ACS3-HMAC-SHA256\n"u8;
        Span<byte> toSign = stackalloc byte[algorithm.Length + (2 * SHA256.HashSizeInBytes)];
        algorithm.CopyTo(toSign);
        Convert.TryToHexStringLower(expected, toSign[algorithm.Length..], out _);
        HMACSHA256.HashData(secret, toSign, expected);
        return CryptographicOperations.FixedTimeEquals(given, expected);
    }

    /// <summary>Appends the canonical request; false if the list of signed headers cannot be right.</summary>
    internal static bool TryCanonicalize(AliyunRequest request, Acs3Signed acs3, PooledBuffer text)
    {
        text.Append(request.Method);
        text.Append("\n/\n"u8);
        AppendQuery(request.Parameters, text);
        text.Append("\n"u8);
        if (!TryAppendHeaders(acs3, text)) return false;
        text.Append("\n"u8);
        text.Append(acs3.SignedHeaders);
        text.Append("\n"u8);
        Convert.TryToHexStringLower(acs3.BodyHash, text.GetSpan(2 * SHA256.HashSizeInBytes), out int written);
        text.Advance(written);
        return true;
    }

    private static void AppendQuery(Parameters parameters, PooledBuffer text)
    {
        bool isFirst = true;
        for (int i = 0; i < parameters.Count; i++)
        {
            if (!parameters.IsInQuery(i)) continue;
            if (!isFirst) text.Append("&"u8);
            isFirst = false;
            PercentCoding.Encode(parameters.Name(i), text);
            text.Append("="u8);
            PercentCoding.Encode(parameters.Value(i), text);
        }
    }

    /// <summary>
    /// Every header that the client listed, in the order of the list, which has to be the sorted one. What
    /// decides about the request has to be listed: a header that came unsigned could be anybody's.
    /// </summary>
    private static bool TryAppendHeaders(Acs3Signed acs3, PooledBuffer text)
    {
        ReadOnlySpan<char> list = acs3.SignedHeaders;
        string previous = "";
        int count = 0;
        int signed = 0;
        foreach (Range range in list.Split(';'))
        {
            string name = list[range].ToString();
            if (++count > MostSignedHeaders || string.CompareOrdinal(name, previous) <= 0) return false;
            previous = name;

            StringValues values = acs3.Headers[name];
            if (values.Count != 1) return false;
            text.Append(name);
            text.Append(":"u8);
            text.Append(values[0].AsSpan().Trim());
            text.Append("\n"u8);
            if (Array.IndexOf(s_mustBeSigned, name) >= 0) signed++;
        }

        int present = 0;
        foreach (string name in s_mustBeSigned)
        {
            if (acs3.Headers.ContainsKey(name)) present++;
        }

        return signed == present;
    }

    private static bool IsOfThisBody(Acs3Signed acs3)
    {
        StringValues claimed = acs3.Headers[ContentHash];
        if (claimed.Count == 0) return true;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        return claimed.Count == 1
            && TryReadHash(claimed[0].AsSpan().Trim(), hash)
            && CryptographicOperations.FixedTimeEquals(hash, acs3.BodyHash);
    }

    private static bool TryReadHash(ReadOnlySpan<char> hex, Span<byte> hash) =>
        Convert.FromHexString(hex, hash, out int read, out int written) == OperationStatus.Done
        && read == hex.Length && written == SHA256.HashSizeInBytes;
}
