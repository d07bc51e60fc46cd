using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;

namespace KmsActors.Server;

/// <summary>The header Repr-Digest (RFC 9530) with a SHA-256 in it, and nothing else.</summary>
internal static class ReprDigest
{
    public const string Header = "Repr-Digest";

    private const string Begin = "sha-256=:";
    private const string End = ":";

    /// <summary>The header's value.</summary>
    public static string Of(ReadOnlySpan<byte> hash) => $"{Begin}{Convert.ToBase64String(hash)}{End}";

    /// <summary>Reads it: null when there is none; false when it is something else.</summary>
    public static bool TryRead(StringValues header, out byte[]? hash)
    {
        hash = null;
        if (header.Count == 0) return true;
        if (header is not [{ } value] || value.Length != Of(new byte[SHA256.HashSizeInBytes]).Length) return false;
        var read = new byte[SHA256.HashSizeInBytes];
        var isRead = value.StartsWith(Begin, StringComparison.Ordinal)
            && value.EndsWith(End, StringComparison.Ordinal)
            && Convert.TryFromBase64String(value[Begin.Length..^End.Length], read, out var written)
            && written == read.Length;
        if (isRead) hash = read;
        return isRead;
    }
}
