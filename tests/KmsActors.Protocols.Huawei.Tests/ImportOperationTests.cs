using System.Security.Cryptography;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Hsa;
using KmsActors.Operations;

namespace KmsActors.Protocols.Huawei.Tests;

/// <summary>Imports by this protocol's tables: one a key, each with a token of the key's own.</summary>
public sealed class ImportOperationTests : IAsyncLifetime
{
    private static readonly byte[] Material = RandomNumberGenerator.GetBytes(32);

    private TestKms _service = null!;

    public async Task InitializeAsync() => _service = await TestKms.OpenAsync();

    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task ImportKeyMaterial_WithTheTokenOfAnotherKey_SaysSo()
    {
        string keyId = await CreateAsync();
        ImportKeyMaterial import = await PrepareAsync(await CreateAsync());
        Assert.Equal(RefusalCode.ImportTokenOfAnotherKey, await RefusalOf(import with { KeyId = keyId }));
        Assert.Null(await RefusalOf(import));
    }

    [Fact]
    public async Task ImportKeyMaterial_WithAForgedToken_SaysNothingOfItsKey()
    {
        string keyId = await CreateAsync();
        ImportKeyMaterial import = await PrepareAsync(await CreateAsync());
        import.Token[^1] ^= 1;
        Assert.Equal(RefusalCode.ImportTokenInvalid, await RefusalOf(import with { KeyId = keyId }));
    }

    [Fact]
    public async Task ImportKeyMaterial_WithTheExpiredTokenOfAnotherKey_SaysThatItIsAnothers()
    {
        string keyId = await CreateAsync();
        ImportKeyMaterial import = await PrepareAsync(await CreateAsync());
        _service.Time.Advance(ImportTokenGrain.Lifetime);
        Assert.Equal(RefusalCode.ImportTokenOfAnotherKey, await RefusalOf(import with { KeyId = keyId }));
        Assert.Equal(RefusalCode.ImportTokenExpired, await RefusalOf(import));
    }

    // What the table says has to hold in the turn: before it, all of them find a key that waits.
    [Fact]
    public async Task ImportKeyMaterial_ManyAtOnce_ImportsOnce()
    {
        string keyId = await CreateAsync();
        List<ImportKeyMaterial> imports = [];
        for (int i = 0; i < 4; i++) imports.Add(await PrepareAsync(keyId));
        using Barrier start = new(imports.Count);
        RefusalCode?[] answers = await Task.WhenAll(imports.Select(import => Task.Run(() =>
        {
            start.SignalAndWait();
            return RefusalOf(import);
        })));
        Assert.Single(answers, answer => answer is null);
        Assert.Equal(3, answers.Count(answer => answer == RefusalCode.NotPendingImport));
    }

    private async Task<string> CreateAsync()
    {
        Outcome<CmkDescription> key = await RunAsync(new CreateKey { Origin = KeyOrigin.External });
        return key.Value.KeyId;
    }

    private async Task<ImportKeyMaterial> PrepareAsync(string keyId)
    {
        Outcome<GetParametersForImport.Result> issued =
            await RunAsync(new GetParametersForImport(keyId, ImportWrapping.OaepSha256));
        using RSA rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(issued.Value.PublicKey, out _);
        byte[] encrypted = rsa.Encrypt(Material, RSAEncryptionPadding.OaepSHA256);
        return new ImportKeyMaterial(keyId, issued.Value.Token, encrypted, null);
    }

    private async Task<RefusalCode?> RefusalOf<T>(IOperation<T> operation) => (await RunAsync(operation)).Refusal?.Code;

    private async Task<Outcome<T>> RunAsync<T>(IOperation<T> operation) => await operation.RunAsync(
        new OperationContext(_service.Kms, TestKms.Account, new TurnContext("test", ""), CancellationToken.None)
        {
            Lifecycle = CmkLifecycle.Huawei,
        });
}
