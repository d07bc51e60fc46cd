using System.Security.Cryptography;
using Org.BouncyCastle.Math;
using ECPoint = Org.BouncyCastle.Math.EC.ECPoint;

namespace KmsActors.Hsa.ShangMi;

/// <summary>
/// SM2 encryption (GB/T 32918.4): 04, then C1 (a point, 64 bytes), C3 (a hash, 32) and C2 (as long as the
/// plaintext).
/// </summary>
internal static class Sm2Encryption
{
    /// <summary>Bytes that a ciphertext is longer than its plaintext.</summary>
    public const int Overhead = TextAt;

    private const byte Uncompressed = 4;
    private const int PointAt = 1;
    private const int HashAt = PointAt + Sm2Curve.PointSize;
    private const int TextAt = HashAt + Sm3.HashSize;

    /// <summary>Encrypts.</summary>
    /// <param name="publicKey">A point on the curve.</param>
    /// <param name="plaintext">1 byte or more.</param>
    public static byte[] Encrypt(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> plaintext)
    {
        Span<byte> once = stackalloc byte[Sm2Curve.ScalarSize];
        try
        {
            while (true)
            {
                Sm2Curve.FillScalar(once);
                if (TryEncrypt(publicKey, plaintext, once) is { } ciphertext)
                    return ciphertext;
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(once);
        }
    }

    /// <summary>
    /// Encrypts with the standard's k, <paramref name="once"/>; null for one that would leave the plaintext
    /// as it is.
    /// </summary>
    internal static byte[]? TryEncrypt(
        ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> once)
    {
        ECPoint point = Sm2Curve.TryReadPoint(publicKey)
            ?? throw new ArgumentException("The public key is not on the curve.", nameof(publicKey));
        BigInteger k = Sm2Curve.Read(once);
        byte[] ciphertext = new byte[Overhead + plaintext.Length];
        ciphertext[0] = Uncompressed;
        Sm2Curve.WritePoint(Sm2Curve.MultiplyGenerator(k), ciphertext.AsSpan(PointAt, Sm2Curve.PointSize));
        using SharedSecret shared = new(point.Multiply(k));
        if (!shared.TryMask(plaintext, ciphertext.AsSpan(TextAt)))
            return null;
        shared.Hash(plaintext, ciphertext.AsSpan(HashAt, Sm3.HashSize));
        return ciphertext;
    }

    /// <summary>Decrypts; the caller disposes the result. Null for whatever does not decrypt.</summary>
    /// <param name="privateKey">32 bytes.</param>
    /// <param name="ciphertext">Any bytes; more than <see cref="KeyTypes.MostCiphertext"/> are none of ours.</param>
    public static SecretBytes? TryDecrypt(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> ciphertext)
    {
        if (ciphertext.Length is <= Overhead or > KeyTypes.MostCiphertext
            || ciphertext[0] != Uncompressed
            || Sm2Curve.TryReadPoint(ciphertext[PointAt..HashAt]) is not { } point)
            return null;
        using SharedSecret shared = new(Sm2Curve.Multiply(point, Sm2Curve.Read(privateKey)));
        SecretBytes plaintext = SecretBytes.OfLength(ciphertext.Length - Overhead);
        Span<byte> hash = stackalloc byte[Sm3.HashSize];
        if (shared.TryMask(ciphertext[TextAt..], plaintext.Writable))
        {
            shared.Hash(plaintext.Span, hash);
            if (CryptographicOperations.FixedTimeEquals(hash, ciphertext[HashAt..TextAt]))
                return plaintext;
        }

        plaintext.Dispose();
        return null;
    }

    /// <summary>The point that both sides know: the standard's x2 and y2.</summary>
    private readonly ref struct SharedSecret
    {
        private readonly byte[] _point = new byte[Sm2Curve.PointSize];

        public SharedSecret(ECPoint point) => Sm2Curve.WritePoint(point, _point);

        /// <summary>The text under the key that the point gives; false when that is all zeros.</summary>
        public bool TryMask(ReadOnlySpan<byte> text, Span<byte> masked)
        {
            Sm3.DeriveKey(_point, masked);
            if (!masked.ContainsAnyExcept((byte)0))
                return false;
            for (int i = 0; i < masked.Length; i++)
                masked[i] ^= text[i];
            return true;
        }

        /// <summary>The hash of x2, plaintext and y2.</summary>
        public void Hash(ReadOnlySpan<byte> plaintext, Span<byte> hash)
        {
            byte[] hashed = new byte[Sm2Curve.PointSize + plaintext.Length];
            _point.AsSpan(0, Sm2Curve.ScalarSize).CopyTo(hashed);
            plaintext.CopyTo(hashed.AsSpan(Sm2Curve.ScalarSize));
            _point.AsSpan(Sm2Curve.ScalarSize).CopyTo(hashed.AsSpan(Sm2Curve.ScalarSize + plaintext.Length));
            Sm3.Hash(hashed, hash);
            CryptographicOperations.ZeroMemory(hashed);
        }

        public void Dispose() => CryptographicOperations.ZeroMemory(_point);
    }
}
