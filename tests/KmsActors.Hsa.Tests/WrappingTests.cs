using System.Security.Cryptography;

namespace KmsActors.Hsa.Tests;

public sealed class WrappingTests
{
    private const int BlobOverhead = 45;

    public static TheoryData<KeyType> Types => [.. Enum.GetValues<KeyType>()];

    [Theory]
    [InlineData(KeyType.Aes256, 32)]
    [InlineData(KeyType.Sm4, 16)]
    public void GenerateKey_Twice_WrapsDifferentMaterialOfTheDocumentedLength(KeyType type, int length)
    {
        KeyBinding binding = Fixtures.BindingOf(type);
        byte[] first = Fixtures.Generate(binding);
        byte[] second = Fixtures.Generate(binding);
        Assert.Equal(BlobOverhead + length, first.Length);
        Assert.Equal([1, 0, 0, 0, 1], first[..5]);
        using var one = (ISymmetricKey)Fixtures.Hsa.OpenKey(binding, first);
        using var other = (ISymmetricKey)Fixtures.Hsa.OpenKey(binding, second);
        Assert.False(Fixtures.TryDecrypt(other, Fixtures.Encrypt(one, [1]), null, out _));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void OpenKey_OpenedTwice_IsTheSameKey(KeyType type)
    {
        byte[] blob = Fixtures.Blob(type);
        using IKeyHandle before = Fixtures.Hsa.OpenKey(Fixtures.BindingOf(type), blob);
        using IKeyHandle after = Fixtures.Restarted.OpenKey(Fixtures.BindingOf(type), blob);
        if (type.IsSymmetric())
        {
            byte[] envelope = Fixtures.Encrypt((ISymmetricKey)before, [1, 2]);
            Assert.True(Fixtures.TryDecrypt((ISymmetricKey)after, envelope, null, out byte[] plaintext));
            Assert.Equal([1, 2], plaintext);
        }
        else
        {
            Assert.Equal(((IKeyPair)before).PublicKey, ((IKeyPair)after).PublicKey);
            SignatureAlgorithm algorithm = Enum.GetValues<SignatureAlgorithm>().First(one => type.Has(one));
            byte[] signature = ((IKeyPair)before).Sign(algorithm, new byte[32]);
            Assert.True(((IKeyPair)after).Verify(algorithm, new byte[32], signature));
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void OpenKey_AnyOtherBinding_Throws(KeyType type)
    {
        byte[] blob = Fixtures.Blob(type);
        KeyBinding own = Fixtures.BindingOf(type);
        foreach (KeyBinding other in new[]
        {
            own with { Account = Fixtures.OtherAccount },
            own with { KeyId = Fixtures.OtherKeyId },
            own with { VersionId = Fixtures.OtherVersionId },
            new KeyBinding(Fixtures.Account, Fixtures.VersionId, Fixtures.KeyId, type),
        })
            Assert.Throws<CryptographicException>(() => Fixtures.Hsa.OpenKey(other, blob));
        Fixtures.Hsa.OpenKey(own, blob).Dispose();
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void OpenKey_BlobOfAnyOtherType_Throws(KeyType type)
    {
        byte[] blob = Fixtures.Blob(type);
        foreach (KeyType other in Enum.GetValues<KeyType>().Where(other => other != type))
            Assert.Throws<CryptographicException>(() => Fixtures.Hsa.OpenKey(Fixtures.BindingOf(other), blob));
    }

    // Were the type not bound, the material itself would have to show that it is none of this type.
    [Fact]
    public void OpenKey_MaterialOfAnotherKind_Throws()
    {
        using RootKeyRing root = RootKeyRing.Of(Fixtures.RootKey(1));
        using RSA rsa = RSA.Create(1024);
        using ECDsa ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Dictionary<KeyType, byte[]> materials = new()
        {
            [KeyType.Aes256] = new byte[32],
            [KeyType.Sm4] = new byte[16],
            [KeyType.Rsa2048] = rsa.ExportPkcs8PrivateKey(),
            [KeyType.EcP256] = ec.ExportPkcs8PrivateKey(),
            [KeyType.EcSm2] = Sm2.NewPair(),
        };
        foreach ((KeyType type, byte[] _) in materials)
        {
            KeyBinding binding = Fixtures.BindingOf(type);
            foreach ((KeyType other, byte[] material) in materials)
            {
                byte[] blob = root.Wrap(Domain.KeyMaterial(binding), material);
                if (type == other)
                    Fixtures.Hsa.OpenKey(binding, blob).Dispose();
                else
                    Assert.Throws<CryptographicException>(() => Fixtures.Hsa.OpenKey(binding, blob));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void OpenKey_AnyByteChangedOrCut_Throws(KeyType type)
    {
        byte[] blob = Fixtures.Blob(type);
        KeyBinding binding = Fixtures.BindingOf(type);
        int step = type.IsSymmetric() ? 1 : 13;
        for (int at = 0; at < blob.Length; at += step)
        {
            byte[] changed = [.. blob];
            changed[at] ^= 1;
            Assert.Throws<CryptographicException>(() => Fixtures.Hsa.OpenKey(binding, changed));
            Assert.Throws<CryptographicException>(() => Fixtures.Hsa.OpenKey(binding, blob.AsSpan(0, at)));
        }
    }

    [Fact]
    public void OpenKey_OtherRootKey_Throws()
    {
        using SoftwareHsa other = new(Fixtures.RootKey(2), rsaPairs: 1);
        byte[] blob = Fixtures.Generate(Fixtures.Binding);
        Assert.Throws<CryptographicException>(() => other.OpenKey(Fixtures.Binding, blob));
    }

    [Fact]
    public void Unwrap_SameFieldsOtherPurpose_Throws()
    {
        using RootKeyRing root = RootKeyRing.Of(Fixtures.RootKey(1));
        KeyBinding binding = new("account", Fixtures.KeyId, Fixtures.VersionId, KeyType.Aes256);
        byte[][] purposes =
        [
            .. Enum.GetValues<KeyType>().Select(type => Domain.KeyMaterial(binding with { Type = type })),
            Domain.ImportPrivateKey("account", "name"),
            Domain.ImportSm2Pair("account", "name"),
            Domain.ImportPrivateKey("accountn", "ame"),
            Domain.Secret("account"),
            Domain.Secret("account\0\0\0\u0004name"),
            Domain.Account("account"),
            Domain.Fingerprint("account", "name"),
            Domain.RootKeyCheck(),
            Domain.RootKeyVersion(),
        ];
        foreach (byte[] purpose in purposes)
        {
            byte[] blob = root.Wrap(purpose, [1, 2, 3]);
            foreach (byte[] other in purposes.Where(other => other != purpose))
                Assert.Throws<CryptographicException>(() => root.Unwrap(other, blob));
            using SecretBytes opened = root.Unwrap(purpose, blob);
            Assert.Equal([1, 2, 3], opened.Span.ToArray());
        }
    }

    [Theory]
    [InlineData(KeyType.Aes256, 16)]
    [InlineData(KeyType.Aes256, 31)]
    [InlineData(KeyType.Aes256, 33)]
    [InlineData(KeyType.Sm4, 15)]
    [InlineData(KeyType.Sm4, 17)]
    [InlineData(KeyType.Sm4, 32)]
    [InlineData(KeyType.EcSm2, 32)]
    [InlineData(KeyType.EcSm2, 95)]
    [InlineData(KeyType.EcSm2, 97)]
    public void OpenKey_MaterialOfWrongLength_Throws(KeyType type, int length)
    {
        using RootKeyRing root = RootKeyRing.Of(Fixtures.RootKey(1));
        KeyBinding binding = Fixtures.BindingOf(type);
        byte[] blob = root.Wrap(Domain.KeyMaterial(binding), new byte[length]);
        Assert.Throws<CryptographicException>(() => Fixtures.Hsa.OpenKey(binding, blob));
    }

    [Fact]
    public void GenerateKeyAndOpenKey_UnknownType_Throw()
    {
        KeyBinding binding = Fixtures.BindingOf((KeyType)99);
        Assert.ThrowsAny<ArgumentException>(() => Fixtures.Generate(binding));
        Assert.ThrowsAny<ArgumentException>(() => Fixtures.Hsa.OpenKey(binding, new byte[100]));
    }

    [Theory]
    [InlineData("0F0E0D0C-0B0A-4908-8706-050403020100")]
    [InlineData("0f0e0d0c0b0a49088706050403020100")]
    [InlineData("{0f0e0d0c-0b0a-4908-8706-050403020100}")]
    [InlineData("")]
    public void GenerateKey_IdNotALowerCaseUuid_Throws(string id)
    {
        foreach (KeyBinding bad in new[]
        {
            Fixtures.Binding with { KeyId = id },
            Fixtures.Binding with { VersionId = id },
        })
            Assert.Throws<ArgumentException>(() => Fixtures.Generate(bad));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    [InlineData(1000)]
    public void OpenSecret_SameOwner_GivesTheSecretBack(int length)
    {
        byte[] secret = RandomNumberGenerator.GetBytes(length);
        byte[] wrapped = Fixtures.Hsa.WrapSecret("owner", secret);
        using KeyMemory opened = Fixtures.Hsa.OpenSecret("owner", wrapped);
        using KeyMemory.Lease lease = opened.Use();
        Assert.Equal(secret, lease.Span.ToArray());
    }

    [Fact]
    public void OpenSecret_OtherOwnerOrKindOfBlob_Throws()
    {
        byte[] wrapped = Fixtures.Hsa.WrapSecret("owner", [1]);
        Assert.Throws<CryptographicException>(() => Fixtures.Hsa.OpenSecret("owner2", wrapped));
        byte[] key = Fixtures.Generate(Fixtures.Binding);
        Assert.Throws<CryptographicException>(() => Fixtures.Hsa.OpenSecret(Fixtures.Account, key));
        byte[] material = Fixtures.Hsa.WrapSecret(Fixtures.Account, new byte[32]);
        Assert.Throws<CryptographicException>(() => Fixtures.Hsa.OpenKey(Fixtures.Binding, material));
    }

    [Fact]
    public void Dispose_SecretBytes_ZeroesAndSaysNothing()
    {
        SecretBytes opened = new("AKIDsecret"u8.ToArray());
        ReadOnlySpan<byte> span = opened.Span;
        Assert.Equal("KmsActors.Hsa.SecretBytes", ((object)opened).ToString());
        Assert.Equal("AKIDsecret"u8.ToArray(), span.ToArray());
        opened.Dispose();
        Assert.Equal(new byte[10], span.ToArray());
    }

    [Fact]
    public void CheckValueOf_SameOrOtherRootKey_TellsThemApart()
    {
        string value = RootKeyRing.CheckValueOf(Fixtures.RootKey(1));
        Assert.Matches("^[0-9a-f]{16}$", value);
        Assert.Equal(value, RootKeyRing.CheckValueOf(Fixtures.RootKey(1)));
        Assert.NotEqual(value, RootKeyRing.CheckValueOf(Fixtures.RootKey(2)));
    }

    [Fact]
    public void GenerateRandom_Twice_FillsAllDifferently()
    {
        byte[] first = new byte[64];
        byte[] second = new byte[64];
        Fixtures.Hsa.GenerateRandom(first);
        Fixtures.Hsa.GenerateRandom(second);
        Assert.NotEqual(first, second);
        Assert.True(first.AsSpan(32).ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void Constructor_BadRootKeyOrPoolSize_Throws()
    {
        Assert.Throws<ArgumentException>(() => new SoftwareHsa(new byte[31]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SoftwareHsa(new byte[32], rsaPairs: 0));
    }
}
