using System.Buffers.Binary;
using System.Security.Cryptography;

namespace KmsActors.Hsa.Pkcs11;

/// <summary>
/// EME-OAEP decoding with SHA-256, MGF1 with SHA-256 and no label (RFC 8017, 7.1.2, step 3), for tokens that have RSA
/// itself but not this padding.
/// </summary>
internal static class Oaep
{
    private const int HashSize = SHA256.HashSizeInBytes;

    /// <summary>
    /// The message, which the caller disposes; null if it is not encoded so. No branch and no address depends on the
    /// bytes until it is known whether all is well: who learns why it is not can decrypt (Manger 2001).
    /// </summary>
    /// <param name="encoded">What RSA decrypts to, as long as the modulus; it is zeroed.</param>
    public static SecretBytes? TryDecode(Span<byte> encoded)
    {
        try
        {
            if (encoded.Length < (2 * HashSize) + 2)
                return null;
            Span<byte> seed = encoded.Slice(1, HashSize);
            Span<byte> block = encoded[(1 + HashSize)..];
            Mask(block, seed);
            Mask(seed, block);

            Span<byte> hash = stackalloc byte[HashSize];
            SHA256.HashData([], hash);
            int wrong = encoded[0];
            for (int i = 0; i < HashSize; i++)
                wrong |= block[i] ^ hash[i];

            // Zeros, a one, then the message: after the one, nothing matters.
            int start = 0;
            int searching = -1;
            for (int i = HashSize; i < block.Length; i++)
            {
                int isOne = IsZero(block[i] ^ 1);
                int isZero = IsZero(block[i]);
                start |= (i + 1) & isOne & searching;
                wrong |= searching & ~isOne & ~isZero;
                searching &= ~isOne;
            }

            wrong |= searching;
            return wrong == 0 && start < block.Length ? SecretBytes.CopyOf(block[start..]) : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(encoded);
        }
    }

    // All ones if it is 0, of 8 bits, or else all zeros.
    private static int IsZero(int value) => (value - 1) >> 31;

    // MGF1 (RFC 8017, B.2.1), laid over the target.
    private static void Mask(Span<byte> seed, Span<byte> target)
    {
        Span<byte> input = stackalloc byte[seed.Length + sizeof(int)];
        Span<byte> mask = stackalloc byte[HashSize];
        seed.CopyTo(input);
        for (int at = 0; at < target.Length; at += HashSize)
        {
            BinaryPrimitives.WriteInt32BigEndian(input[seed.Length..], at / HashSize);
            SHA256.HashData(input, mask);
            for (int i = 0; i < Math.Min(HashSize, target.Length - at); i++)
                target[at + i] ^= mask[i];
        }

        CryptographicOperations.ZeroMemory(input);
        CryptographicOperations.ZeroMemory(mask);
    }
}
