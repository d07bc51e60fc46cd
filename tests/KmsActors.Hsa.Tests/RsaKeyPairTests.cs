using System.Security.Cryptography;

namespace KmsActors.Hsa.Tests;

/// <summary>RSA against OpenSSL's program, both ways.</summary>
public sealed class RsaKeyPairTests
{
    private static readonly string[] Pss =
        ["-pkeyopt", "digest:sha256", "-pkeyopt", "rsa_padding_mode:pss", "-pkeyopt", "rsa_mgf1_md:sha256"];

    private static readonly string[] Pkcs1 =
        ["-pkeyopt", "digest:sha256", "-pkeyopt", "rsa_padding_mode:pkcs1"];

    private static readonly Lazy<byte[]> PrivateKey = new(() =>
    {
        using RSA rsa = RSA.Create(2048);
        return rsa.ExportPkcs8PrivateKey();
    });

    private static readonly byte[] Digest = RandomNumberGenerator.GetBytes(32);

    [Fact]
    public void SignAndVerify_Pss_IsOpenSslsWithASaltOf32Bytes()
    {
        using RsaKeyPair pair = new(KeyType.Rsa2048, PrivateKey.Value);
        using OpenSsl openSsl = new();
        byte[] signature = pair.Sign(SignatureAlgorithm.RsaPssSha256, Digest);
        Assert.True(openSsl.Verifies(pair.PublicKey, signature, Digest, [.. Pss, .. Salt(32)]));
        Assert.False(openSsl.Verifies(pair.PublicKey, signature, Digest, [.. Pss, .. Salt(20)]));
        foreach (int salt in new[] { 0, 20, 31, 32, 33, 222 })
        {
            signature = openSsl.Sign(PrivateKey.Value, Digest, [.. Pss, .. Salt(salt)]);
            Assert.Equal(salt == 32, pair.Verify(SignatureAlgorithm.RsaPssSha256, Digest, signature));
        }
    }

    [Fact]
    public void Verify_PssWithSha1ForMgf1_IsFalse()
    {
        using RsaKeyPair pair = new(KeyType.Rsa2048, PrivateKey.Value);
        using OpenSsl openSsl = new();
        byte[] signature = openSsl.Sign(
            PrivateKey.Value, Digest, [.. Pss.SkipLast(1), "rsa_mgf1_md:sha1", .. Salt(32)]);
        Assert.False(pair.Verify(SignatureAlgorithm.RsaPssSha256, Digest, signature));
    }

    [Fact]
    public void SignAndVerify_Pkcs1_IsOpenSslsToTheByte()
    {
        using RsaKeyPair pair = new(KeyType.Rsa2048, PrivateKey.Value);
        using OpenSsl openSsl = new();
        byte[] signature = pair.Sign(SignatureAlgorithm.RsaPkcs1Sha256, Digest);
        Assert.Equal(openSsl.Sign(PrivateKey.Value, Digest, Pkcs1), signature);
        Assert.True(openSsl.Verifies(pair.PublicKey, signature, Digest, Pkcs1));
    }

    [Theory]
    [InlineData(SignatureAlgorithm.RsaPssSha256)]
    [InlineData(SignatureAlgorithm.RsaPkcs1Sha256)]
    public void Verify_WithoutItsLeadingZero_IsFalse(SignatureAlgorithm algorithm)
    {
        using RsaKeyPair pair = new(KeyType.Rsa2048, PrivateKey.Value);
        byte[] digest;
        byte[] signature;
        do
        {
            // One signature in 256 begins with a zero.
            digest = RandomNumberGenerator.GetBytes(32);
            signature = pair.Sign(algorithm, digest);
        }
        while (signature[0] != 0);
        Assert.True(pair.Verify(algorithm, digest, signature));
        Assert.False(pair.Verify(algorithm, digest, signature.AsSpan(1)));
        Assert.False(pair.Verify(algorithm, digest, [0, .. signature]));
    }

    [Theory]
    [InlineData(EncryptionAlgorithm.OaepSha1, "sha1")]
    [InlineData(EncryptionAlgorithm.OaepSha256, "sha256")]
    public void EncryptAndTryDecrypt_Oaep_IsOpenSsls(EncryptionAlgorithm algorithm, string hash)
    {
        using RsaKeyPair pair = new(KeyType.Rsa2048, PrivateKey.Value);
        using OpenSsl openSsl = new();
        string[] options =
        [
            "-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", $"rsa_oaep_md:{hash}",
            "-pkeyopt", $"rsa_mgf1_md:{hash}",
        ];
        byte[] plaintext = RandomNumberGenerator.GetBytes(50);
        Assert.Equal(plaintext, openSsl.Decrypt(PrivateKey.Value, pair.Encrypt(algorithm, plaintext), options));
        byte[] ciphertext = openSsl.Encrypt(pair.PublicKey, plaintext, options);
        Assert.Equal(plaintext, Fixtures.TryDecrypt(pair, algorithm, ciphertext));
        byte[]? encrypted = Fixtures.Hsa.EncryptFor(KeyType.Rsa2048, algorithm, pair.PublicKey, plaintext);
        Assert.Equal(plaintext, openSsl.Decrypt(PrivateKey.Value, encrypted!, options));
    }

    // We don't encrypt nothing, but others may.
    [Fact]
    public void TryDecrypt_EmptyPlaintext_IsEmpty()
    {
        using RSA rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(PrivateKey.Value, out _);
        using RsaKeyPair pair = new(KeyType.Rsa2048, PrivateKey.Value);
        Assert.Empty(Fixtures.TryDecrypt(
            pair, EncryptionAlgorithm.OaepSha256, rsa.Encrypt([], RSAEncryptionPadding.OaepSHA256))!);
    }

    private static string[] Salt(int length) => ["-pkeyopt", $"rsa_pss_saltlen:{length}"];
}
