using System.Security.Cryptography;

namespace KmsActors.Hsa.Tests;

public sealed class WrappingTests
{
    private const int BlobOverhead = 45;

    [Fact]
    public void GenerateKey_Twice_WrapsDifferentMaterialOfTheDocumentedLength()
    {
        byte[] first = Fixtures.Hsa.GenerateKey(Fixtures.Binding);
        byte[] second = Fixtures.Hsa.GenerateKey(Fixtures.Binding);
        Assert.Equal(BlobOverhead + 32, first.Length);
        Assert.Equal([1, 0, 0, 0, 1], first[..5]);
        using ICmkHandle one = Fixtures.Hsa.OpenKey(Fixtures.Binding, first);
        using ICmkHandle other = Fixtures.Hsa.OpenKey(Fixtures.Binding, second);
        Assert.False(Fixtures.TryDecrypt(other, Fixtures.Encrypt(one, [1]), null, out _));
    }

    [Fact]
    public void OpenKey_OpenedTwice_IsTheSameKey()
    {
        byte[] blob = Fixtures.Hsa.GenerateKey(Fixtures.Binding);
        using SoftwareHsa restarted = new(Fixtures.RootKey(1), importPairs: 1);
        using ICmkHandle before = Fixtures.Hsa.OpenKey(Fixtures.Binding, blob);
        using ICmkHandle after = restarted.OpenKey(Fixtures.Binding, blob);
        Assert.True(Fixtures.TryDecrypt(after, Fixtures.Encrypt(before, [1, 2]), null, out byte[] plaintext));
        Assert.Equal([1, 2], plaintext);
    }

    [Fact]
    public void OpenKey_AnyOtherBinding_Throws()
    {
        byte[] blob = Fixtures.Hsa.GenerateKey(Fixtures.Binding);
        foreach (KeyBinding other in new[]
        {
            Fixtures.Binding with { Account = Fixtures.OtherAccount },
            Fixtures.Binding with { KeyId = Fixtures.OtherKeyId },
            Fixtures.Binding with { VersionId = Fixtures.OtherVersionId },
            new KeyBinding(Fixtures.Account, Fixtures.VersionId, Fixtures.KeyId),
        })
            Assert.Throws<CryptographicException>(() => Fixtures.Hsa.OpenKey(other, blob));
        Fixtures.Hsa.OpenKey(Fixtures.Binding, blob).Dispose();
    }

    [Fact]
    public void OpenKey_AnyByteChangedOrCut_Throws()
    {
        byte[] blob = Fixtures.Hsa.GenerateKey(Fixtures.Binding);
        for (int at = 0; at < blob.Length; at++)
        {
            byte[] changed = [.. blob];
            changed[at] ^= 1;
            Assert.Throws<CryptographicException>(() => Fixtures.Hsa.OpenKey(Fixtures.Binding, changed));
            Assert.Throws<CryptographicException>(
                () => Fixtures.Hsa.OpenKey(Fixtures.Binding, blob.AsSpan(0, at)));
        }
    }

    [Fact]
    public void OpenKey_OtherRootKey_Throws()
    {
        using SoftwareHsa other = new(Fixtures.RootKey(2), importPairs: 1);
        byte[] blob = Fixtures.Hsa.GenerateKey(Fixtures.Binding);
        Assert.Throws<CryptographicException>(() => other.OpenKey(Fixtures.Binding, blob));
    }

    [Fact]
    public void Unwrap_SameFieldsOtherPurpose_Throws()
    {
        using RootKey root = new(Fixtures.RootKey(1));
        KeyBinding binding = new("account", Fixtures.KeyId, Fixtures.VersionId);
        byte[][] purposes =
        [
            Domain.KeyMaterial(binding),
            Domain.ImportPrivateKey("account", "name"),
            Domain.ImportPrivateKey("accountn", "ame"),
            Domain.Secret("account"),
            Domain.Secret("account\0\0\0\u0004name"),
            Domain.Account("account"),
            Domain.Fingerprint("account", "name"),
            Domain.RootKeyCheck(),
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

    [Fact]
    public void OpenKey_MaterialNot32Bytes_Throws()
    {
        using RootKey root = new(Fixtures.RootKey(1));
        byte[] blob = root.Wrap(Domain.KeyMaterial(Fixtures.Binding), new byte[16]);
        Assert.Throws<CryptographicException>(() => Fixtures.Hsa.OpenKey(Fixtures.Binding, blob));
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
            Assert.Throws<ArgumentException>(() => Fixtures.Hsa.GenerateKey(bad));
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
        byte[] key = Fixtures.Hsa.GenerateKey(Fixtures.Binding);
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
    public void RootKeyCheckValue_SameOrOtherRootKey_TellsThemApart()
    {
        using RootKey same = new(Fixtures.RootKey(1));
        using RootKey other = new(Fixtures.RootKey(2));
        Assert.Matches("^[0-9a-f]{16}$", Fixtures.Hsa.RootKeyCheckValue);
        Assert.Equal(Fixtures.Hsa.RootKeyCheckValue, same.CheckValue());
        Assert.NotEqual(Fixtures.Hsa.RootKeyCheckValue, other.CheckValue());
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
        Assert.Throws<ArgumentOutOfRangeException>(() => new SoftwareHsa(new byte[32], importPairs: 0));
    }
}
