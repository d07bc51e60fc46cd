using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC;
using Org.BouncyCastle.Utilities;
using ECPoint = Org.BouncyCastle.Math.EC.ECPoint;

namespace KmsActors.Hsa.ShangMi;

/// <summary>
/// SM2 signatures (GB/T 32918.2) of a digest, SM3 over Z and the message. A signature is DER, SEQUENCE of r
/// and s.
/// </summary>
internal static class Sm2Signature
{
    // Each number takes 32 bytes, a sign, and two of tag and length; so does the whole.
    private const int MostSize = 72;

    // The id of a signer who has agreed on no other (GM/T 0009-2012, 10), behind its length in bits.
    private static readonly byte[] SignerId = [0, 128, .. "1234567812345678"u8];

    /// <summary>SM3 over Z, which is of the signer, and the message (GB/T 32918.2, 5.5).</summary>
    /// <param name="publicKey">64 bytes.</param>
    /// <param name="message">Any bytes.</param>
    public static byte[] Digest(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message)
    {
        byte[] digest = new byte[Sm3.HashSize];
        Sm3.Hash([.. SignerId, .. Sm2Curve.Description, .. publicKey], digest);
        Sm3.Hash([.. digest, .. message], digest);
        return digest;
    }

    /// <summary>Signs.</summary>
    /// <param name="privateKey">32 bytes.</param>
    /// <param name="digest">32 bytes.</param>
    public static byte[] Sign(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> digest)
    {
        Span<byte> once = stackalloc byte[Sm2Curve.ScalarSize];
        try
        {
            while (true)
            {
                Sm2Curve.FillScalar(once);
                if (TrySign(privateKey, digest, once) is { } signature)
                    return signature;
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(once);
        }
    }

    /// <summary>
    /// Signs with the standard's k, <paramref name="once"/>; null for one that the standard has not used.
    /// </summary>
    internal static byte[]? TrySign(
        ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> once)
    {
        BigInteger n = Sm2Curve.Order;
        BigInteger k = Sm2Curve.Read(once);
        BigInteger x = Sm2Curve.MultiplyGenerator(k).AffineXCoord.ToBigInteger();
        BigInteger r = Sm2Curve.Read(digest).Add(x).Mod(n);
        if (r.SignValue == 0 || r.Add(k).Equals(n))
            return null;

        // The standard's (k - rd) / (1 + d), with the private key d in one place.
        BigInteger inverse = BigIntegers.ModOddInverse(n, Sm2Curve.Read(privateKey).Add(BigInteger.One));
        BigInteger s = inverse.Multiply(k.Add(r)).Subtract(r).Mod(n);
        return s.SignValue == 0 ? null : Encode(r, s);
    }

    /// <summary>Whether the signature is good; false for whatever is none.</summary>
    /// <param name="publicKey">A point on the curve.</param>
    /// <param name="digest">32 bytes.</param>
    /// <param name="signature">Any bytes.</param>
    public static bool Verify(
        ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        if (!TryDecode(signature, out BigInteger r, out BigInteger s)
            || Sm2Curve.TryReadPoint(publicKey) is not { } point)
            return false;
        BigInteger n = Sm2Curve.Order;
        BigInteger t = r.Add(s).Mod(n);
        if (t.SignValue == 0)
            return false;
        ECPoint sum = ECAlgorithms.SumOfTwoMultiplies(Sm2Curve.Generator, s, point, t).Normalize();
        return !sum.IsInfinity
            && Sm2Curve.Read(digest).Add(sum.AffineXCoord.ToBigInteger()).Mod(n).Equals(r);
    }

    private static byte[] Encode(BigInteger r, BigInteger s)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(r.ToByteArray());
            writer.WriteInteger(s.ToByteArray());
        }

        return writer.Encode();
    }

    private static bool TryDecode(ReadOnlySpan<byte> signature, out BigInteger r, out BigInteger s)
    {
        r = s = BigInteger.Zero;
        if (signature.Length > MostSize)
            return false;
        try
        {
            AsnDecoder.ReadSequence(signature, AsnEncodingRules.DER, out int at, out int length, out int read);
            if (read != signature.Length)
                return false;
            ReadOnlySpan<byte> numbers = signature.Slice(at, length);
            r = ReadNumber(ref numbers);
            s = ReadNumber(ref numbers);
            return numbers.IsEmpty && IsInRange(r) && IsInRange(s);
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    private static BigInteger ReadNumber(ref ReadOnlySpan<byte> numbers)
    {
        ReadOnlySpan<byte> number = AsnDecoder.ReadIntegerBytes(numbers, AsnEncodingRules.DER, out int read);
        numbers = numbers[read..];
        return new BigInteger(number.ToArray());
    }

    private static bool IsInRange(BigInteger number) =>
        number.SignValue > 0 && number.CompareTo(Sm2Curve.Order) < 0;
}
