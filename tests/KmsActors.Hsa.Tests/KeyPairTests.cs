using System.Security.Cryptography;
using System.Text;

namespace KmsActors.Hsa.Tests;

/// <summary>What holds of every type of key pair.</summary>
public sealed class KeyPairTests
{
    public static TheoryData<KeyType> Types =>
        [.. Enum.GetValues<KeyType>().Where(type => !type.IsSymmetric())];

    public static TheoryData<KeyType, EncryptionAlgorithm, int> Encryptions => new()
    {
        { KeyType.Rsa2048, EncryptionAlgorithm.OaepSha1, 214 },
        { KeyType.Rsa2048, EncryptionAlgorithm.OaepSha256, 190 },
        { KeyType.Rsa3072, EncryptionAlgorithm.OaepSha1, 342 },
        { KeyType.Rsa3072, EncryptionAlgorithm.OaepSha256, 318 },
        { KeyType.EcSm2, EncryptionAlgorithm.Sm2Pke, 6047 },
    };

    public static TheoryData<KeyType, SignatureAlgorithm> Signatures => new()
    {
        { KeyType.Rsa2048, SignatureAlgorithm.RsaPssSha256 },
        { KeyType.Rsa2048, SignatureAlgorithm.RsaPkcs1Sha256 },
        { KeyType.Rsa3072, SignatureAlgorithm.RsaPssSha256 },
        { KeyType.Rsa3072, SignatureAlgorithm.RsaPkcs1Sha256 },
        { KeyType.EcP256, SignatureAlgorithm.EcdsaSha256 },
        { KeyType.EcP256K, SignatureAlgorithm.EcdsaSha256 },
        { KeyType.EcSm2, SignatureAlgorithm.Sm2Dsa },
    };

