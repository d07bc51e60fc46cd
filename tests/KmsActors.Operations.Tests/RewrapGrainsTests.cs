using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Hsa;

namespace KmsActors.Operations.Tests;

public sealed class RewrapGrainsTests : IAsyncLifetime
{
    private readonly Service _service = new();
    private readonly HashSet<GrainId> _failed = [];

    private Kms Kms => _service.Kms;

    public async Task InitializeAsync()
    {
        await _service.InitializeAsync();
        Assert.True(await _service.RootKeys.AddRootKeyAsync(1, [1], default));
    }

    public Task DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task RunAsync_NothingUnderOlderVersions_DoesNothing()
    {
        await _service.OkAsync(new CreateKey());
        Assert.Equal(0, await RunAsync(1));
    }

    [Fact]
    public async Task RunAsync_EveryKindOfBlob_IsUnderTheNewVersionAndOpens()
    {
        var keys = new Dictionary<KeySpec, string>();
        foreach (var spec in Enum.GetValues<KeySpec>())
        {
            var usage = spec.Allows(KeyUsage.EncryptDecrypt) ? KeyUsage.EncryptDecrypt : KeyUsage.SignVerify;
            keys[spec] = (await _service.OkAsync(new CreateKey { Spec = spec, Usage = usage })).KeyId;
        }

        _service.Time.Advance(TimeSpan.FromDays(8));
        await _service.OkAsync(new CreateKeyVersion(KeyReference.ById(keys[KeySpec.Rsa2048])));
        var waiting = (await _service.OkAsync(new CreateKey { Origin = KeyOrigin.External })).KeyId;
        await _service.OkAsync(new GetParametersForImport(waiting, ImportWrapping.OaepSha256));
        await _service.OkAsync(new CreateAccessKey("LTAIrewrapped", "a secret of its own".Replace(' ', '-')));
        Assert.False((await AppliedCredentials.NoteAsync(_service.Context(), "id and secret")).Refused(out _));
        var sealedBefore = await _service.OkAsync(
            new Encrypt(
            KeyReference.ById(keys[KeySpec.Aes256]), new byte[] { 1, 2, 3 }, PlaintextForm.Bytes, EncryptionContext.Empty));

        await UseVersion2Async();
        Assert.InRange(await RunAsync(2), keys.Count + 3, keys.Count + 20);
        Assert.Equal(0, await RunAsync(2));
        Assert.Empty(_failed);
        Assert.DoesNotContain(1, (await _service.RootKeys.CountByRootKeyAsync(default)).Keys);
        Assert.True(await _service.RootKeys.RemoveRootKeysBeforeAsync(2, default));
        _service.Ring.ForgetBefore(2);
        await _service.RestartAsync();

        var opened = await _service.OkAsync(
            new Decrypt(sealedBefore.Ciphertext, EncryptionContext.Empty));
        Assert.Equal([1, 2, 3], opened.Plaintext.Span.ToArray());
        foreach (var (spec, key) in keys.Where(each => !each.Key.IsSymmetric()))
        {
            var snapshot = await Kms.Host.ReadAsync(GrainId.OfCmk(Service.Account, key), default);
            var version = snapshot.State<CmkState>()!.Primary.Id;
            await _service.OkAsync(new GetPublicKey(KeyReference.ById(key), version));
        }

        Assert.True(await AppliedCredentials.AreAsync(_service.Context(), "id and secret"));
    }

    [Fact]
    public async Task RunAsync_ABlobThatDoesNotOpen_IsLeftAndSaidAndTheOthersAreDone()
    {
        var good = (await _service.OkAsync(new CreateKey())).KeyId;
        var damaged = GrainId.OfCmk(Service.Account, (await _service.OkAsync(new CreateKey())).KeyId);
        await Kms.Host.InTurns(
            [damaged], new("test", ""), grain => grain.Rewrap(blob => [.. blob[..^1], (byte)(blob[^1] ^ 1)]), default);
        await UseVersion2Async();
        Assert.InRange(await RunAsync(2), 1, 10);
        Assert.Equal([damaged], _failed);
        Assert.Equal(0, await RunAsync(2));
        Assert.Equal([damaged], await _service.RootKeys.NeedingRootKeysBeforeAsync(2, 10, default));
        Assert.False(await _service.RootKeys.RemoveRootKeysBeforeAsync(2, default));
        await _service.OkAsync(new GenerateDataKey(KeyReference.ById(good), 32, EncryptionContext.Empty));
    }

    [Fact]
    public async Task RunAsync_BesideChanges_LosesNone()
    {
        List<string> keys = [];
        for (var i = 0; i < 100; i++) keys.Add((await _service.OkAsync(new CreateKey())).KeyId);
        await UseVersion2Async();
        var changes = Task.WhenAll(keys.Select(async key =>
        {
            await Task.Yield();
            await _service.OkAsync(new UpdateKeyDescription(key, "changed"));
        }));
        while (await RunAsync(2) > 0)
        {
        }

        await changes;
        while (await RunAsync(2) > 0)
        {
        }

        Assert.True(await _service.RootKeys.RemoveRootKeysBeforeAsync(2, default));
        _service.Ring.ForgetBefore(2);
        await _service.RestartAsync();
        foreach (var key in keys)
        {
            Assert.Equal("changed", (await _service.OkAsync(new DescribeKey(KeyReference.ById(key)))).State.Description);
            await _service.OkAsync(new GenerateDataKey(KeyReference.ById(key), 32, EncryptionContext.Empty));
        }
    }

    [Fact]
    public async Task CreateKey_UnderAVersionThatIsGone_IsUnavailableAndMakesNothing()
    {
        await UseVersion2Async();
        Assert.Equal(0, await RunAsync(1));
        while (await RunAsync(2) > 0)
        {
        }

        Assert.True(await _service.RootKeys.RemoveRootKeysBeforeAsync(2, default));
        // As on a node that was asleep all the while.
        _service.Ring.Use(1);
        Assert.Equal(RefusalCode.Unavailable, await _service.CodeOfAsync(new CreateKey()));
        _service.Ring.Use(2);
        await _service.OkAsync(new CreateKey());
        Assert.Equal(1, await _service.OkAsync(new CountKeys(KeyFilter.None)));
    }

    private async Task UseVersion2Async()
    {
        Assert.True(await _service.RootKeys.AddRootKeyAsync(2, [2], default));
        _service.Ring.Add(2, [.. Enumerable.Repeat((byte)2, 32)]);
        _service.Ring.Use(2);
    }

    private async Task<int> RunAsync(long version) =>
        await RewrapGrains.RunAsync(Kms, _service.RootKeys, version, _failed, default);
}
