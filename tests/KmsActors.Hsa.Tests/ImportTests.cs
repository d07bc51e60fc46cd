using System.Diagnostics;
using System.Security.Cryptography;
using KmsActors.Hsa.ShangMi;

namespace KmsActors.Hsa.Tests;

public sealed class ImportTests
{
    private const string Token = "token-1";

    private static readonly ImportWrapping[] RsaAlgorithms =
        [ImportWrapping.Pkcs1, ImportWrapping.OaepSha1, ImportWrapping.OaepSha256];

    private static readonly Lazy<Task<ImportKeyPair>> RsaPair = new(() => TakeNew(ImportWrapping.OaepSha256));
    private static readonly Lazy<Task<ImportKeyPair>> Sm2Pair = new(() => TakeNew(ImportWrapping.Sm2Pke));

    public static TheoryData<ImportWrapping> Algorithms => [.. Enum.GetValues<ImportWrapping>()];

    public static TheoryData<ImportWrapping, KeyType> AlgorithmsAndTypes
    {
        get
        {
            TheoryData<ImportWrapping, KeyType> data = [];
            foreach (ImportWrapping algorithm in Enum.GetValues<ImportWrapping>())
            {
                data.Add(algorithm, KeyType.Aes256);
                data.Add(algorithm, KeyType.Sm4);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(AlgorithmsAndTypes))]
    public async Task ImportMaterial_CustomersImplementation_MakesAKeyOfThatMaterial(
        ImportWrapping algorithm, KeyType type)
    {
        ImportKeyPair pair = await Take(algorithm);
        KeyBinding binding = Fixtures.BindingOf(type);
        byte[] material = RandomNumberGenerator.GetBytes(type.MaterialSize());
        WrappedImport? imported = Import(pair, algorithm, Wrap(pair, algorithm, material), binding);
        Assert.NotNull(imported);
        Assert.Equal(32, imported.Fingerprint.Length);

        using var key = (ISymmetricKey)Fixtures.Hsa.OpenKey(binding, imported.WrappedMaterial);
        using SymmetricKey expected = new(binding, material);
        Assert.True(Fixtures.TryDecrypt(expected, Fixtures.Encrypt(key, [1]), null, out _));
    }

    [Fact]
    public async Task ImportMaterial_OtherRsaAlgorithmThanUsed_IsNull()
    {
        ImportKeyPair pair = await Take();
        foreach (ImportWrapping used in RsaAlgorithms)
        {
            byte[] encrypted = Wrap(pair, used, new byte[32]);
            foreach (ImportWrapping said in RsaAlgorithms.Where(said => said != used))
                Assert.Null(Import(pair, said, encrypted));
        }
    }

    [Theory]
    [MemberData(nameof(AlgorithmsAndTypes))]
    public async Task ImportMaterial_NotOfTheTypesLength_IsNull(ImportWrapping algorithm, KeyType type)
    {
        ImportKeyPair pair = await Take(algorithm);
        foreach (int length in new[] { 0, 1, 15, 16, 17, 31, 32, 33, 64, 190 })
        {
            if (length == 0 && algorithm == ImportWrapping.Sm2Pke)
                continue;
            byte[] encrypted = Wrap(pair, algorithm, new byte[length]);
            Assert.Equal(
                length == type.MaterialSize(),
                Import(pair, algorithm, encrypted, Fixtures.BindingOf(type)) is not null);
        }
    }

    [Theory]
    [InlineData(KeyType.Rsa2048)]
    [InlineData(KeyType.EcP256)]
    [InlineData(KeyType.EcSm2)]
    public async Task ImportMaterial_TypeOfPairs_Throws(KeyType type)
    {
        ImportKeyPair pair = await Take();
        byte[] encrypted = Wrap(pair, ImportWrapping.OaepSha256, new byte[32]);
        Assert.Throws<ArgumentException>(
            () => Import(pair, ImportWrapping.OaepSha256, encrypted, Fixtures.BindingOf(type)));
    }

    [Fact]
    public async Task ImportMaterial_Garbage_IsNull()
    {
        foreach (ImportWrapping algorithm in Enum.GetValues<ImportWrapping>())
        {
            ImportKeyPair pair = await Take(algorithm);
            foreach (int length in new[] { 0, 1, 97, 98, 113, 129, 255, 256, 257, 6144, 6145, 10_000 })
            {
                foreach (byte fill in new byte[] { 0, 1, 4, 255 })
                    Assert.Null(Import(pair, algorithm, Fixtures.Filled(length, fill)));
            }
        }
    }

    [Fact]
    public async Task ImportMaterial_OtherPair_IsNull()
    {
        foreach (ImportWrapping algorithm in Enum.GetValues<ImportWrapping>())
        {
            ImportKeyPair pair = await Take(algorithm);
            ImportKeyPair other = await TakeNew(algorithm);
            Assert.NotEqual(pair.PublicKey, other.PublicKey);
            Assert.Null(Import(other, algorithm, Wrap(pair, algorithm, new byte[32])));
        }
    }

    [Fact]
    public async Task ImportMaterial_PairOfTheOtherKind_Throws()
    {
        ImportKeyPair rsa = await Take();
        ImportKeyPair sm2 = await Take(ImportWrapping.Sm2Pke);
        byte[] encrypted = Wrap(sm2, ImportWrapping.Sm2Pke, new byte[32]);
        Assert.Throws<CryptographicException>(() => Import(rsa, ImportWrapping.Sm2Pke, encrypted));
        foreach (ImportWrapping algorithm in RsaAlgorithms)
        {
            byte[] encryptedByRsa = Wrap(rsa, algorithm, new byte[32]);
            Assert.Throws<CryptographicException>(() => Import(sm2, algorithm, encryptedByRsa));
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task ImportMaterial_PrivateKeyOfOtherAccountOrToken_Throws(ImportWrapping algorithm)
    {
        ImportKeyPair pair = await Take(algorithm);
        byte[] encrypted = Wrap(pair, algorithm, new byte[32]);
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
                account, token, key, algorithm, encrypted, Fixtures.Binding));
        }
    }

