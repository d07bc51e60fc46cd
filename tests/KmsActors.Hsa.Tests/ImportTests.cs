using System.Diagnostics;
using System.Security.Cryptography;

namespace KmsActors.Hsa.Tests;

public sealed class ImportTests
{
    private const string Token = "token-1";

    public static TheoryData<ImportWrapping> Algorithms => [.. Enum.GetValues<ImportWrapping>()];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task ImportMaterial_CustomersRsa_MakesAKeyOfThatMaterial(ImportWrapping algorithm)
    {
        ImportKeyPair pair = await Take();
        byte[] material = RandomNumberGenerator.GetBytes(32);
        WrappedImport? imported = Import(pair, algorithm, Wrap(pair, algorithm, material));
        Assert.NotNull(imported);
        Assert.Equal(32, imported.Fingerprint.Length);

        using ICmkHandle key = Fixtures.Hsa.OpenKey(Fixtures.Binding, imported.WrappedMaterial);
        using CmkHandle expected = new(Fixtures.Binding, material);
        Assert.True(Fixtures.TryDecrypt(expected, Fixtures.Encrypt(key, [1]), null, out _));
    }

    [Fact]
    public async Task ImportMaterial_OtherAlgorithmThanUsed_IsNull()
    {
        ImportKeyPair pair = await Take();
        foreach (ImportWrapping used in Enum.GetValues<ImportWrapping>())
        {
            byte[] encrypted = Wrap(pair, used, new byte[32]);
            foreach (ImportWrapping said in Enum.GetValues<ImportWrapping>().Where(said => said != used))
                Assert.Null(Import(pair, said, encrypted));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(64)]
    public async Task ImportMaterial_Not32Bytes_IsNull(int length)
    {
        ImportKeyPair pair = await Take();
        foreach (ImportWrapping algorithm in Enum.GetValues<ImportWrapping>())
            Assert.Null(Import(pair, algorithm, Wrap(pair, algorithm, new byte[length])));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(255, 1)]
    [InlineData(256, 0)]
    [InlineData(256, 1)]
    [InlineData(256, 255)]
    [InlineData(257, 1)]
    [InlineData(10_000, 1)]
    public async Task ImportMaterial_Garbage_IsNull(int length, byte fill)
    {
        ImportKeyPair pair = await Take();
        foreach (ImportWrapping algorithm in Enum.GetValues<ImportWrapping>())
            Assert.Null(Import(pair, algorithm, Fixtures.Filled(length, fill)));
    }

    [Fact]
    public async Task ImportMaterial_OtherPair_IsNull()
    {
        ImportKeyPair pair = await Take();
        ImportKeyPair other = await Take();
        Assert.NotEqual(pair.PublicKey, other.PublicKey);
        foreach (ImportWrapping algorithm in Enum.GetValues<ImportWrapping>())
            Assert.Null(Import(other, algorithm, Wrap(pair, algorithm, new byte[32])));
    }

    [Fact]
    public async Task ImportMaterial_PrivateKeyOfOtherAccountOrToken_Throws()
    {
        ImportKeyPair pair = await Take();
        byte[] encrypted = Wrap(pair, ImportWrapping.OaepSha256, new byte[32]);
        byte[] damaged = [.. pair.WrappedPrivateKey];
        damaged[^1] ^= 1;
        foreach ((string account, string token, byte[] key) in new[]
        {
            (Fixtures.OtherAccount, Token, pair.WrappedPrivateKey),
            (Fixtures.Account, "token-2", pair.WrappedPrivateKey),
            (Fixtures.Account, Token, damaged),
            (Fixtures.Account, Token, []),
        })
        {
            Assert.Throws<CryptographicException>(() => Fixtures.Hsa.ImportMaterial(
                account, token, key, ImportWrapping.OaepSha256, encrypted, Fixtures.Binding));
        }
    }

    [Fact]
    public async Task ImportMaterial_Fingerprint_IsEqualExactlyForEqualMaterialAccountAndKey()
    {
        ImportKeyPair pair = await Take();
        byte[] material = RandomNumberGenerator.GetBytes(32);
        byte[] otherMaterial = [.. material];
        otherMaterial[31] ^= 1;
        byte[] fingerprint = Fingerprint(pair, material, Fixtures.Binding);

        Assert.Equal(fingerprint, Fingerprint(pair, material, Fixtures.Binding));
        Assert.Equal(
            fingerprint,
            Fingerprint(pair, material, Fixtures.Binding with { VersionId = Fixtures.OtherVersionId }));
        Assert.NotEqual(fingerprint, Fingerprint(pair, otherMaterial, Fixtures.Binding));
        Assert.NotEqual(
            fingerprint, Fingerprint(pair, material, Fixtures.Binding with { KeyId = Fixtures.OtherKeyId }));
        Assert.NotEqual(
            fingerprint,
            Fingerprint(pair, material, Fixtures.Binding with { Account = Fixtures.OtherAccount }));
    }

    [Fact]
    public async Task TakeImportKeyPairAsync_PublicKey_IsRsa2048()
    {
        ImportKeyPair pair = await Take();
        using RSA rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(pair.PublicKey, out int read);
        Assert.Equal(pair.PublicKey.Length, read);
        Assert.Equal(2048, rsa.KeySize);
    }

    [Fact]
    public async Task TakeImportKeyPairAsync_Cancelled_Throws()
    {
        using SoftwareHsa hsa = new(Fixtures.RootKey(1), importPairs: 1);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => hsa.TakeImportKeyPairAsync(Fixtures.Account, Token, new CancellationToken(true)).AsTask());
    }

