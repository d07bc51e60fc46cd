using System.Formats.Asn1;
using System.Numerics;

namespace KmsActors.Server.Tests;

/// <summary>A signature on a curve, taken apart and put together otherwise.</summary>
internal sealed record DerSignature(BigInteger R, BigInteger S)
{
    public static DerSignature Of(byte[] der)
    {
        var reader = new AsnReader(der, AsnEncodingRules.DER);
        var sequence = reader.ReadSequence();
        var signature = new DerSignature(sequence.ReadInteger(), sequence.ReadInteger());
        sequence.ThrowIfNotEmpty();
        reader.ThrowIfNotEmpty();
        return signature;
    }

    /// <summary>The order of the curve's group.</summary>
    public static BigInteger OrderOf(string spec) => new(
        Convert.FromHexString(spec switch
        {
            "EC_P256" => "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551",
            "EC_P256K" => "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141",
            _ => "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123",
        }),
        isUnsigned: true, isBigEndian: true);

    public byte[] Encode()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(R);
            writer.WriteInteger(S);
        }

        return writer.Encode();
    }

    /// <summary>What says the same, or nearly, but is not how DER would have it; and what says nonsense.</summary>
    public IEnumerable<byte[]> Distorted(BigInteger order)
    {
        var der = Encode();
        var (r, s) = (Integer(R), Integer(S));
        // Lengths in the long form, of indefinite length, with a zero too many, not one sequence, or more of it.
        yield return [0x30, 0x81, .. der[1..]];
        yield return [0x30, 0x82, 0, .. der[1..]];
        yield return [0x30, 0x80, .. der[2..], 0, 0];
        yield return Sequence([0x02, (byte)(r[1] + 1), 0, .. r[2..], .. s]);
        yield return Sequence([.. r, 0x02, (byte)(s[1] + 1), 0, .. s[2..]]);
        yield return Sequence([.. r, .. s, 0x05, 0x00]);
        yield return Sequence([.. r, .. s, .. s]);
        yield return Sequence(r);
        yield return Sequence([]);
        yield return [0x31, .. der[1..]];
        yield return [.. r, .. s];
        yield return [.. der, 0x05, 0x00];
        // Not DER at all: r and s side by side.
        yield return [.. Plain(R), .. Plain(S)];
        // Out of range.
        foreach (var (otherR, otherS) in new[]
        {
            (R, BigInteger.Zero), (BigInteger.Zero, S), (BigInteger.Zero, BigInteger.Zero), (R, order), (order, S),
            (R + order, S), (R, S + order), (-R, S), (R, -S), (R - order, S), (BigInteger.One, BigInteger.One), (S, R),
            (R + 1, S), (R, S + 1), (order - R, S), (R, BigInteger.One << 2000),
        })
        {
            yield return new DerSignature(otherR, otherS).Encode();
        }
    }

    private static byte[] Integer(BigInteger number)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteInteger(number);
        return writer.Encode();
    }

    private static byte[] Sequence(byte[] content) => [0x30, (byte)content.Length, .. content];

    private static byte[] Plain(BigInteger number)
    {
        var bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[32 - bytes.Length], .. bytes];
    }
}
