using System.Diagnostics.CodeAnalysis;
using KmsActors.Grains.Hosting;
using KmsActors.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace KmsActors.Server.Tests;

/// <summary>
/// The real server on a real socket and a real database in a directory of its own, with a clock that
/// stands still until a test moves it.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit disposes it through IAsyncLifetime.")]
public class TestServer : IAsyncLifetime
{
    internal const string OperatorToken = "token-of-the-operator-of-the-tests";

    private const string RootAccount = "1000000000000001";

    private static readonly Credentials RootKey = new("root-key-of-the-tests", "root-secret-of-the-tests");
    private static int s_tenants;

    private KmsServer? _server;
    private SqliteConnection? _reader;

    /// <summary>Where its data is.</summary>
    internal string Data { get; } = Directory.CreateTempSubdirectory("kmsactors-tests-").FullName;

    internal TestClock Clock { get; } = new();

    /// <summary>Where it listens since its last start.</summary>
    internal Uri Address { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>Where the operator's API listens: by itself, if the options say so.</summary>
    internal Uri AdminAddress { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>What the operator's API is made of.</summary>
    internal IServiceProvider AdminServices => (_server!.Admin ?? _server.App).Services;

    /// <summary>The account that every server has.</summary>
    internal Tenant Root => new(this, RootAccount, RootKey);

    /// <summary>Options beside those of every test server.</summary>
    protected virtual IEnumerable<string> MoreOptions => [];

    public virtual Task InitializeAsync() => StartAsync();

    public virtual async Task DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Data, recursive: true);
    }

    internal async Task StartAsync()
    {
        _server = await KmsServer.OpenAsync(
            [
                $"--data={Data}",
                "--urls=http://127.0.0.1:0",
                "--Logging:LogLevel:Default=Error",
                // Of this process, which is not the server alone.
                "--Kms:AllowCoreDumps=true",
                "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Error",
                $"--KMS_ROOT_ACCESS_KEY_ID={RootKey.Id}",
                $"--KMS_ROOT_ACCESS_KEY_SECRET={RootKey.Secret}",
                $"--KMS_ADMIN_TOKEN={OperatorToken}",
                .. MoreOptions,
            ],
            Clock);
        await _server.App.StartAsync();
        Address = new Uri(_server.App.Urls.First());
        AdminAddress = new Uri((_server.Admin ?? _server.App).Urls.First());
        _reader = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(Data, "kms.db"),
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        }.ConnectionString);
        await _reader.OpenAsync();
    }

    /// <summary>Stops as a signal would have it, and closes the database for good.</summary>
    internal async Task StopAsync()
    {
        if (_reader is not null) await _reader.DisposeAsync();
        _reader = null;
        if (_server is null) return;
        await _server.App.StopAsync();
        await _server.DisposeAsync();
        _server = null;
    }

    /// <summary>Takes the store away from under the server.</summary>
    internal ValueTask CloseStoreAsync() =>
        ((IAsyncDisposable)_server!.App.Services.GetRequiredService<IGrainStore>()).DisposeAsync();

    /// <summary>The number of the last commit: as long as it stays, nothing has changed.</summary>
    internal long Commits() => (long)Query("SELECT last FROM commits")!;

    /// <summary>The first column of the first row, straight from the database.</summary>
    internal object? Query(string sql, params (string Name, object Value)[] parameters)
    {
        using var command = _reader!.CreateCommand();
#pragma warning disable CA2100 // Only tests' own constants come here.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        return command.ExecuteScalar();
    }

    /// <summary>Carries out all due reminders now, as the pump does each second.</summary>
    internal async Task RunRemindersAsync()
    {
        const int mostRounds = 100;
        var pump = _server!.App.Services.GetRequiredService<ReminderPump>();
        // A reminder may have asked for another that is due as well, but not for ever.
        for (var round = 0; await pump.RunDueAsync(CancellationToken.None) > 0; round++)
            Assert.True(round < mostRounds, "a reminder that was carried out is still there");
    }

    /// <summary>Another account, with an access key of its own.</summary>
    internal async Task<Tenant> NewTenantAsync()
    {
        var number = Interlocked.Increment(ref s_tenants);
        var tenant = new Tenant(
            this,
            $"2000000000{number:D6}",
            new Credentials($"key-{number}-{Guid.NewGuid():N}", $"secret-{Guid.NewGuid():N}"));
        await OperateAsync(tenant.Account, new CreateAccount());
        await OperateAsync(tenant.Account, new CreateAccessKey(tenant.Key.Id, tenant.Key.Secret));
        return tenant;
    }

    /// <summary>Carries out what no protocol offers yet.</summary>
    internal async Task OperateAsync<T>(string account, IOperation<T> operation)
    {
        var context = new OperationContext(
            _server!.Kms, account, new TurnContext("tests", ""), CancellationToken.None);
        var outcome = await operation.RunAsync(context);
        Assert.False(outcome.Refused(out var refusal), refusal?.ToString());
    }
}
