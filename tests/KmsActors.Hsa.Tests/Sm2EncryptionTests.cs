using System.Security.Cryptography;
using KmsActors.Hsa.ShangMi;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;

namespace KmsActors.Hsa.Tests;

public sealed class Sm2EncryptionTests
{
    private static readonly byte[] Pair = Sm2.StandardsPair;
    private static readonly byte[] PrivateKey = Pair[..32];
    private static readonly byte[] PublicKey = Pair[32..];

    /// <summary>GB/T 32918.5-2017, A.3.</summary>
    [Fact]
    public void TryEncrypt_StandardsExample_Matches()
    {
        byte[]? ciphertext = Sm2Encryption.TryEncrypt(
            PublicKey, "encryption standard"u8, Sm2.StandardsOnce);
        Assert.Equal(
            "04"
            + "04ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73"
            + "e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0"
            + "59983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766"
            + "21886ca989ca9c7d58087307ca93092d651efa",
            Convert.ToHexStringLower(ciphertext!));
        Assert.Equal("encryption standard"u8.ToArray(), TryDecrypt(Pair, ciphertext!));
    }

    [Fact]
    public void Encrypt_OurPairs_DecryptWithOpenSslAndBouncyCastle()
    {
        using OpenSsl openSsl = new();
        for (int i = 1; i <= 20; i++)
        {
            byte[] pair = Sm2.NewPair();
            byte[] plaintext = RandomNumberGenerator.GetBytes(i * i);
            byte[] ciphertext = Sm2Encryption.Encrypt(pair.AsSpan(32), plaintext);
            Assert.Equal(97 + plaintext.Length, ciphertext.Length);
            SM2Engine engine = new();
            engine.Init(forEncryption: false, Sm2.BouncyPrivate(pair));
            byte[] older = [.. ciphertext[..65], .. ciphertext[97..], .. ciphertext[65..97]];
            Assert.Equal(plaintext, engine.ProcessBlock(older, 0, older.Length));
            if (i > 4)
                continue;
            Assert.Equal(plaintext, openSsl.Decrypt(Sm2.PrivateInfo(pair), Sm2.ToAsn1(ciphertext)));
        }
    }

    [Fact]
    public void TryDecrypt_OpenSslsAndBouncyCastlesCiphertexts_GivesPlaintext()
    {
        using OpenSsl openSsl = new();
        for (int i = 1; i <= 20; i++)
        {
            byte[] pair = Sm2.NewPair();
            byte[] plaintext = RandomNumberGenerator.GetBytes(i * i);
            SM2Engine engine = new();
            engine.Init(
                forEncryption: true, new ParametersWithRandom(Sm2.BouncyPublic(pair), new SecureRandom()));
            byte[] older = engine.ProcessBlock(plaintext, 0, plaintext.Length);
            Assert.Equal(plaintext, TryDecrypt(pair, [.. older[..65], .. older[^32..], .. older[65..^32]]));
            if (i > 4)
                continue;
            byte[] asn1 = openSsl.Encrypt(Sm2.PublicInfo(pair), plaintext);
            Assert.Equal(plaintext, TryDecrypt(pair, Sm2.FromAsn1(asn1)));
        }
    }

    [Fact]
    public void Encrypt_SamePlaintextTwice_SharesNothing()
    {
        byte[] first = Sm2Encryption.Encrypt(PublicKey, new byte[32]);
        byte[] second = Sm2Encryption.Encrypt(PublicKey, new byte[32]);
        Assert.NotEqual(first[1..65], second[1..65]);
        Assert.NotEqual(first[65..97], second[65..97]);
        Assert.NotEqual(first[97..], second[97..]);
    }

    [Fact]
    public void TryDecrypt_AnyByteChangedOrCut_IsNull()
    {
        byte[] ciphertext = Sm2Encryption.Encrypt(PublicKey, "a plaintext"u8);
        for (int at = 0; at < ciphertext.Length; at++)
        {
            byte[] changed = [.. ciphertext];
            changed[at] ^= 1;
            Assert.Null(TryDecrypt(Pair, changed));
            Assert.Null(TryDecrypt(Pair, ciphertext[..at]));
        }

        Assert.Null(TryDecrypt(Pair, [.. ciphertext, 0]));
        Assert.Null(TryDecrypt(Sm2.NewPair(), ciphertext));
        Assert.NotNull(TryDecrypt(Pair, ciphertext));
    }

    // The other root is on the curve, and shares x; only the hash tells.
    [Fact]
    public void TryDecrypt_MirroredPoint_IsNull()
    {
        byte[] ciphertext = Sm2Encryption.Encrypt(PublicKey, "a plaintext"u8);
        Mirror(ciphertext.AsSpan(33, 32));
        Assert.Null(TryDecrypt(Pair, ciphertext));
    }

