using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Hsa;
using KmsActors.Operations;
using KmsActors.Storage.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace KmsActors.Protocols.Huawei.Tests;

/// <summary>A service of one account with one access key, that of <see cref="Signer"/>, on a file of its own.</summary>
internal sealed class TestKms : IAsyncDisposable
{
    public const string Account = "1000000000000001";

    private readonly string _directory;
    private readonly SqliteGrainStore _store;
    private readonly GrainHost _host;
    private readonly SoftwareHsa _hsa;

    private TestKms(string directory, SqliteGrainStore store)
    {
        _directory = directory;
        _store = store;
        _host = new GrainHost(store, Time, new GrainHostOptions());
        _hsa = new SoftwareHsa(new byte[32], rsaPairs: 1);
        Kms = new Kms(_host, store, _hsa, Time, new KmsLimits());
    }

    public FakeTimeProvider Time { get; } = new(Signer.Clock.GetUtcNow());

    public Kms Kms { get; }

    public static async Task<TestKms> OpenAsync()
    {
        string directory = Directory.CreateTempSubdirectory("kms-huawei-").FullName;
        SqliteStoreOptions options = new() { Path = Path.Combine(directory, "kms.db") };
        TestKms service = new(directory, await SqliteGrainStore.OpenAsync(options, CancellationToken.None));
        await service.RunAsync(new CreateAccount());
        await service.RunAsync(new CreateAccessKey(Signer.AccessKeyId, "testsecret"));
        return service;
    }

    public async Task RunAsync<T>(IOperation<T> operation) => await ResultAsync(operation);

    public async Task<T> ResultAsync<T>(IOperation<T> operation)
    {
        OperationContext context = new(Kms, Account, new TurnContext("test", ""), CancellationToken.None);
        Outcome<T> outcome = await operation.RunAsync(context);
        Assert.False(outcome.Refused(out _));
        return outcome.Value;
    }

    public async ValueTask DisposeAsync()
    {
        _host.Dispose();
        await _store.DisposeAsync();
        _hsa.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