    [Theory]
    [InlineData(KeyType.Rsa2048, "Public-Key: (2048 bit)")]
    [InlineData(KeyType.Rsa3072, "Public-Key: (3072 bit)")]
    [InlineData(KeyType.EcP256, "ASN1 OID: prime256v1")]
    [InlineData(KeyType.EcP256K, "ASN1 OID: secp256k1")]
    [InlineData(KeyType.EcSm2, "ASN1 OID: SM2")]
    public void PublicKey_AnyType_IsOfThatTypeToOpenSsl(KeyType type, string expected)
    {
        byte[] publicKey = Fixtures.Pair(type).PublicKey;
        using OpenSsl openSsl = new();
        string path = openSsl.File(publicKey);
        string text = Encoding.ASCII.GetString(
            OpenSsl.Run("pkey", "-pubin", "-inform", "DER", "-noout", "-text", "-in", path));
        Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.Equal(
            publicKey, OpenSsl.Run("pkey", "-pubin", "-inform", "DER", "-outform", "DER", "-in", path));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void PublicKey_OtherVersion_Differs(KeyType type) =>
        Assert.NotEqual(Fixtures.Pair(type).PublicKey, Fixtures.Pair(type, 1).PublicKey);

    [Theory]
    [MemberData(nameof(Encryptions))]
    public void Encrypt_LimitsOfPlaintext_AreTheDocumentedOnes(KeyType type, EncryptionAlgorithm algorithm, int most)
    {
        IKeyPair pair = Fixtures.Pair(type);
        foreach (int length in new[] { 1, 16, 32, most - 1, most })
        {
            byte[] plaintext = RandomNumberGenerator.GetBytes(length);
            byte[] ciphertext = pair.Encrypt(algorithm, plaintext);
            Assert.Equal(type.CiphertextSize(length), ciphertext.Length);
            Assert.Equal(plaintext, Fixtures.TryDecrypt(pair, algorithm, ciphertext));
        }

        Assert.Throws<ArgumentException>(() => pair.Encrypt(algorithm, []));
        Assert.Throws<ArgumentException>(() => pair.Encrypt(algorithm, new byte[most + 1]));
        Assert.Throws<ArgumentException>(() => Fixtures.Hsa.EncryptFor(type, algorithm, pair.PublicKey, []));
        Assert.Throws<ArgumentException>(
            () => Fixtures.Hsa.EncryptFor(type, algorithm, pair.PublicKey, new byte[most + 1]));
    }

    [Theory]
    [MemberData(nameof(Encryptions))]
    public void TryDecrypt_CiphertextOfWrongLength_IsNull(KeyType type, EncryptionAlgorithm algorithm, int most)
    {
        IKeyPair pair = Fixtures.Pair(type);
        foreach (int length in new[] { 1, most })
        {
            byte[] ciphertext = pair.Encrypt(algorithm, new byte[length]);
            Assert.Null(pair.TryDecrypt(algorithm, ciphertext.AsSpan(1)));
            Assert.Null(pair.TryDecrypt(algorithm, ciphertext.AsSpan(0, ciphertext.Length - 1)));
            Assert.Null(pair.TryDecrypt(algorithm, [.. ciphertext, 0]));
            Assert.Null(pair.TryDecrypt(algorithm, [0, .. ciphertext]));
        }

        Assert.Null(pair.TryDecrypt(algorithm, []));
        Assert.Null(pair.TryDecrypt(algorithm, new byte[100_000]));
    }

    // Longer than any that a protocol takes, though otherwise good.
    [Fact]
    public void TryDecrypt_Sm2CiphertextLongerThanTheLimit_IsNull()
    {
        byte[] ciphertext = ShangMi.Sm2Encryption.Encrypt(
            Fixtures.Pair(KeyType.EcSm2).PublicKey.AsSpan(27), new byte[6048]);
        Assert.Null(Fixtures.Pair(KeyType.EcSm2).TryDecrypt(EncryptionAlgorithm.Sm2Pke, ciphertext));
    }

    [Theory]
    [MemberData(nameof(Encryptions))]
    public void TryDecrypt_DamagedOrOfAnotherVersion_IsNull(KeyType type, EncryptionAlgorithm algorithm, int most)
    {
        IKeyPair pair = Fixtures.Pair(type);
        byte[] ciphertext = pair.Encrypt(algorithm, new byte[Math.Min(most, 40)]);
        Assert.Null(Fixtures.Pair(type, 1).TryDecrypt(algorithm, ciphertext));
        for (int at = 0; at < ciphertext.Length; at += 11)
        {
            byte[] changed = [.. ciphertext];
            changed[at] ^= 1;
            Assert.Null(pair.TryDecrypt(algorithm, changed));
        }

        Assert.Null(pair.TryDecrypt(algorithm, Fixtures.Filled(ciphertext.Length, 0xFF)));
        Assert.Null(pair.TryDecrypt(algorithm, Fixtures.Filled(ciphertext.Length, 0)));
        Assert.NotNull(Fixtures.TryDecrypt(pair, algorithm, ciphertext));
    }

    [Theory]
    [InlineData(KeyType.Rsa2048)]
    [InlineData(KeyType.Rsa3072)]
    public void TryDecrypt_OtherHashThanUsed_IsNull(KeyType type)
    {
        IKeyPair pair = Fixtures.Pair(type);
        Assert.Null(pair.TryDecrypt(
            EncryptionAlgorithm.OaepSha256, pair.Encrypt(EncryptionAlgorithm.OaepSha1, [1])));
        Assert.Null(pair.TryDecrypt(
            EncryptionAlgorithm.OaepSha1, pair.Encrypt(EncryptionAlgorithm.OaepSha256, [1])));
    }

    [Theory]
    [MemberData(nameof(Signatures))]
    public void Sign_AnyDigest_VerifiesWithThisVersionAndDigestAlone(KeyType type, SignatureAlgorithm algorithm)
    {
        IKeyPair pair = Fixtures.Pair(type);
        foreach (byte[] digest in new[]
        {
            RandomNumberGenerator.GetBytes(32), new byte[32], Fixtures.Filled(32, 0xFF),
        })
        {
            byte[] signature = pair.Sign(algorithm, digest);
            Assert.InRange(signature.Length, 60, KeyTypes.MostSignature);
            Assert.True(pair.Verify(algorithm, digest, signature));
            Assert.False(Fixtures.Pair(type, 1).Verify(algorithm, digest, signature));
            byte[] other = [.. digest];
            other[31] ^= 1;
            Assert.False(pair.Verify(algorithm, other, signature));
            Assert.False(pair.Verify(algorithm, digest, [.. signature, 0]));
            Assert.False(pair.Verify(algorithm, digest, [0, .. signature]));
            for (int at = 0; at < signature.Length; at += 7)
            {
                byte[] changed = [.. signature];
                changed[at] ^= 1;
                Assert.False(pair.Verify(algorithm, digest, changed));
                Assert.False(pair.Verify(algorithm, digest, signature.AsSpan(0, at)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Signatures))]
    public void Verify_AnyFill_IsFalse(KeyType type, SignatureAlgorithm algorithm)
    {
        IKeyPair pair = Fixtures.Pair(type);
        foreach (int length in new[] { 0, 1, 8, 64, 70, 72, 255, 256, 257, 384, 512, 100_000 })
        {
            foreach (byte fill in new byte[] { 0, 1, 0x30, 0x7F, 0x80, 0xFF })
                Assert.False(pair.Verify(algorithm, new byte[32], Fixtures.Filled(length, fill)));
        }
    }

    [Theory]
    [MemberData(nameof(Signatures))]
    public void SignAndVerify_DigestNot32Bytes_Throw(KeyType type, SignatureAlgorithm algorithm)
    {
        IKeyPair pair = Fixtures.Pair(type);
        foreach (int length in new[] { 0, 20, 31, 33, 64 })
        {
            Assert.Throws<ArgumentException>(() => pair.Sign(algorithm, new byte[length]));
            Assert.Throws<ArgumentException>(() => pair.Verify(algorithm, new byte[length], new byte[256]));
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void AllMembers_AlgorithmTheTypeLacks_Throw(KeyType type)
    {
        IKeyPair pair = Fixtures.Pair(type);
        foreach (EncryptionAlgorithm algorithm in
            Enum.GetValues<EncryptionAlgorithm>().Append((EncryptionAlgorithm)99).Where(one => !type.Has(one)))
        {
            Assert.Throws<ArgumentException>(() => pair.Encrypt(algorithm, [1]));
            Assert.Throws<ArgumentException>(() => pair.TryDecrypt(algorithm, new byte[256]));
            Assert.Throws<ArgumentException>(
                () => Fixtures.Hsa.EncryptFor(type, algorithm, pair.PublicKey, [1]));
        }

        foreach (SignatureAlgorithm algorithm in
            Enum.GetValues<SignatureAlgorithm>().Append((SignatureAlgorithm)99).Where(one => !type.Has(one)))
        {
            Assert.Throws<ArgumentException>(() => pair.Sign(algorithm, new byte[32]));
            Assert.Throws<ArgumentException>(() => pair.Verify(algorithm, new byte[32], new byte[256]));
        }
    }

    [Theory]
    [InlineData(KeyType.Rsa2048)]
    [InlineData(KeyType.Rsa3072)]
    public void Verify_OtherPaddingThanUsed_IsFalse(KeyType type)
    {
        IKeyPair pair = Fixtures.Pair(type);
        byte[] pss = pair.Sign(SignatureAlgorithm.RsaPssSha256, new byte[32]);
        byte[] pkcs1 = pair.Sign(SignatureAlgorithm.RsaPkcs1Sha256, new byte[32]);
        Assert.False(pair.Verify(SignatureAlgorithm.RsaPkcs1Sha256, new byte[32], pss));
        Assert.False(pair.Verify(SignatureAlgorithm.RsaPssSha256, new byte[32], pkcs1));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void AllMembers_AfterDispose_ThrowButForPublicKey(KeyType type)
    {
        IKeyPair pair = Fixtures.OpenPair(type);
        pair.Dispose();
        pair.Dispose();
        foreach (EncryptionAlgorithm algorithm in Enum.GetValues<EncryptionAlgorithm>().Where(one => type.Has(one)))
        {
            byte[] ciphertext = Fixtures.Pair(type).Encrypt(algorithm, [1]);
            Assert.Throws<ObjectDisposedException>(() => pair.Encrypt(algorithm, [1]));
            Assert.Throws<ObjectDisposedException>(() => pair.TryDecrypt(algorithm, ciphertext));
        }

        foreach (SignatureAlgorithm algorithm in Enum.GetValues<SignatureAlgorithm>().Where(one => type.Has(one)))
        {
            byte[] signature = Fixtures.Pair(type).Sign(algorithm, new byte[32]);
            Assert.Throws<ObjectDisposedException>(() => pair.Sign(algorithm, new byte[32]));
            Assert.Throws<ObjectDisposedException>(() => pair.Verify(algorithm, new byte[32], signature));
        }

        Assert.Equal(Fixtures.Pair(type).PublicKey, pair.PublicKey);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void ToString_AnyPair_SaysNothingOfIt(KeyType type) =>
        Assert.Equal(Fixtures.Pair(type).GetType().FullName, Fixtures.Pair(type).ToString());
}
