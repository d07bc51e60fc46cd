using System.Buffers;
using System.Security.Cryptography;
using KmsActors.Hsa.ShangMi;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace KmsActors.Hsa.Tests;

public sealed class Sm4Tests
{
    private static readonly byte[] Key = Convert.FromHexString("0123456789abcdeffedcba9876543210");

    /// <summary>GB/T 32907-2016, A.1.</summary>
    [Fact]
    public void EncryptBlocks_StandardsFirstExample_Matches()
    {
        byte[] output = new byte[16];
        Sm4.EncryptBlocks(Key, Key, output);
        Assert.Equal("681edf34d206965e86b3e94f536e4246", Convert.ToHexStringLower(output));
    }

    /// <summary>GB/T 32907-2016, A.2.</summary>
    [Fact]
    public void EncryptBlocks_StandardsMillionTimes_Matches()
    {
        byte[] block = [.. Key];
        for (int i = 0; i < 1_000_000; i++)
            Sm4.EncryptBlocks(Key, block, block);
        Assert.Equal("595298c7c6fd271f0402f804c33d3f66", Convert.ToHexStringLower(block));
    }

    [Fact]
    public void EncryptBlocks_SeveralBlocks_AreOpenSslsEach()
    {
        using OpenSsl openSsl = new();
        byte[] blocks = RandomNumberGenerator.GetBytes(3 * 16);
        byte[] output = new byte[blocks.Length];
        Sm4.EncryptBlocks(Key, blocks, output);
        Assert.Equal(
            OpenSsl.Run(
                "enc", "-sm4-ecb", "-nopad", "-K", Convert.ToHexString(Key), "-in", openSsl.File(blocks)),
            output);
    }

    /// <summary>RFC 8998, A.1.</summary>
    [Fact]
    public void Encrypt_Rfc8998Vector_Matches()
    {
        byte[] nonce = Convert.FromHexString("00001234567800000000abcd");
        byte[] associated = Convert.FromHexString("feedfacedeadbeeffeedfacedeadbeefabaddad2");
        byte[] plaintext = Convert.FromHexString(
            "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
            + "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa");
        byte[] ciphertext = new byte[plaintext.Length];
        byte[] tag = new byte[16];
        Sm4.Encrypt(Key, nonce, plaintext, ciphertext, tag, associated);
        Assert.Equal(
            "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
            + "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d",
            Convert.ToHexStringLower(ciphertext));
        Assert.Equal("83de3541e4c2b58177e065a9bf7b62ec", Convert.ToHexStringLower(tag));

        byte[] opened = new byte[plaintext.Length];
        Assert.True(Sm4.TryDecrypt(Key, nonce, ciphertext, tag, opened, associated));
        Assert.Equal(plaintext, opened);
    }

    // Ours works in place, in a buffer that it shares with the associated data.
    [Fact]
    public void Encrypt_AnyLengths_AreBouncyCastlesAndDecrypt()
    {
        for (int length = 0; length < 100; length++)
        {
            byte[] nonce = RandomNumberGenerator.GetBytes(12);
            byte[] associated = RandomNumberGenerator.GetBytes(length * 7 % 60);
            byte[] plaintext = RandomNumberGenerator.GetBytes(length);
            GcmBlockCipher gcm = new(new SM4Engine());
            gcm.Init(forEncryption: true, new AeadParameters(new KeyParameter(Key), 128, nonce, associated));
            byte[] expected = new byte[length + 16];
            int done = gcm.ProcessBytes([.. plaintext], 0, length, expected, 0);
            gcm.DoFinal(expected, done);

            byte[] ciphertext = new byte[length];
            byte[] tag = new byte[16];
            Sm4.Encrypt(Key, nonce, plaintext, ciphertext, tag, associated);
            Assert.Equal(expected, ciphertext.Concat(tag));
            byte[] opened = new byte[length];
            Assert.True(Sm4.TryDecrypt(Key, nonce, ciphertext, tag, opened, associated));
            Assert.Equal(plaintext, opened);
        }
    }

    // The pool gives a thread what it gave back last.
    [Fact]
    public void TryDecrypt_Done_LeavesNoPlaintextInThePooledArray()
    {
        byte[] nonce = new byte[12];
        byte[] plaintext = Fixtures.Filled(2000, 0x5A);
        byte[] ciphertext = new byte[plaintext.Length];
        byte[] tag = new byte[16];
        Sm4.Encrypt(Key, nonce, plaintext, ciphertext, tag, [1, 2, 3]);
        AssertNotPooled(plaintext.Length);
        Assert.True(Sm4.TryDecrypt(Key, nonce, ciphertext, tag, new byte[plaintext.Length], [1, 2, 3]));
        AssertNotPooled(plaintext.Length);
        tag[0] ^= 1;
        Assert.False(Sm4.TryDecrypt(Key, nonce, ciphertext, tag, new byte[plaintext.Length], [1, 2, 3]));
        AssertNotPooled(plaintext.Length);
    }

    private static void AssertNotPooled(int length)
    {
        byte[] pooled = ArrayPool<byte>.Shared.Rent(length + 19);
        Assert.Equal(-1, pooled.AsSpan().IndexOf(Fixtures.Filled(16, 0x5A)));
        ArrayPool<byte>.Shared.Return(pooled);
    }
}
