using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;

namespace KmsActors.Protocols.Huawei;

/// <summary>
/// <c>Authorization: SDK-HMAC-SHA256 Access=…, SignedHeaders=a;b;c, Signature=…</c>, in exactly the form in
/// which the vendor's signers write it.
/// </summary>
/// <param name="AccessKeyId">Who says to have signed.</param>
/// <param name="SignedHeaders">The names of the signed headers: lower-case, sorted, each once.</param>
/// <param name="Signature">The signature.</param>
internal sealed record SdkAuthorization(string AccessKeyId, string[] SignedHeaders, byte[] Signature)
{
    /// <summary>The longest header that is looked at, in characters.</summary>
    public const int Longest = 4096;

    /// <summary>The longest access key id, in characters.</summary>
    public const int LongestAccessKeyId = 128;

    /// <summary>The most headers a client may sign.</summary>
    public const int MostSignedHeaders = 64;

    /// <summary>The only algorithm. That with derived keys, which clients can be told to use, is V11-….</summary>
    public const string Algorithm = "SDK-HMAC-SHA256";

    private static readonly SearchValues<char> AccessKeyCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    // What RFC 9110 lets a name be made of, but for capitals.
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~");

    /// <summary>Reads the header; null for whatever is not that, or too much of it.</summary>
    public static SdkAuthorization? Parse(StringValues header)
    {
        ReadOnlySpan<char> text = header.Count == 1 ? header[0] : default;
        if (text.Length > Longest
            || !TryTake(ref text, Algorithm + " Access=", out var nothing) || nothing.Length != 0
            || !TryTake(ref text, ", SignedHeaders=", out var accessKeyId)
            || !TryTake(ref text, ", Signature=", out var list))
            return null;

        if (accessKeyId.Length is < 1 or > LongestAccessKeyId) return null;
        if (accessKeyId.ContainsAnyExcept(AccessKeyCharacters)) return null;
        if (Names(list) is not { } names) return null;
        var signature = new byte[SHA256.HashSizeInBytes];
        return text.Length == 2 * signature.Length
            && Convert.FromHexString(text, signature, out _, out _) == OperationStatus.Done
            ? new SdkAuthorization(accessKeyId.ToString(), names, signature)
            : null;
    }

    private static bool TryTake(ref ReadOnlySpan<char> text, string separator, out ReadOnlySpan<char> before)
    {
        var at = text.IndexOf(separator, StringComparison.Ordinal);
        before = at < 0 ? default : text[..at];
        text = at < 0 ? default : text[(at + separator.Length)..];
        return at >= 0;
    }

    // The two that decide whom a request is for and when have to be among them; what else is signed is the
    // client's choice.
    private static string[]? Names(ReadOnlySpan<char> list)
    {
        var names = new List<string>();
        foreach (var range in list.Split(';'))
        {
            var name = list[range];
            if (names.Count == MostSignedHeaders) return null;
            if (name.IsEmpty || name.ContainsAnyExcept(NameCharacters)) return null;
            names.Add(name.ToString());
            if (names.Count > 1 && string.CompareOrdinal(names[^2], names[^1]) >= 0) return null;
        }

        return names.Contains("host") && names.Contains("x-sdk-date") ? [.. names] : null;
    }
}
