using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;

namespace KmsActors.Hsa.Tests;

/// <summary>Encryption for keys that come from outside, and are whatever somebody sends.</summary>
public sealed class EncryptForTests
{
    private static readonly BigInteger Modulus =
        new(PublicParameters(KeyType.Rsa2048).Modulus, isUnsigned: true, isBigEndian: true);

    private static readonly byte[] Plaintext = [1, 2, 3];

    [Theory]
    [InlineData(KeyType.Rsa2048, EncryptionAlgorithm.OaepSha1)]
    [InlineData(KeyType.Rsa2048, EncryptionAlgorithm.OaepSha256)]
    [InlineData(KeyType.Rsa3072, EncryptionAlgorithm.OaepSha256)]
    [InlineData(KeyType.EcSm2, EncryptionAlgorithm.Sm2Pke)]
    public void EncryptFor_GoodKey_IsDecryptedByItsPair(KeyType type, EncryptionAlgorithm algorithm)
    {
        IKeyPair pair = Fixtures.Pair(type);
        byte[]? ciphertext = Fixtures.Hsa.EncryptFor(type, algorithm, pair.PublicKey, Plaintext);
        Assert.Equal(Plaintext, Fixtures.TryDecrypt(pair, algorithm, ciphertext));
    }

    [Theory]
    [InlineData(KeyType.Rsa2048, EncryptionAlgorithm.OaepSha256)]
    [InlineData(KeyType.EcSm2, EncryptionAlgorithm.Sm2Pke)]
    public void EncryptFor_KeyOfAnyOtherType_IsNull(KeyType type, EncryptionAlgorithm algorithm)
    {
        foreach (KeyType other in Enum.GetValues<KeyType>().Where(other => other != type && !other.IsSymmetric()))
        {
            byte[] publicKey = Fixtures.Pair(other).PublicKey;
            Assert.Null(Fixtures.Hsa.EncryptFor(type, algorithm, publicKey, Plaintext));
        }
    }

    [Theory]
    [InlineData(KeyType.Rsa2048, EncryptionAlgorithm.OaepSha256)]
    [InlineData(KeyType.EcSm2, EncryptionAlgorithm.Sm2Pke)]
    public void EncryptFor_KeyCutOrWithMore_IsNull(KeyType type, EncryptionAlgorithm algorithm)
    {
        byte[] publicKey = Fixtures.Pair(type).PublicKey;
        for (int length = 0; length < publicKey.Length; length++)
            Assert.Null(Fixtures.Hsa.EncryptFor(type, algorithm, publicKey.AsSpan(0, length), Plaintext));
        Assert.Null(Fixtures.Hsa.EncryptFor(type, algorithm, [.. publicKey, 0], Plaintext));
        Assert.Null(Fixtures.Hsa.EncryptFor(type, algorithm, [0, .. publicKey], Plaintext));
        Assert.Null(Fixtures.Hsa.EncryptFor(type, algorithm, [.. publicKey, .. publicKey], Plaintext));
    }

    [Fact]
    public void EncryptFor_RsaOfAnotherSize_IsNull()
    {
        Assert.NotNull(TryRsa(Modulus, 65537));
        Assert.Null(TryRsa((Modulus >> 1) | 1, 65537));
        Assert.Null(TryRsa((Modulus << 1) | 1, 65537));
        Assert.Null(TryRsa((Modulus >> 1024) | 1, 65537));
        Assert.Null(TryRsa((Modulus << 1024) | 1, 65537));
        Assert.Null(TryRsa(0, 65537));
        Assert.Null(TryRsa(-Modulus, 65537));
        Assert.Null(TryRsa(3, 65537));
    }

    [Fact]
    public void EncryptFor_RsaModulusEven_IsNull() => Assert.Null(TryRsa(Modulus - 1, 65537));

    [Fact]
    public void EncryptFor_RsaExponent_IsOddFrom3On()
    {
        foreach (int good in new[] { 3, 5, 17, 257, 65537, 65539 })
            Assert.NotNull(TryRsa(Modulus, good));
        Assert.NotNull(TryRsa(Modulus, (BigInteger.One << 64) + 13));
        foreach (int bad in new[] { 0, 1, -1, 2, 4, 65536, -3, -65537 })
            Assert.Null(TryRsa(Modulus, bad));
        Assert.Null(TryRsa(Modulus, Modulus + 2));
        Assert.Null(TryRsa(Modulus, (BigInteger.One << 8000) + 1));
    }

