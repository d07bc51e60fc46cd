using System.Security.Cryptography;

namespace KmsActors.Hsa.Tests;

/// <summary>The vectors of the C2SP specification XAES-256-GCM.</summary>
public sealed class Xaes256GcmTests
{
    private static readonly byte[] Nonce = "ABCDEFGHIJKLMNOPQRSTUVWX"u8.ToArray();
    private static readonly byte[] Plaintext = "XAES-256-GCM"u8.ToArray();

    public static TheoryData<byte, string, string, string, string> Vectors => new()
    {
        {
            0x01,
            "",
            "e531954aca063d5b8d9c47a47d4cc6f0",
            "c8612c9ed53fe43e8e005b828a1631a0bbcb6ab2f46514ec4f439fcfd0fa969b",
            "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271"
        },
        {
            0x03,
            "c2sp.org/XAES-256-GCM",
            "23810ec50edb99f374409466ed1f4b7b",
            "e9c621d4cdd9b11b00a6427ad7e559aeedd66b3857646677748f8ca796cb3fd8",
            "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d"
        },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Encrypt_PublishedVector_MatchesEveryStep(
        byte key, string associated, string k1, string subkey, string output)
    {
        byte[] keyBytes = Fixtures.Filled(32, key);
        byte[] associatedData = System.Text.Encoding.ASCII.GetBytes(associated);

        byte[] actualK1 = new byte[16];
        Xaes256Gcm.DeriveK1(keyBytes, actualK1);
        Assert.Equal(k1, Convert.ToHexStringLower(actualK1));

        using Xaes256Gcm cipher = new(keyBytes);
        byte[] actualSubkey = new byte[32];
        cipher.Derive((byte)'X', Nonce.AsSpan(0, 12), actualSubkey);
        Assert.Equal(subkey, Convert.ToHexStringLower(actualSubkey));

        byte[] sealedBytes = Encrypt(cipher, Nonce, Plaintext, associatedData);
        Assert.Equal(output, Convert.ToHexStringLower(sealedBytes));

        byte[] opened = new byte[Plaintext.Length];
        Assert.True(cipher.TryDecrypt(
            Nonce,
            sealedBytes.AsSpan(0, opened.Length),
            sealedBytes.AsSpan(opened.Length),
            opened,
            associatedData));
        Assert.Equal(Plaintext, opened);
    }

    [Fact]
    public void Encrypt_TenThousandAccumulatedVectors_MatchPublishedDigest()
    {
        const int count = 10_000;
        const int mostPerVector = 32 + 24 + 1 + 255 + 1 + 255;
        // Reading a SHAKE piecemeal needs a newer OpenSSL than some systems have; one long digest does not.
        ReadOnlySpan<byte> random = Shake128.HashData([], count * mostPerVector);
        using Shake128 digest = new();
        for (int i = 0; i < count; i++)
        {
            using Xaes256Gcm cipher = new(Take(ref random, 32));
            ReadOnlySpan<byte> nonce = Take(ref random, 24);
            ReadOnlySpan<byte> plaintext = Take(ref random, Take(ref random, 1)[0]);
            ReadOnlySpan<byte> associated = Take(ref random, Take(ref random, 1)[0]);
            digest.AppendData(Encrypt(cipher, nonce, plaintext, associated));
        }

        Assert.Equal(
            "e6b9edf2df6cec60c8cbd864e2211b597fb69a529160cd040d56c0c210081939",
            Convert.ToHexStringLower(digest.GetHashAndReset(32)));
    }

    [Fact]
    public void TryDecrypt_DamagedTag_IsFalseAndZeroesPlaintext()
    {
        using Xaes256Gcm cipher = new(Fixtures.Filled(32, 1));
        byte[] sealedBytes = Encrypt(cipher, Nonce, Plaintext, []);
        sealedBytes[^1] ^= 1;
        byte[] opened = Fixtures.Filled(Plaintext.Length, 0xEE);

        Assert.False(cipher.TryDecrypt(
            Nonce, sealedBytes.AsSpan(0, opened.Length), sealedBytes.AsSpan(opened.Length), opened, []));
        Assert.Equal(new byte[Plaintext.Length], opened);
    }

    [Fact]
    public void Derive_AnotherLabel_GivesUnrelatedBytes()
    {
        using Xaes256Gcm cipher = new(Fixtures.Filled(32, 1));
        byte[] one = new byte[32];
        byte[] other = new byte[32];
        cipher.Derive((byte)'X', Nonce.AsSpan(0, 12), one);
        cipher.Derive((byte)'F', Nonce.AsSpan(0, 12), other);
        Assert.NotEqual(one, other);
        Assert.NotEqual(one[..16], other[..16]);
        Assert.NotEqual(one[16..], other[16..]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(33)]
    public void Constructor_KeyNot32Bytes_Throws(int length) =>
        Assert.Throws<ArgumentException>(() => new Xaes256Gcm(new byte[length]));

    [Fact]
    public void Encrypt_AfterDispose_Throws()
    {
        Xaes256Gcm cipher = new(Fixtures.Filled(32, 1));
        cipher.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Encrypt(cipher, Nonce, Plaintext, []));
    }

    private static byte[] Encrypt(
        Xaes256Gcm cipher,
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> plaintext,
        ReadOnlySpan<byte> associated)
    {
        byte[] output = new byte[plaintext.Length + 16];
        cipher.Encrypt(
            nonce,
            plaintext,
            output.AsSpan(0, plaintext.Length),
            output.AsSpan(plaintext.Length),
            associated);
        return output;
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> source, int length)
    {
        ReadOnlySpan<byte> taken = source[..length];
        source = source[length..];
        return taken;
    }
}
