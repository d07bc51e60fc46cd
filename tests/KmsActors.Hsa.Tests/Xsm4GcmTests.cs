using System.Buffers.Binary;

namespace KmsActors.Hsa.Tests;

/// <summary>SM4's part of XAES-256-GCM, against OpenSSL's block cipher and arithmetic of its own.</summary>
public sealed class Xsm4GcmTests
{
    private static readonly byte[] Nonce = "ABCDEFGHIJKLMNOPQRSTUVWX"u8.ToArray();

    public static TheoryData<byte, int, int> Cases => new()
    {
        // Keys whose zero block has a top bit of 0 and of 1.
        { 1, 0, 0 }, { 1, 12, 21 }, { 2, 12, 21 }, { 3, 100, 16 }, { 4, 33, 1 }, { 5, 16, 100 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Encrypt_AnyKey_IsTheDocumentedConstruction(byte fill, int length, int associatedLength)
    {
        byte[] key = Fixtures.Filled(16, fill);
        byte[] plaintext = Fixtures.Filled(length, 0x5A);
        byte[] associated = Fixtures.Filled(associatedLength, 0xA5);
        byte[] ciphertext = new byte[length];
        byte[] tag = new byte[16];
        using Xsm4Gcm cipher = new(key);
        cipher.Encrypt(Nonce, plaintext, ciphertext, tag, associated);

        using OpenSsl openSsl = new();
        byte[] messageKey = Derive(openSsl, key, (byte)'X', Nonce[..12], 1);
        (byte[] expected, byte[] expectedTag) = Gcm(openSsl, messageKey, Nonce[12..], plaintext, associated);
        Assert.Equal(expected, ciphertext);
        Assert.Equal(expectedTag, tag);

        byte[] opened = new byte[length];
        Assert.True(cipher.TryDecrypt(Nonce, ciphertext, tag, opened, associated));
        Assert.Equal(plaintext, opened);
    }

    [Fact]
    public void Cases_TopBitOfTheZeroBlock_IsBoth()
    {
        using OpenSsl openSsl = new();
        Assert.Equal(
            [false, true],
            Cases.Select(row => (byte)row[0]).Distinct()
                .Select(fill => Ecb(openSsl, Fixtures.Filled(16, fill), new byte[16])[0] >= 0x80)
                .Distinct().Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Derive_OneOrTwoBlocks_AreTheDocumentedBlocks(int blocks)
    {
        byte[] key = Fixtures.Filled(16, 7);
        using Xsm4Gcm cipher = new(key);
        byte[] output = new byte[16 * blocks];
        cipher.Derive((byte)'F', Nonce.AsSpan(0, 12), output);
        using OpenSsl openSsl = new();
        Assert.Equal(Derive(openSsl, key, (byte)'F', Nonce[..12], blocks), output);
    }

    [Fact]
    public void TryDecrypt_AnyByteChanged_IsFalseAndZeroesPlaintext()
    {
        using Xsm4Gcm cipher = new(Fixtures.Filled(16, 1));
        byte[] plaintext = Fixtures.Filled(40, 0x5A);
        byte[] ciphertext = new byte[40];
        byte[] tag = new byte[16];
        byte[] associated = [1, 2, 3];
        cipher.Encrypt(Nonce, plaintext, ciphertext, tag, associated);
        foreach (byte[] part in new[] { Nonce, ciphertext, tag, associated })
        {
            for (int at = 0; at < part.Length; at++)
            {
                byte[] good = [.. part];
                part[at] ^= 0x80;
                byte[] opened = Fixtures.Filled(40, 0xEE);
                Assert.False(cipher.TryDecrypt(Nonce, ciphertext, tag, opened, associated));
                Assert.Equal(new byte[40], opened);
                good.CopyTo(part, 0);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(32)]
    public void Constructor_KeyNot16Bytes_Throws(int length) =>
        Assert.Throws<ArgumentException>(() => new Xsm4Gcm(new byte[length]));

    private static byte[] Derive(OpenSsl openSsl, byte[] key, byte label, byte[] context, int blocks)
    {
        UInt128 l = Number(Ecb(openSsl, key, new byte[16]));
        UInt128 k1 = (l << 1) ^ (l >> 127 == 1 ? 0x87u : 0u);
        List<byte> input = [];
        for (byte i = 1; i <= blocks; i++)
            input.AddRange(Bytes(Number([0, i, label, 0, .. context]) ^ k1));
        return Ecb(openSsl, key, [.. input]);
    }

    private static (byte[] Ciphertext, byte[] Tag) Gcm(
        OpenSsl openSsl, byte[] key, byte[] nonce, byte[] plaintext, byte[] associated)
    {
        // Counter 1 masks the tag; the text begins at 2.
        byte[] masked = OpenSsl.Run(
            "enc", "-sm4-ctr", "-K", Convert.ToHexString(key), "-iv", Convert.ToHexString([.. nonce, 0, 0, 0, 1]),
            "-in", openSsl.File([.. new byte[16], .. plaintext]));
        byte[] ciphertext = masked[16..];
        UInt128 h = Number(Ecb(openSsl, key, new byte[16]));
        UInt128 hash = UInt128.Zero;
        foreach (byte[] block in associated.Chunk(16).Concat(ciphertext.Chunk(16)))
            hash = Multiply(hash ^ Number([.. block, .. new byte[16 - block.Length]]), h);
        hash = Multiply(hash ^ new UInt128((ulong)associated.Length * 8, (ulong)plaintext.Length * 8), h);
        return (ciphertext, Bytes(hash ^ Number(masked[..16])));
    }

    // SP 800-38D, algorithm 1.
    private static UInt128 Multiply(UInt128 x, UInt128 y)
    {
        UInt128 z = UInt128.Zero;
        for (int i = 127; i >= 0; i--)
        {
            if (((x >> i) & 1) == 1)
                z ^= y;
            y = (y >> 1) ^ ((y & 1) == 1 ? (UInt128)0xE1 << 120 : 0);
        }

        return z;
    }

    private static byte[] Ecb(OpenSsl openSsl, byte[] key, byte[] blocks) => OpenSsl.Run(
        "enc", "-sm4-ecb", "-nopad", "-K", Convert.ToHexString(key), "-in", openSsl.File(blocks));

    private static UInt128 Number(byte[] block) => BinaryPrimitives.ReadUInt128BigEndian(block);

    private static byte[] Bytes(UInt128 number)
    {
        byte[] block = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(block, number);
        return block;
    }
}
