using System.Diagnostics.CodeAnalysis;
using System.Text;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Hsa;
using KmsActors.Storage.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace KmsActors.Operations.Tests;

/// <summary>A service of one account on a file of its own, by a clock of its own, with cheap passwords.</summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit disposes it through IAsyncLifetime.")]
public sealed class Service : IAsyncLifetime
{
    public const string Account = "1000000000000001";
    public const int Iterations = 10;

    private readonly string _directory = Directory.CreateTempSubdirectory("kms-operations-").FullName;
    private readonly SoftwareHsa _hsa;
    private SqliteGrainStore _store = null!;
    private GrainHost _host = null!;

    public Service() => _hsa = new SoftwareHsa(Ring, rsaPairs: 1);

    /// <summary>The root key; the HSA's.</summary>
    public RootKeyRing Ring { get; } = RootKeyRing.Of(new byte[32]);

    /// <summary>Where the versions of the root key are, and what needs which.</summary>
    public IRootKeyTable RootKeys => _store;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));

    public Kms Kms { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await StartAsync();
        await OkAsync(new CreateAccount());
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        _hsa.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Forgets all that is only in memory.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    public OperationContext Context(Rights? rights = null, string account = Account) =>
        new(Kms, account, new TurnContext("test", ""), CancellationToken.None) { Rights = rights ?? Rights.Full };

    public async Task<T> OkAsync<T>(IOperation<T> operation, string account = Account)
    {
        var outcome = await operation.RunAsync(Context(account: account));
        Assert.False(outcome.Refused(out var refusal), $"{operation}: {refusal}");
        return outcome.Value;
    }

    public async Task<RefusalCode?> CodeOfAsync<T>(IOperation<T> operation, Rights? rights = null) =>
        (await operation.RunAsync(Context(rights))).Refusal?.Code;

    /// <summary>The same service on a node beside which there are others.</summary>
    internal Kms Beside(IChangeFeed others) =>
        Kms with { Host = new GrainHost(_store, Time, new GrainHostOptions(), others) };

    /// <summary>A new user with a password.</summary>
    public Task<Done> UserAsync(string name, string password = "the password") =>
        OkAsync(new CreateUser(name) { Password = Bytes(password) });

    /// <summary>A login that has to be good; the token.</summary>
    public async Task<string> LogInAsync(string user, string password = "the password", bool project = true) =>
        (await OkAsync(new IssueAuthToken(user, Bytes(password), project ? ProjectReference.First : null))).Text;

    public Task<RefusalCode?> LoginCodeAsync(string user, string password = "the password") =>
        CodeOfAsync(new IssueAuthToken(user, Bytes(password), ProjectReference.First));

    public async Task<RefusalCode?> TokenCodeAsync(string token) =>
        (await AuthTokens.VerifyAsync(Kms, token, CancellationToken.None)).Refusal?.Code;

    public async Task<Outcome<Rights>> RightsAsync(string? user, PolicyAction action) =>
        await Authorization.RightsAsync(Kms, new Principal(Account, user), null, action, CancellationToken.None);

    public async Task<UserState?> StateAsync(string user) =>
        (await Kms.Host.ReadAsync(GrainId.OfUser(Account, user), CancellationToken.None)).State<UserState>();

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static AttachedPolicy Policy(PolicyEffect effect, params string[] actions) => new()
    {
        Name = effect.ToString(),
        Statements = [new PolicyStatement { Effect = effect, Actions = [.. actions] }],
    };

    private async Task StartAsync()
    {
        var options = new SqliteStoreOptions { Path = Path.Combine(_directory, "kms.db") };
        _store = await SqliteGrainStore.OpenAsync(options, CancellationToken.None);
        _host = new GrainHost(_store, Time, new GrainHostOptions());
        Kms = new Kms(_host, _store, _hsa, Time, new KmsLimits { TokensPerAccount = 40, UsersPerAccount = 200 })
        {
            Passwords = new Passwords(_hsa, Time, Iterations),
        };
    }

    private async Task StopAsync()
    {
        _host.Dispose();
        await _store.DisposeAsync();
    }
}
