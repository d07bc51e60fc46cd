using KmsActors.Hsa.Pkcs11;
using KmsActors.Hsa.Pkcs11.Cryptoki;
using KmsActors.Testing.SoftHsm;

namespace KmsActors.Hsa.Tests.Pkcs11;

public sealed class TokenCipherTests
{
    private static readonly byte[] Nonce = "ABCDEFGHIJKLMNOPQRSTUVWX"u8.ToArray();
    private static readonly byte[] Plaintext = "XAES-256-GCM"u8.ToArray();

    /// <summary>The vectors of the C2SP specification XAES-256-GCM.</summary>
    [Theory]
    [InlineData(0x01, "", "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271")]
    [InlineData(0x03, "c2sp.org/XAES-256-GCM", "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d")]
    public void Encrypt_PublishedVector_Matches(byte fill, string associated, string output)
    {
        byte[] associatedData = System.Text.Encoding.ASCII.GetBytes(associated);
        using TokenCipher cipher = new(KeyOf(fill, out byte[] k1), k1);
        byte[] ciphertext = new byte[Plaintext.Length];
        byte[] tag = new byte[16];
        cipher.Encrypt(Nonce, Plaintext, ciphertext, tag, associatedData);
        Assert.Equal(output, Convert.ToHexStringLower([.. ciphertext, .. tag]));

        byte[] opened = new byte[Plaintext.Length];
        Assert.True(cipher.TryDecrypt(Nonce, ciphertext, tag, opened, associatedData));
        Assert.Equal(Plaintext, opened);

        tag[3] ^= 1;
        Assert.False(cipher.TryDecrypt(Nonce, ciphertext, tag, opened, associatedData));
        Assert.Equal(new byte[Plaintext.Length], opened);
    }

    [Fact]
    public void OpenSealKey_SameLabel_IsTheSameKeyAndOnlyThatOfItsLabel()
    {
        using IMessageCipher cipher = Tokens.OpenSealKey(Tokens.Token, "seal-1");
        using IMessageCipher same = Tokens.OpenSealKey(Tokens.Token, "seal-1");
        using IMessageCipher other = Tokens.OpenSealKey(Tokens.Token, "seal-2");
        byte[] ciphertext = new byte[32];
        byte[] tag = new byte[16];
        byte[] opened = new byte[32];
        cipher.Encrypt(Nonce, Fixtures.Filled(32, 7), ciphertext, tag, []);
        Assert.True(same.TryDecrypt(Nonce, ciphertext, tag, opened, []));
        Assert.Equal(Fixtures.Filled(32, 7), opened);
        Assert.False(other.TryDecrypt(Nonce, ciphertext, tag, opened, []));

        byte[] derived = new byte[32];
        cipher.Derive((byte)'C', Nonce.AsSpan(0, 12), derived);
        byte[] again = new byte[32];
        same.Derive((byte)'C', Nonce.AsSpan(0, 12), again);
        Assert.Equal(derived, again);
        other.Derive((byte)'C', Nonce.AsSpan(0, 12), again);
        Assert.NotEqual(derived, again);
    }

    // As nodes make them that start on an empty token at the same moment.
    [Fact]
    public void TokenCustody_SeveralKeysThatSeal_EachOpensWhatItHasSealedAndTheFirstSeals()
    {
        using SoftHsmToken softHsm = new();
        using Token token = Tokens.Open(softHsm);
        using TokenCustody custody = new(token);
        byte[] rootKey = Fixtures.Filled(32, 7);
        byte[] sealedByOne = custody.Seal(1, rootKey);
        byte[] first = [0, 0, 0, 0, 0, 0, 0, 1];
        using (SessionPool.Lease lease = token.Sessions.Take())
        {
            nuint only = Assert.Single(lease.Session.FindObjects(new Template(), 10));
            byte[] label = lease.Session.GetAttribute(only, AttributeType.Label);
            lease.Session.GenerateKey(MechanismType.AesKeyGen, Templates.Seal(label, first));
        }

        byte[] sealedByFirst = custody.Seal(1, rootKey);
        Assert.Equal(first, sealedByFirst[1..9]);
        Assert.NotEqual(first, sealedByOne[1..9]);
        foreach (byte[] blob in new[] { sealedByOne, sealedByFirst })
        {
            using SecretBytes opened = custody.Open(1, blob);
            Assert.Equal(rootKey, opened.Span);
        }

        sealedByOne[1] ^= 1;
        Assert.Throws<RootKeySealedException>(() => custody.Open(1, sealedByOne));
        Assert.Equal(2, softHsm.CountObjects());
    }

    [Fact]
    public void Derive_KeyThatWasLetIn_IsWhatSoftwareDerives()
    {
        using TokenCipher cipher = new(KeyOf(9, out byte[] k1), k1);
        using Xaes256Gcm expected = new(Fixtures.Filled(32, 9));
        byte[] derived = new byte[32];
        byte[] expectedDerived = new byte[32];
        cipher.Derive((byte)'F', Nonce.AsSpan(0, 12), derived);
        expected.Derive((byte)'F', Nonce.AsSpan(0, 12), expectedDerived);
        Assert.Equal(expectedDerived, derived);
    }

    // A key of the test's own that may encrypt and derive, as those that seal may.
    private static FixedObject KeyOf(byte fill, out byte[] k1)
    {
        Template template = new Template()
            .With(ObjectClass.SecretKey)
            .With(TokenKeyType.Aes)
            .With(AttributeType.Token, false)
            .With(AttributeType.Encrypt, true)
            .With(AttributeType.Derive, true);
        using SessionPool.Lease lease = Tokens.Token.Sessions.Take();
        nuint key = lease.Session.CreateKey(template, Fixtures.Filled(32, fill));
        k1 = new byte[16];
        TokenCipher.DeriveK1(lease.Session, key, k1);
        return new FixedObject(key);
    }

    private sealed class FixedObject(nuint handle) : ITokenObject
    {
        public ObjectLease Use() => new(Tokens.Token.Sessions.Take(), handle, null);

        public void Dispose()
        {
            using SessionPool.Lease lease = Tokens.Token.Sessions.Take();
            lease.Session.Destroy(handle);
        }
    }
}
