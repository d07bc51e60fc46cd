using System.Security.Cryptography;
using KmsActors.Hsa.Pkcs11;
using KmsActors.Hsa.ShangMi;

namespace KmsActors.Hsa.Tests.Pkcs11;

public sealed class TokenImportTests
{
    private const string Name = "token-1";

    private static readonly KeyBinding Binding = Tokens.BindingOf(KeyType.Aes256);

    private static readonly Lazy<Task<ImportKeyPair>> RsaPair = new(() => Take(ImportWrapping.OaepSha1));

    public static TheoryData<ImportWrapping> Algorithms => [.. Enum.GetValues<ImportWrapping>()];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task ImportMaterial_CustomersImplementation_MakesAKeyOfThatMaterialInTheToken(ImportWrapping algorithm)
    {
        ImportKeyPair pair = await Take(algorithm);
        Assert.Equal(algorithm != ImportWrapping.Sm2Pke, RootKey.IsOfToken(pair.WrappedPrivateKey));
        byte[] material = RandomNumberGenerator.GetBytes(32);
        WrappedImport? imported = Import(pair, algorithm, Wrap(pair, algorithm, material));
        Assert.NotNull(imported);
        Assert.True(RootKey.IsOfToken(imported.WrappedMaterial));
        using var key = (ISymmetricKey)Tokens.Hsa.OpenKey(Binding, imported.WrappedMaterial);
        using SymmetricKey expected = new(Binding, material);
        Assert.True(Fixtures.TryDecrypt(expected, Fixtures.Encrypt(key, [1]), null, out _));
        Assert.True(Fixtures.TryDecrypt(key, Fixtures.Encrypt(expected, [1]), null, out _));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task ImportMaterial_Fingerprint_IsThatOfTheSoftwareAppliance(ImportWrapping algorithm)
    {
        byte[] material = RandomNumberGenerator.GetBytes(32);
        ImportKeyPair pair = algorithm == ImportWrapping.Sm2Pke ? await Take(algorithm) : await RsaPair.Value;
        ImportKeyPair software = await Fixtures.Hsa.TakeImportKeyPairAsync(
            Fixtures.Account, Name, algorithm, KeyProtection.Software, CancellationToken.None);
        WrappedImport? expected = Fixtures.Hsa.ImportMaterial(
            Fixtures.Account, Name, software.WrappedPrivateKey, algorithm, Wrap(software, algorithm, material), Fixtures.Binding);
        Assert.Equal(expected!.Fingerprint, Import(pair, algorithm, Wrap(pair, algorithm, material))!.Fingerprint);

        // A pair that was taken before there was a token.
        Assert.Equal(expected.Fingerprint, Import(software, algorithm, Wrap(software, algorithm, material))!.Fingerprint);
    }

    [Fact]
    public async Task ImportMaterial_NotOfTheTypesLength_IsNull()
    {
        ImportKeyPair pair = await RsaPair.Value;
        foreach (ImportWrapping algorithm in Enum.GetValues<ImportWrapping>().Where(a => a != ImportWrapping.Sm2Pke))
        {
            foreach (int length in new[] { 0, 1, 16, 24, 31, 33, 64 })
                Assert.Null(Import(pair, algorithm, Wrap(pair, algorithm, new byte[length])));
            Assert.NotNull(Import(pair, algorithm, Wrap(pair, algorithm, new byte[32])));
        }
    }

    [Fact]
    public async Task ImportMaterial_OtherAlgorithmDamagedOrOfAWrongLength_IsNull()
    {
        ImportKeyPair pair = await RsaPair.Value;
        ImportWrapping[] rsa = [ImportWrapping.Pkcs1, ImportWrapping.OaepSha1, ImportWrapping.OaepSha256];
        foreach (ImportWrapping used in rsa)
        {
            byte[] encrypted = Wrap(pair, used, new byte[32]);
            foreach (ImportWrapping said in rsa.Where(said => said != used))
                Assert.Null(Import(pair, said, encrypted));
            encrypted[100] ^= 1;
            Assert.Null(Import(pair, used, encrypted));
            Assert.Null(Import(pair, used, []));
            Assert.Null(Import(pair, used, [.. encrypted, 0]));
            Assert.Null(Import(pair, used, Fixtures.Filled(256, 0xFF)));
        }
    }

    [Fact]
    public async Task ImportMaterial_PairOfAnotherAccountOrToken_Throws()
    {
        ImportKeyPair pair = await RsaPair.Value;
        byte[] encrypted = Wrap(pair, ImportWrapping.OaepSha1, new byte[32]);
        foreach ((string account, string name) in new[] { (Fixtures.OtherAccount, Name), (Fixtures.Account, "token-2") })
        {
            Assert.Throws<CryptographicException>(() => Tokens.Hsa.ImportMaterial(
                account, name, pair.WrappedPrivateKey, ImportWrapping.OaepSha1, encrypted, Binding));
        }
    }

    [Fact]
    public async Task ImportMaterial_PairOfATokenThatIsNotThere_IsUnavailable()
    {
        ImportKeyPair pair = await RsaPair.Value;
        byte[] encrypted = Wrap(pair, ImportWrapping.OaepSha1, new byte[32]);
        Assert.Throws<HsaUnavailableException>(() => Fixtures.Hsa.ImportMaterial(
            Fixtures.Account, Name, pair.WrappedPrivateKey, ImportWrapping.OaepSha1, encrypted, Binding));
    }

    private static Task<ImportKeyPair> Take(ImportWrapping algorithm) =>
        Tokens.Hsa.TakeImportKeyPairAsync(
            Fixtures.Account, Name, algorithm, KeyProtection.Hsm, CancellationToken.None).AsTask();

    private static WrappedImport? Import(ImportKeyPair pair, ImportWrapping algorithm, byte[] encrypted) =>
        Tokens.Hsa.ImportMaterial(Fixtures.Account, Name, pair.WrappedPrivateKey, algorithm, encrypted, Binding);

    private static byte[] Wrap(ImportKeyPair pair, ImportWrapping algorithm, byte[] material)
    {
        if (algorithm == ImportWrapping.Sm2Pke)
        {
            Assert.True(Sm2Key.TryReadInfo(pair.PublicKey, out ReadOnlySpan<byte> point));
            return Sm2Encryption.Encrypt(point, material);
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
