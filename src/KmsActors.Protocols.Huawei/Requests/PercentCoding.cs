using System.Buffers;
using System.Text;

namespace KmsActors.Protocols.Huawei;

/// <summary>Percent-encoding of RFC 3986, in which paths and queries come and are signed.</summary>
internal static class PercentCoding
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>All but letters, digits and -_.~ as %XY.</summary>
    public static string Encode(string text) => Uri.EscapeDataString(text);

    /// <summary>The decoded text, or null: an escape that is cut short or not hexadecimal, or not UTF-8.</summary>
    public static string? Decode(ReadOnlySpan<char> text)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            var length = 0;
            while (!text.IsEmpty)
            {
                var run = text.IndexOf('%');
                if (run < 0) run = text.Length;
                length += StrictUtf8.GetBytes(text[..run], bytes.AsSpan(length));
                text = text[run..];
                if (text.IsEmpty) break;
                if (text.Length < 3) return null;
                var escape = text[1..3];
                if (Convert.FromHexString(escape, bytes.AsSpan(length), out _, out _) != OperationStatus.Done)
                    return null;
                length++;
                text = text[3..];
            }

            return StrictUtf8.GetString(bytes, 0, length);
        }
        catch (Exception notUnicode) when (notUnicode is EncoderFallbackException or DecoderFallbackException)
        {
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>As <see cref="Decode"/>, with '+' for a space as in a query.</summary>
    public static string? DecodeQuery(ReadOnlySpan<char> text) =>
        Decode(text.Contains('+') ? text.ToString().Replace('+', ' ') : text);
}
