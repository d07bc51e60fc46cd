using System.Security.Cryptography;
using KmsActors.Hsa.Pkcs11;

namespace KmsActors.Hsa.Tests.Pkcs11;

public sealed class Pkcs11HsaTests
{
    public static TheoryData<KeyType> Pairs =>
        [KeyType.Rsa2048, KeyType.Rsa3072, KeyType.EcP256, KeyType.EcP256K];

    [Theory]
    [InlineData(KeyType.Aes256, true)]
    [InlineData(KeyType.Rsa2048, true)]
    [InlineData(KeyType.Rsa3072, true)]
    [InlineData(KeyType.EcP256, true)]
    [InlineData(KeyType.EcP256K, true)]
    [InlineData(KeyType.Sm4, false)]
    [InlineData(KeyType.EcSm2, false)]
    public async Task Supports_HsmKeys_AreThoseTheTokenHasMechanismsFor(KeyType type, bool expected)
    {
        Assert.Equal(expected, Tokens.Hsa.Supports(type, KeyProtection.Hsm));
        Assert.True(Tokens.Hsa.Supports(type, KeyProtection.Software));
        if (!expected)
        {
            await Assert.ThrowsAsync<ArgumentException>(
                () => Tokens.Hsa.GenerateKeyAsync(Tokens.BindingOf(type), CancellationToken.None).AsTask());
        }
    }

    [Fact]
    public void Encrypt_AnyLength_DecryptsAndOnlyWithItsContext()
    {
        using ISymmetricKey key = Tokens.OpenNewKey();
        foreach (int length in new[] { 0, 1, 15, 16, 17, 1024, Envelope.MostPlaintext })
        {
            byte[] plaintext = RandomNumberGenerator.GetBytes(length);
            byte[] envelope = Fixtures.Encrypt(key, plaintext, [1, 2, 3], PlaintextForm.VerbatimText);
            Assert.True(Envelope.TryReadHeader(envelope, Fixtures.Account, out EnvelopeHeader header));
            Assert.Equal(PlaintextForm.VerbatimText, header.Form);
            Assert.True(Fixtures.TryDecrypt(key, envelope, [1, 2, 3], out byte[] opened));
            Assert.Equal(plaintext, opened);
            Assert.False(Fixtures.TryDecrypt(key, envelope, [1, 2, 4], out opened));
            Assert.Equal(new byte[length], opened);
            foreach (int at in new[] { 0, 6, Envelope.NonceAt, Envelope.TagAt, envelope.Length - 1 })
            {
                byte[] damaged = [.. envelope];
                damaged[at] ^= 1;
                Assert.False(Fixtures.TryDecrypt(key, damaged, [1, 2, 3], out _));
            }
        }
    }

    [Fact]
    public void OpenKey_BlobOfTheToken_OpensOnlyForWhatItWasMadeFor()
    {
        byte[] blob = Tokens.Generate(KeyType.Aes256);
        KeyBinding binding = Tokens.BindingOf(KeyType.Aes256);
        foreach (KeyBinding other in new[]
        {
            binding with { Account = Fixtures.OtherAccount },
            binding with { KeyId = Fixtures.OtherKeyId },
            binding with { VersionId = Fixtures.OtherVersionId },
            binding with { Type = KeyType.Rsa2048 },
        })
            Assert.Throws<CryptographicException>(() => Tokens.Hsa.OpenKey(other, blob));
        for (int at = 0; at < blob.Length; at++)
        {
            byte[] damaged = [.. blob];
            damaged[at] ^= 1;
            Assert.Throws<CryptographicException>(() => Tokens.Hsa.OpenKey(binding, damaged));
        }

        // Nor does an appliance without the token take it for its own.
        Assert.Throws<HsaUnavailableException>(() => Fixtures.Hsa.OpenKey(binding, blob));
        blob[0] = RootKey.PlainFormat;
        Assert.Throws<CryptographicException>(() => Fixtures.Hsa.OpenKey(binding, blob));
    }