    [Fact]
    public async Task Dispose_WhileTakersWait_RefusesAllButThoseServed()
    {
        ImportKeyPairPool pool = new(capacity: 1);
        Task<RSA>[] takers =
        [
            .. Enumerable.Range(0, 20).Select(_ => pool.TakeAsync(CancellationToken.None).AsTask()),
        ];
        (await takers[0]).Dispose();
        pool.Dispose();
        // A second may have been served meanwhile, but not a third.
        foreach (Task<RSA> taker in takers.Skip(2))
            await Assert.ThrowsAsync<ObjectDisposedException>(() => taker);
        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => pool.TakeAsync(CancellationToken.None).AsTask());
    }

    [Fact]
    public void Constructor_ManyPairsAhead_WaitsForNone()
    {
        long start = Stopwatch.GetTimestamp();
        new SoftwareHsa(Fixtures.RootKey(1), importPairs: 1000).Dispose();
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(5));
    }

    private static Task<ImportKeyPair> Take() =>
        Fixtures.Hsa.TakeImportKeyPairAsync(Fixtures.Account, Token, CancellationToken.None).AsTask();

    private static WrappedImport? Import(ImportKeyPair pair, ImportWrapping algorithm, byte[] encrypted) =>
        Fixtures.Hsa.ImportMaterial(
            Fixtures.Account, Token, pair.WrappedPrivateKey, algorithm, encrypted, Fixtures.Binding);

    private static byte[] Fingerprint(ImportKeyPair pair, byte[] material, KeyBinding binding)
    {
        byte[] encrypted = Wrap(pair, ImportWrapping.OaepSha256, material);
        WrappedImport? imported = Fixtures.Hsa.ImportMaterial(
            Fixtures.Account, Token, pair.WrappedPrivateKey, ImportWrapping.OaepSha256, encrypted, binding);
        Assert.NotNull(imported);
        return imported.Fingerprint;
    }

    private static byte[] Wrap(ImportKeyPair pair, ImportWrapping algorithm, byte[] material)
    {
        using RSA rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(pair.PublicKey, out _);
        return rsa.Encrypt(material, algorithm switch
        {
            ImportWrapping.Pkcs1 => RSAEncryptionPadding.Pkcs1,
            ImportWrapping.OaepSha1 => RSAEncryptionPadding.OaepSHA1,
            _ => RSAEncryptionPadding.OaepSHA256,
        });
    }
}
