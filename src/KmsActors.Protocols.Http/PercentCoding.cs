using System.Buffers;
using KmsActors.Hsa;

namespace KmsActors.Protocols.Http;

/// <summary>
/// Percent-encoding, of forms and as seed 001, 1.4 has it in signatures: RFC 3986 unreserved stays, all else is
/// %XY.
/// </summary>
internal static class PercentCoding
{
    private static readonly SearchValues<byte> s_unreserved = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"u8);

    /// <summary>
    /// Decodes where it stands, '+' being a space. Returns the length that is left, or -1 for an escape
    /// that is cut short or not hexadecimal.
    /// </summary>
    public static int DecodeInPlace(Span<byte> text)
    {
        int read = 0;
        int written = 0;
        while (true)
        {
            int run = text[read..].IndexOfAny((byte)'%', (byte)'+');
            if (run < 0) run = text.Length - read;
            if (read != written) text.Slice(read, run).CopyTo(text[written..]);
            read += run;
            written += run;
            if (read == text.Length) return written;

            if (text[read] == '+')
            {
                text[written++] = (byte)' ';
                read++;
                continue;
            }

            if (text.Length - read < 3) return -1;
            int high = Nibble(text[read + 1]);
            int low = Nibble(text[read + 2]);
            if ((high | low) < 0) return -1;
            text[written++] = (byte)((high << 4) | low);
            read += 3;
        }
    }

    /// <summary>Appends the encoded form.</summary>
    public static void Encode(ReadOnlySpan<byte> value, PooledBuffer to) => Encode(value, to, "%"u8);

    /// <summary>
    /// Appends the encoded form of the encoded form, as the string to sign of RPC 1.0 wants it: an
    /// unreserved byte is still itself, and of an escape only the '%' is encoded again.
    /// </summary>
    public static void EncodeTwice(ReadOnlySpan<byte> value, PooledBuffer to) => Encode(value, to, "%25"u8);

    private static void Encode(ReadOnlySpan<byte> value, PooledBuffer to, ReadOnlySpan<byte> escape)
    {
        Span<byte> span = to.GetSpan(value.Length * (escape.Length + 2));
        int written = 0;
        while (!value.IsEmpty)
        {
            int run = value.IndexOfAnyExcept(s_unreserved);
            if (run < 0) run = value.Length;
            value[..run].CopyTo(span[written..]);
            written += run;
            value = value[run..];

            // Reserved bytes come in runs too: a character outside ASCII is two to four of them.
            while (!value.IsEmpty && !s_unreserved.Contains(value[0]))
            {
                escape.CopyTo(span[written..]);
                written += escape.Length;
                span[written++] = Digit(value[0] >> 4);
                span[written++] = Digit(value[0] & 15);
                value = value[1..];
            }
        }

        to.Advance(written);
    }

    private static int Nibble(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        _ => -1,
    };

    private static byte Digit(int nibble) => "0123456789ABCDEF"u8[nibble];
}
