using System.Security.Cryptography;
using KmsActors.Hsa.Pkcs11;

namespace KmsActors.Hsa.Tests.Pkcs11;

/// <summary>EME-OAEP (RFC 8017, 7.1) with SHA-256, encoded here as the specification says.</summary>
public sealed class OaepTests
{
    private const int Size = 256;

    [Fact]
    public void TryDecode_MessageOfEachLength_IsTheMessageAndTheInputZeroed()
    {
        for (int length = 1; length <= Size - 66; length++)
        {
            byte[] message = RandomNumberGenerator.GetBytes(length);
            byte[] encoded = Encode([.. SHA256.HashData([]), .. new byte[Size - 66 - length], 1, .. message]);
            using SecretBytes? decoded = Oaep.TryDecode(encoded);
            Assert.Equal(message, decoded!.Span.ToArray());
            Assert.Equal(new byte[Size], encoded);
        }
    }

    [Fact]
    public void TryDecode_AnythingElse_IsNull()
    {
        byte[] hash = SHA256.HashData([]);
        byte[] zeros = new byte[Size - 66 - 32];
        Assert.NotNull(Oaep.TryDecode(Encode([.. hash, .. zeros, 1, .. new byte[32]])));
        Assert.Null(Oaep.TryDecode(Encode([.. hash, .. zeros, 1, .. new byte[32]], first: 1)));
        Assert.Null(Oaep.TryDecode(Encode([.. SHA256.HashData([1]), .. zeros, 1, .. new byte[32]])));
        Assert.Null(Oaep.TryDecode(Encode([.. hash, .. zeros, 2, .. new byte[32]])));
        Assert.Null(Oaep.TryDecode(Encode([.. hash, 2, .. zeros[1..], 1, .. new byte[32]])));
        Assert.Null(Oaep.TryDecode(Encode([.. hash, .. zeros, 0, .. new byte[32]])));

        // An empty message, which nobody sends.
        Assert.Null(Oaep.TryDecode(Encode([.. hash, .. zeros, .. new byte[32], 1])));
        Assert.Null(Oaep.TryDecode(new byte[10]));
        Assert.Null(Oaep.TryDecode(RandomNumberGenerator.GetBytes(Size)));
    }

    private static byte[] Encode(byte[] block, byte first = 0)
    {
        byte[] seed = RandomNumberGenerator.GetBytes(32);
        byte[] maskedBlock = Xor(block, Mgf1(seed, block.Length));
        byte[] encoded = [first, .. Xor(seed, Mgf1(maskedBlock, 32)), .. maskedBlock];
        Assert.Equal(Size, encoded.Length);
        return encoded;
    }

    private static byte[] Mgf1(byte[] seed, int length) =>
    [
        .. Enumerable.Range(0, (length + 31) / 32)
            .SelectMany(i => SHA256.HashData([.. seed, 0, 0, 0, (byte)i])).Take(length),
    ];

    private static byte[] Xor(byte[] one, byte[] other) => [.. one.Zip(other, (a, b) => (byte)(a ^ b))];
}