    [Fact]
    public void OpenKey_HsmKeyMadeBeforeThereWasAToken_IsOpenedInSoftware()
    {
        KeyBinding binding = Tokens.BindingOf(KeyType.EcSm2);
        byte[] blob = Fixtures.Generate(binding);
        using IKeyPair pair = (IKeyPair)Tokens.Hsa.OpenKey(binding, blob);
        byte[] digest = pair.Digest([1]);
        Assert.True(pair.Verify(SignatureAlgorithm.Sm2Dsa, digest, pair.Sign(SignatureAlgorithm.Sm2Dsa, digest)));
    }

    [Fact]
    public async Task GenerateKeyAsync_SoftwareKey_NeedsNoToken()
    {
        byte[] blob = await Tokens.Hsa.GenerateKeyAsync(Fixtures.Binding, CancellationToken.None);
        using ISymmetricKey key = (ISymmetricKey)Fixtures.Hsa.OpenKey(Fixtures.Binding, blob);
        using ISymmetricKey same = (ISymmetricKey)Tokens.Hsa.OpenKey(Fixtures.Binding, blob);
        Assert.True(Fixtures.TryDecrypt(same, Fixtures.Encrypt(key, [1]), null, out _));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Sign_EachAlgorithm_VerifiesHereAndByOpenSsl(KeyType type)
    {
        using IKeyPair pair = Tokens.OpenNewPair(type);
        using OpenSsl openSsl = new();
        byte[] digest = pair.Digest("message"u8);
        foreach (SignatureAlgorithm algorithm in Enum.GetValues<SignatureAlgorithm>().Where(a => type.Has(a)))
        {
            string[] options = algorithm switch
            {
                SignatureAlgorithm.RsaPssSha256 =>
                    ["-pkeyopt", "digest:sha256", "-pkeyopt", "rsa_padding_mode:pss", "-pkeyopt", "rsa_pss_saltlen:32"],
                SignatureAlgorithm.RsaPkcs1Sha256 => ["-pkeyopt", "digest:sha256"],
                _ => [],
            };
            // An integer of DER is shorter now and then.
            for (int i = 0; i < (type is KeyType.EcP256 or KeyType.EcP256K ? 600 : 1); i++)
            {
                byte[] signature = pair.Sign(algorithm, digest);
                Assert.True(pair.Verify(algorithm, digest, signature));
                if (i == 0)
                    Assert.True(openSsl.Verifies(pair.PublicKey, signature, digest, options));
                signature[^1] ^= 1;
                Assert.False(pair.Verify(algorithm, digest, signature));
            }
        }
    }

    [Theory]
    [InlineData(KeyType.Rsa2048)]
    [InlineData(KeyType.Rsa3072)]
    public void TryDecrypt_EncryptedByOpenSslAndHere_IsThePlaintext(KeyType type)
    {
        using IKeyPair pair = Tokens.OpenNewPair(type);
        using OpenSsl openSsl = new();
        foreach (EncryptionAlgorithm algorithm in new[] { EncryptionAlgorithm.OaepSha1, EncryptionAlgorithm.OaepSha256 })
        {
            string hash = algorithm == EncryptionAlgorithm.OaepSha1 ? "sha1" : "sha256";
            foreach (int length in new[] { 1, 32, type.MostPlaintext(algorithm) })
            {
                byte[] plaintext = RandomNumberGenerator.GetBytes(length);
                byte[] theirs = openSsl.Encrypt(
                    pair.PublicKey, plaintext, "-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", $"rsa_oaep_md:{hash}");
                Assert.Equal(plaintext, Fixtures.TryDecrypt(pair, algorithm, theirs));
                byte[] ours = pair.Encrypt(algorithm, plaintext);
                Assert.Equal(plaintext, Fixtures.TryDecrypt(pair, algorithm, ours));
                ours[9] ^= 1;
                Assert.Null(Fixtures.TryDecrypt(pair, algorithm, ours));
                Assert.Null(Fixtures.TryDecrypt(pair, algorithm, ours.AsSpan(1)));
            }

            Assert.Null(Fixtures.TryDecrypt(pair, algorithm, []));
            Assert.Null(Fixtures.TryDecrypt(pair, algorithm, Fixtures.Filled(type.CiphertextSize(1), 0xFF)));
        }
    }

    [Fact]
    public void Dispose_Handle_IsRefusedFromThenOn()
    {
        ISymmetricKey key = Tokens.OpenNewKey();
        byte[] envelope = Fixtures.Encrypt(key, [1]);
        key.Dispose();
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Fixtures.Encrypt(key, [1]));
        Assert.Throws<ObjectDisposedException>(() => Fixtures.TryDecrypt(key, envelope, null, out _));
        IKeyPair pair = Tokens.OpenNewPair(KeyType.EcP256);
        byte[] signature = pair.Sign(SignatureAlgorithm.EcdsaSha256, new byte[32]);
        pair.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pair.Sign(SignatureAlgorithm.EcdsaSha256, new byte[32]));
        Assert.Throws<ObjectDisposedException>(
            () => pair.Verify(SignatureAlgorithm.EcdsaSha256, new byte[32], signature));
    }

    [Fact]
    public void RewrapKey_OtherRootKey_IsTheSameKeyByThatOne()
    {
        RootKeyRing ring = RootKeyRing.Of(Fixtures.RootKey(1));
        SoftwareHsa software = new(ring, rsaPairs: 1);
        Pkcs11Hsa hsa = new(software, Tokens.Token);
        byte[] symmetric = Tokens.Generate(KeyType.Aes256, hsa);
        byte[] pair = Tokens.Generate(KeyType.EcP256, hsa);
        byte[] envelope;
        using (ISymmetricKey key = (ISymmetricKey)hsa.OpenKey(Tokens.BindingOf(KeyType.Aes256), symmetric))
            envelope = Fixtures.Encrypt(key, [1, 2, 3]);
        byte[] publicKey;
        using (IKeyPair before = (IKeyPair)hsa.OpenKey(Tokens.BindingOf(KeyType.EcP256), pair))
            publicKey = before.PublicKey;

        Tokens.Token.MakeRootKey(2);
        ring.Add(2, Fixtures.RootKey(2));
        ring.Use(2);
        symmetric = hsa.RewrapKey(Tokens.BindingOf(KeyType.Aes256), symmetric);
        pair = hsa.RewrapKey(Tokens.BindingOf(KeyType.EcP256), pair);
        Assert.Same(pair, hsa.RewrapKey(Tokens.BindingOf(KeyType.EcP256), pair));
        ring.ForgetBefore(2);

        using ISymmetricKey rewrapped = (ISymmetricKey)hsa.OpenKey(Tokens.BindingOf(KeyType.Aes256), symmetric);
        Assert.True(Fixtures.TryDecrypt(rewrapped, envelope, null, out byte[] plaintext));
        Assert.Equal([1, 2, 3], plaintext);
        using IKeyPair after = (IKeyPair)hsa.OpenKey(Tokens.BindingOf(KeyType.EcP256), pair);
        Assert.Equal(publicKey, after.PublicKey);
        byte[] signature = after.Sign(SignatureAlgorithm.EcdsaSha256, new byte[32]);
        Assert.True(after.Verify(SignatureAlgorithm.EcdsaSha256, new byte[32], signature));
        // The token is all tests'.
        software.Dispose();
    }

    [Fact]
    public void DestroyRootKey_Version_LeavesTheOthers()
    {
        Tokens.Token.MakeRootKey(70);
        string id = Tokens.Token.MakeRootKey(71);
        Assert.Equal(id, Tokens.Token.MakeRootKey(71));
        TokenBlob blob = Tokens.MakeBlob(KeyType.Aes256, 70);
        Tokens.Token.DestroyRootKey(70);
        Assert.False(Tokens.Token.HasRootKey(70));
        Assert.True(Tokens.Token.HasRootKey(71, id));
        Assert.False(Tokens.Token.HasRootKey(71, "0011223344556677"));
        Assert.Throws<HsaUnavailableException>(() => Tokens.UseOf(KeyType.Aes256, blob));
    }
}