    [Theory]
    [InlineData(KeyType.Aes256)]
    [InlineData(KeyType.Sm4)]
    public async Task ImportMaterial_Fingerprint_IsEqualExactlyForEqualMaterialAccountAndKey(KeyType type)
    {
        ImportKeyPair pair = await Take();
        KeyBinding binding = Fixtures.BindingOf(type);
        byte[] material = RandomNumberGenerator.GetBytes(type.MaterialSize());
        byte[] otherMaterial = [.. material];
        otherMaterial[^1] ^= 1;
        byte[] fingerprint = await Fingerprint(pair, material, binding);

        Assert.Equal(fingerprint, await Fingerprint(pair, material, binding));
        Assert.Equal(
            fingerprint, await Fingerprint(pair, material, binding with { VersionId = Fixtures.OtherVersionId }));
        Assert.NotEqual(fingerprint, await Fingerprint(pair, otherMaterial, binding));
        Assert.NotEqual(
            fingerprint, await Fingerprint(pair, material, binding with { KeyId = Fixtures.OtherKeyId }));
        Assert.NotEqual(
            fingerprint, await Fingerprint(pair, material, binding with { Account = Fixtures.OtherAccount }));
        Assert.NotEqual(fingerprint[..16], fingerprint[16..]);
    }

    [Fact]
    public async Task ImportMaterial_FirstVersionsMaterial_HasItsFingerprint() =>
        Assert.Equal(
            "d81c5f1f08261d5084e9a0ba0da091f1a236a396a19d587b7608baf06628ad56",
            Convert.ToHexStringLower(
                await Fingerprint(await Take(), Fixtures.Filled(32, 9), Fixtures.Binding)));

    [Fact]
    public async Task TakeImportKeyPairAsync_PublicKey_IsRsa2048OrSm2()
    {
        foreach (ImportWrapping algorithm in RsaAlgorithms)
        {
            ImportKeyPair pair = await TakeNew(algorithm);
            using RSA rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(pair.PublicKey, out int read);
            Assert.Equal(pair.PublicKey.Length, read);
            Assert.Equal(2048, rsa.KeySize);
        }

        Assert.True(Sm2Key.TryReadInfo((await Take(ImportWrapping.Sm2Pke)).PublicKey, out _));
    }

