using System.Buffers;
using System.Buffers.Text;

namespace KmsActors.Protocols.Http;

/// <summary>Base64 of RFC 4648, 4, and nothing more lenient: no white space, no spare bits, full padding.</summary>
internal static class Base64Text
{
    /// <summary>How many bytes the text stands for if it is canonical.</summary>
    public static int MostBytes(ReadOnlySpan<byte> text)
    {
        var padding = text.EndsWith("=="u8) ? 2 : text.EndsWith("="u8) ? 1 : 0;
        return (text.Length / 4 * 3) - padding;
    }

    /// <summary>Whether the text is what encoding its bytes gives.</summary>
    public static bool IsCanonical(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text.Length % 4 != 0) return false;
        if (!Base64.IsValid(text, out var length) || length != MostBytes(text)) return false;
        Span<byte> last = stackalloc byte[3];
        Span<byte> again = stackalloc byte[4];
        var status = Base64.DecodeFromUtf8(text[^4..], last, out _, out var written);
        if (status != OperationStatus.Done) return false;
        Base64.EncodeToUtf8(last[..written], again, out _, out _);
        return again.SequenceEqual(text[^4..]);
    }

    /// <summary>Decodes canonical Base64 that fits; false otherwise.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> bytes, out int length)
    {
        length = 0;
        return IsCanonical(text)
            && MostBytes(text) <= bytes.Length
            && Base64.DecodeFromUtf8(text, bytes, out _, out length) == OperationStatus.Done;
    }
}