    // A point of small order on another curve would give the key away, a part with each.
    [Fact]
    public void TryDecrypt_PointOfOrderTwoOnAnotherCurve_IsNull()
    {
        // Times any odd number, (5, 0) is itself on the curve whose b makes it fit.
        byte[] point = new byte[64];
        point[31] = 5;
        byte[] plaintext = [1, 2, 3];
        byte[] key = new byte[3];
        Sm3.DeriveKey(point, key);
        byte[] hash = new byte[32];
        Sm3.Hash([.. point[..32], .. plaintext, .. point[32..]], hash);
        byte[] masked = [.. plaintext.Select((value, i) => (byte)(value ^ key[i]))];
        for (int i = 0; i < 20; i++)
            Assert.Null(TryDecrypt(Sm2.NewPair(), [4, .. point, .. hash, .. masked]));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(0)]
    public void TryDecrypt_OtherFormsOfPoint_IsNull(byte form)
    {
        byte[] ciphertext = Sm2Encryption.Encrypt(PublicKey, "a plaintext"u8);
        ciphertext[0] = form;
        Assert.Null(TryDecrypt(Pair, ciphertext));
    }

    [Fact]
    public void TryDecrypt_CoordinatesFromThePrimeOn_IsNull()
    {
        // 0 is the x of a point: p + 0 is the same number, written otherwise.
        byte[] prime = Convert.FromHexString("FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF");
        byte[] point = Sm2.BouncyPublic(Pair).Parameters.Curve.DecodePoint([2, .. new byte[32]]).GetEncoded(false);
        Assert.NotNull(Sm2Curve.TryReadPoint(point.AsSpan(1)));
        Assert.Null(Sm2Curve.TryReadPoint([.. prime, .. point[33..]]));
        Assert.Null(Sm2Curve.TryReadPoint([.. point[1..33], .. prime]));
        Assert.Null(Sm2Curve.TryReadPoint([.. point[1..33], .. Fixtures.Filled(32, 0xFF)]));
        Assert.Null(Sm2Curve.TryReadPoint(new byte[64]));
    }

    // One key in 256 leaves one byte as it is; the standard has another number then.
    [Fact]
    public void TryEncrypt_KeyOfZeros_IsNullAndIsNotDecrypted()
    {
        int refused = 0;
        for (int i = 1; i <= 2000; i++)
        {
            byte[] once = [.. new byte[30], (byte)(i / 256), (byte)(i % 256)];
            byte[]? ciphertext = Sm2Encryption.TryEncrypt(PublicKey, [0x5A], once);
            refused += ciphertext is null ? 1 : 0;
            Assert.True(ciphertext is null || ciphertext[97] != 0x5A);
            if (ciphertext is not null || refused > 1)
                continue;

            byte[] shared = Sm2.BouncyPublic(Pair).Q.Multiply(new Org.BouncyCastle.Math.BigInteger(1, once))
                .Normalize().GetEncoded(false)[1..];
            byte[] point = Sm2.BouncyPublic(Pair).Parameters.G
                .Multiply(new Org.BouncyCastle.Math.BigInteger(1, once)).Normalize().GetEncoded(false);
            byte[] hash = new byte[32];
            Sm3.Hash([.. shared[..32], 0x5A, .. shared[32..]], hash);
            Assert.Null(TryDecrypt(Pair, [.. point, .. hash, 0x5A]));
        }

        Assert.InRange(refused, 1, 40);
    }

    [Fact]
    public void Encrypt_OneByteOften_AlwaysDecrypts()
    {
        for (int i = 0; i < 600; i++)
            Assert.Equal([0x5A], TryDecrypt(Pair, Sm2Encryption.Encrypt(PublicKey, [0x5A])));
    }

    [Fact]
    public void Encrypt_PointNotOnTheCurve_Throws()
    {
        byte[] point = [.. PublicKey];
        point[63] ^= 1;
        Assert.Throws<ArgumentException>(() => Sm2Encryption.Encrypt(point, [1]));
    }

    private static byte[]? TryDecrypt(byte[] pair, byte[] ciphertext)
    {
        using SecretBytes? plaintext = Sm2Encryption.TryDecrypt(pair.AsSpan(0, 32), ciphertext);
        return plaintext?.Span.ToArray();
    }

    private static void Mirror(Span<byte> y)
    {
        System.Numerics.BigInteger prime = new(
            Convert.FromHexString("FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF"), true, true);
        byte[] mirrored = (prime - new System.Numerics.BigInteger(y, true, true)).ToByteArray(true, true);
        y.Clear();
        mirrored.CopyTo(y[(32 - mirrored.Length)..]);
    }
}
