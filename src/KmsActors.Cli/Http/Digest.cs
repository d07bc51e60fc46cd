using System.Security.Cryptography;

namespace KmsActors.Cli;

/// <summary>The header Repr-Digest (RFC 9530) with a SHA-256.</summary>
internal static class Digest
{
    public const string Header = "Repr-Digest";

    private const string Begin = "sha-256=:";
    private const string End = ":";

    public static string TextOf(ReadOnlySpan<byte> hash) => $"{Begin}{Convert.ToBase64String(hash)}{End}";

    /// <summary>What an answer says of its body; null if it says nothing.</summary>
    public static byte[]? Of(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues(Header, out var values)) return null;
        var text = string.Join(',', values);
        var hash = new byte[SHA256.HashSizeInBytes];
        return text.StartsWith(Begin, StringComparison.Ordinal)
            && text.EndsWith(End, StringComparison.Ordinal)
            && text.Length > Begin.Length
            && Convert.TryFromBase64String(text[Begin.Length..^End.Length], hash, out var length)
            && length == hash.Length
                ? hash
                : null;
    }
}