    [Fact]
    public async Task TakeImportKeyPairAsync_Sm2_CompletesAtOnceWithoutRsaPairs()
    {
        using RsaPairPool rsa2048 = new(2048, 1);
        using RsaPairPool rsa3072 = new(3072, 1);
        using SoftwareHsa hsa = new(RootKeyRing.Of(Fixtures.RootKey(1)), rsa2048, rsa3072);
        rsa2048.Dispose();
        ValueTask<ImportKeyPair> pair =
            hsa.TakeImportKeyPairAsync(
                Fixtures.Account, Token, ImportWrapping.Sm2Pke, KeyProtection.Software, CancellationToken.None);
        Assert.True(pair.IsCompletedSuccessfully);
        await pair;
    }

    [Fact]
    public async Task TakeImportKeyPairAsync_Cancelled_Throws()
    {
        using SoftwareHsa hsa = new(Fixtures.RootKey(1), rsaPairs: 1);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hsa.TakeImportKeyPairAsync(
            Fixtures.Account, Token, ImportWrapping.Pkcs1, KeyProtection.Software, new CancellationToken(true)).AsTask());
    }

    [Fact]
    public async Task TakeImportKeyPairAsyncAndImportMaterial_UnknownAlgorithm_Throw()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => TakeNew((ImportWrapping)99));
        ImportKeyPair pair = await Take();
        Assert.Throws<ArgumentOutOfRangeException>(() => Import(pair, (ImportWrapping)99, new byte[256]));
    }

    [Fact]
    public void Constructor_ManyPairsAhead_WaitsForNone()
    {
        long start = Stopwatch.GetTimestamp();
        new SoftwareHsa(Fixtures.RootKey(1), rsaPairs: 1000).Dispose();
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromMinutes(1));
    }

    // Pairs take long to make; the algorithms of RSA share one.
    private static Task<ImportKeyPair> Take(ImportWrapping algorithm = ImportWrapping.OaepSha256) =>
        algorithm == ImportWrapping.Sm2Pke ? Sm2Pair.Value : RsaPair.Value;

    private static Task<ImportKeyPair> TakeNew(ImportWrapping algorithm) =>
        Fixtures.Hsa.TakeImportKeyPairAsync(
            Fixtures.Account, Token, algorithm, KeyProtection.Software, CancellationToken.None).AsTask();

    private static WrappedImport? Import(
        ImportKeyPair pair, ImportWrapping algorithm, byte[] encrypted, KeyBinding? binding = null) =>
        Fixtures.Hsa.ImportMaterial(
            Fixtures.Account, Token, pair.WrappedPrivateKey, algorithm, encrypted, binding ?? Fixtures.Binding);

    // By RSA one time and by SM2 the other: how material came is nothing to its fingerprint.
    private static async Task<byte[]> Fingerprint(ImportKeyPair pair, byte[] material, KeyBinding binding)
    {
        WrappedImport? imported = Import(
            pair, ImportWrapping.OaepSha256, Wrap(pair, ImportWrapping.OaepSha256, material), binding);
        ImportKeyPair sm2 = await Take(ImportWrapping.Sm2Pke);
        WrappedImport? importedBySm2 =
            Import(sm2, ImportWrapping.Sm2Pke, Wrap(sm2, ImportWrapping.Sm2Pke, material), binding);
        Assert.NotNull(imported);
        Assert.NotNull(importedBySm2);
        Assert.Equal(imported.Fingerprint, importedBySm2.Fingerprint);
        return imported.Fingerprint;
    }

    private static byte[] Wrap(ImportKeyPair pair, ImportWrapping algorithm, byte[] material)
    {
        if (algorithm == ImportWrapping.Sm2Pke)
        {
            using OpenSsl openSsl = new();
            return Sm2.FromAsn1(openSsl.Encrypt(pair.PublicKey, material));
        }

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