    [Fact]
    public void EncryptFor_RsaOtherwiseEncoded_IsNull()
    {
        byte[] modulus = Modulus.ToByteArray(isUnsigned: false, isBigEndian: true);
        byte[] key = Sequence(0x30, [.. Sequence(2, modulus), .. Sequence(2, [1, 0, 1])]);
        byte[] rsa = Convert.FromHexString("06092A864886F70D010101");
        byte[] pss = Convert.FromHexString("06092A864886F70D01010A");
        byte[] info = Info([.. rsa, 5, 0], key);
        Assert.NotNull(TryRsa(info));
        Assert.Equal(Fixtures.Pair(KeyType.Rsa2048).PublicKey, info);

        byte[] padded = Sequence(0x30, [.. Sequence(2, [0, .. modulus]), .. Sequence(2, [1, 0, 1])]);
        byte[] more = Sequence(0x30, [.. Sequence(2, modulus), .. Sequence(2, [1, 0, 1]), 5, 0]);
        foreach (byte[] bad in new[]
        {
            key,
            Info(rsa, key),
            Info([.. rsa, 4, 0], key),
            Info([.. pss, 5, 0], key),
            Info([.. pss], key),
            Info([.. rsa, 5, 0], padded),
            Info([.. rsa, 5, 0], more),
            Info([.. rsa, 5, 0], [.. key, 0]),
            Info([.. rsa, 5, 0], key, unusedBits: 1),
            [0x30, 0x80, .. info[4..], 0, 0],
            [0x30, 0x83, 0, .. info[2..]],
            [.. info, 5, 0],
        })
            Assert.Null(TryRsa(bad));
    }

    [Fact]
    public void EncryptFor_LongInput_IsNull()
    {
        Assert.Null(TryRsa(Fixtures.Filled(1025, 0x30)));
        Assert.Null(TryRsa(Fixtures.Filled(10_000_000, 0x30)));
        Assert.Null(TrySm2(Fixtures.Filled(10_000_000, 0x30)));
    }

    // What fits the bound is parsed, what does not is not: both would be null for other reasons alone.
    [Fact]
    public void EncryptFor_RsaWithALongExponent_IsBoundByTheInputsLength()
    {
        Assert.NotNull(TryRsa(Modulus, Modulus - 2));
        Assert.True(Encode(Modulus, Modulus - 2).Length <= 1024);
    }

    [Fact]
    public void EncryptFor_Sm2NotOnTheCurve_IsNull()
    {
        byte[] info = Fixtures.Pair(KeyType.EcSm2).PublicKey;
        for (int at = 27; at < info.Length; at++)
        {
            byte[] changed = [.. info];
            changed[at] ^= 1;
            Assert.Null(TrySm2(changed));
        }

        Assert.Null(TrySm2([.. info[..27], .. new byte[64]]));
        Assert.Null(TrySm2([.. info[..27], .. Fixtures.Filled(64, 0xFF)]));
    }

    [Fact]
    public void EncryptFor_Sm2OtherwiseEncoded_IsNull()
    {
        byte[] info = Fixtures.Pair(KeyType.EcSm2).PublicKey;
        byte[] algorithm = info[4..23];
        byte[] compressed = [(byte)(2 | (info[^1] & 1)), .. info[27..59]];
        Assert.NotNull(TrySm2(Info(algorithm, info[26..])));
        foreach (byte[] bad in new[]
        {
            Info(algorithm, compressed),
            Info(algorithm, [(byte)(6 | (info[^1] & 1)), .. info[27..]]),
            Info(algorithm, [0]),
            Info(Convert.FromHexString("06072A8648CE3D020106082A8648CE3D030107"), info[26..]),
            Info(Convert.FromHexString("06082A811CCF5501822D06082A811CCF5501822D"), info[26..]),
            info[26..],
            [0x30, 0x81, 0x59, .. info[2..]],
        })
            Assert.Null(TrySm2(bad));
    }

    private static RSAParameters PublicParameters(KeyType type)
    {
        using RSA rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(Fixtures.Pair(type).PublicKey, out _);
        return rsa.ExportParameters(includePrivateParameters: false);
    }

    private static byte[]? TryRsa(BigInteger modulus, BigInteger exponent) => TryRsa(Encode(modulus, exponent));

    private static byte[]? TryRsa(byte[] publicKey) =>
        Fixtures.Hsa.EncryptFor(KeyType.Rsa2048, EncryptionAlgorithm.OaepSha256, publicKey, Plaintext);

    private static byte[]? TrySm2(byte[] publicKey) =>
        Fixtures.Hsa.EncryptFor(KeyType.EcSm2, EncryptionAlgorithm.Sm2Pke, publicKey, Plaintext);

    private static byte[] Encode(BigInteger modulus, BigInteger exponent)
    {
        AsnWriter key = new(AsnEncodingRules.DER);
        using (key.PushSequence())
        {
            key.WriteInteger(modulus);
            key.WriteInteger(exponent);
        }

        return Info(Convert.FromHexString("06092A864886F70D0101010500"), key.Encode());
    }

    private static byte[] Info(byte[] algorithm, byte[] key, byte unusedBits = 0) =>
        Sequence(0x30, [.. Sequence(0x30, algorithm), .. Sequence(3, [unusedBits, .. key])]);

    private static byte[] Sequence(byte tag, byte[] content) => content.Length switch
    {
        < 0x80 => [tag, (byte)content.Length, .. content],
        < 0x100 => [tag, 0x81, (byte)content.Length, .. content],
        _ => [tag, 0x82, (byte)(content.Length / 256), (byte)(content.Length % 256), .. content],
    };
}
