using System.Buffers.Binary;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Digests;

namespace KmsActors.Hsa.ShangMi;

/// <summary>The hash SM3 (GB/T 32905), and the key derivation that SM2 builds on it (GB/T 32918.4).</summary>
internal static class Sm3
{
    /// <summary>Bytes of a hash.</summary>
    public const int HashSize = 32;

    /// <summary>Hashes.</summary>
    public static void Hash(byte[] data, Span<byte> hash)
    {
        SM3Digest digest = new();
        digest.BlockUpdate(data, 0, data.Length);
        byte[] result = new byte[HashSize];
        digest.DoFinal(result, 0);
        result.CopyTo(hash);
    }

    /// <summary>Fills <paramref name="key"/>: hashes of the secret and a counter from 1, one by one.</summary>
    public static void DeriveKey(byte[] secret, Span<byte> key)
    {
        SM3Digest start = new();
        start.BlockUpdate(secret, 0, secret.Length);
        SM3Digest digest = new();
        byte[] counter = new byte[sizeof(uint)];
        byte[] block = new byte[HashSize];
        for (uint i = 1; !key.IsEmpty; i++)
        {
            // SM2's secret is one block of SM3: so each hash costs one more, not two.
            digest.Reset(start);
            BinaryPrimitives.WriteUInt32BigEndian(counter, i);
            digest.BlockUpdate(counter, 0, counter.Length);
            digest.DoFinal(block, 0);
            int length = Math.Min(HashSize, key.Length);
            block.AsSpan(0, length).CopyTo(key);
            key = key[length..];
        }

        start.Reset();
        CryptographicOperations.ZeroMemory(block);
    }
}
