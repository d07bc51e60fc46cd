using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Storage.Postgres;
using KmsActors.Storage.Sqlite;
using KmsActors.Storage.Tests.Postgres;
using KmsActors.Storage.Tests.Sqlite;
using static KmsActors.Storage.Tests.Make;

namespace KmsActors.Storage.Tests;

/// <summary>
/// What the scrubber sees, for every store: of real keys nothing is wrong, also while they change, and whatever is put
/// wrong in the database is found, and nothing else.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit disposes it through IAsyncLifetime.")]
public abstract class ScrubTests<TStore> : IAsyncLifetime
    where TStore : class, IGrainStore, IStoreScan, IAsyncDisposable
{
    // So that there are pages.
    private const int Page = 2;

    private static readonly TurnContext s_turn = new("tests", "");
    private static readonly TimeSpan s_month = TimeSpan.FromDays(30);

    private TStore _store = null!;
    private GrainHost _host = null!;

    public async Task InitializeAsync()
    {
        _store = await OpenAsync();
        _host = new GrainHost(_store, TimeProvider.System, new GrainHostOptions());
        await MakeAllAsync("");
        await MakeAsync("elsewhere", account: "other/project", level: ProtectionLevel.Hsm, material: 2);
    }

    public async Task DisposeAsync()
    {
        _host.Dispose();
        await _store.DisposeAsync();
    }

    protected abstract Task<TStore> OpenAsync();

    protected abstract Task RunAsync(string sql);

    /// <summary>Text as what the column of states has.</summary>
    protected abstract string Blob(string text);

    [Fact]
    public async Task Clean_NothingIsFound() => Assert.Empty(await ScrubAsync());

    private static readonly (string Sql, string Found)[] s_corruptions =
    [
        ("UPDATE grains SET state = {no JSON} WHERE name = 'plain' AND kind = 3", "plain state-unreadable"),
        ("UPDATE grains SET state = {null} WHERE name = 'plain' AND kind = 3", "plain state-unreadable"),
        ("UPDATE grains SET state = {{\"KeyState\":\"Enabled\",\"Origin\":\"Kms\",\"ProtectionLevel\":\"Software\",\"Description\":\"\","
            + "\"CreatedAt\":\"2026-01-01T00:00:00+00:00\",\"Versions\":[]}} WHERE name = 'plain' AND kind = 3", "plain state-unreadable"),
        ("UPDATE grains SET counted = {no} WHERE name = 'pending'", "pending row-differs"),
        ("UPDATE grains SET owner_key_id = 'x' WHERE name = 'pending'", "pending row-differs"),
        ("DELETE FROM keys WHERE key_id = 'rotating'", "rotating listing-missing"),
        ("UPDATE keys SET key_state = 1 WHERE key_id = 'rotating'", "rotating listing-differs"),
        ("UPDATE keys SET key_spec = 1 WHERE key_id = 'rotating'", "rotating listing-differs"),
        ("UPDATE keys SET key_usage = 1 WHERE key_id = 'rotating'", "rotating listing-differs"),
        ("UPDATE keys SET protection_level = 1 WHERE key_id = 'rotating'", "rotating listing-differs"),
        ("UPDATE keys SET enterprise_project = 'x' WHERE key_id = 'rotating'", "rotating listing-differs"),
        ("UPDATE keys SET created_at = created_at + 1 WHERE key_id = 'plain'", "plain listing-differs"),
        ("UPDATE keys SET alias = 'x' WHERE key_id = 'plain'", "plain listing-differs"),
        ("INSERT INTO keys SELECT account, 'nobody', created_at, key_state, key_spec, key_usage, protection_level, alias,"
            + " enterprise_project FROM keys WHERE key_id = 'pending'", "nobody listing-orphan"),
        ("INSERT INTO keys SELECT account, 'deleted', created_at, key_state, key_spec, key_usage, protection_level, alias,"
            + " enterprise_project FROM keys WHERE key_id = 'pending'", "deleted listing-orphan"),
        ("DELETE FROM grains WHERE name = 'pending'", "pending listing-orphan;pending reminder-orphan"),
        ("DELETE FROM tags WHERE tag_key = 'env'", "rotating tags-differ"),
        ("UPDATE tags SET tag_value = 'x' WHERE tag_key = 'env'", "rotating tags-differ;rotating tags-differ"),
        ("UPDATE tags SET created_at = created_at + 1 WHERE tag_key = 'env'", "rotating tags-differ;rotating tags-differ"),
        ("INSERT INTO tags SELECT account, 'more', 'v', created_at, key_id FROM tags WHERE tag_key = 'env'", "rotating tags-differ"),
        ("INSERT INTO tags SELECT account, 'more', 'v', created_at, 'nobody' FROM tags WHERE tag_key = 'env'", "nobody tags-orphan"),
        ("DELETE FROM reminders WHERE name = 'pending'", "pending reminder-missing"),
        ("DELETE FROM reminders WHERE name = 'expiring'", "expiring reminder-missing"),
        ("UPDATE reminders SET due_at = due_at + 1 WHERE name = 'rotating'", "rotating reminder-wrong-time"),
        ("UPDATE reminders SET due_at = due_at - 1 WHERE name = 'expiring'", "expiring reminder-wrong-time"),
        ("UPDATE reminders SET reminder = 4 WHERE name = 'pending'", "pending reminder-missing;pending reminder-unexpected"),
        ("INSERT INTO reminders (kind, account, name, reminder, due_at) VALUES (3, '123456789', 'plain', 9, 1)", "plain reminder-unexpected"),
        ("INSERT INTO reminders (kind, account, name, reminder, due_at) VALUES (3, '123456789', 'nobody', 1, 1)", "nobody reminder-orphan"),
        ("INSERT INTO reminders (kind, account, name, reminder, due_at) VALUES (8, '123456789', 'token', 3, 1)", "token reminder-orphan"),
        ("DELETE FROM aliases WHERE alias = 'second'", "second alias-missing"),
        ("UPDATE aliases SET key_id = 'rotating' WHERE alias = 'second'", "second alias-differs"),
        ("UPDATE grains SET owner_key_id = 'rotating' WHERE name = 'second'", "second row-differs"),
        ("UPDATE grains SET state = {{\"KeyId\":\"rotating\"}} WHERE name = 'second'", "second alias-differs;second row-differs"),
        ("UPDATE grains SET state = {{}} WHERE name = 'second'", "second state-unreadable"),
        ("INSERT INTO aliases VALUES ('123456789', 'nobody', 'plain')", "nobody alias-orphan"),
        ("DELETE FROM grains WHERE name = 'second'", "second alias-orphan"),
        ("DELETE FROM grains WHERE name = 'other'; DELETE FROM aliases WHERE alias = 'other'", "plain own-name-differs"),
        ("UPDATE grains SET state = {{\"KeyId\":\"gone\"}}, owner_key_id = 'gone' WHERE name = 'second';"
            + " UPDATE aliases SET key_id = 'gone' WHERE alias = 'second'", "second alias-of-no-key"),
        ("UPDATE grains SET root_key_version = 3 WHERE name = 'plain' AND kind = 3", "plain root-key-differs"),
        ("UPDATE grains SET root_key_version = NULL WHERE name = 'expiring'", "expiring root-key-differs"),
        // A version is kept for longer than is needed then, and no more.
        ("UPDATE grains SET root_key_version = 1 WHERE name = 'pending'", ""),
    ];

    [Fact]
    public async Task WhateverIsCorrupt_IsFound_AndNothingElse()
    {
        for (var i = 0; i < s_corruptions.Length; i++) await MakeAllAsync($"c{i}-");
        for (var i = 0; i < s_corruptions.Length; i++) await RunAsync(Sql(OfCase($"c{i}-", s_corruptions[i].Sql)));

        var flaws = await ScrubAsync();

        for (var i = 0; i < s_corruptions.Length; i++)
        {
            var prefix = $"c{i}-";
            var found = flaws.Where(flaw => flaw.StartsWith(prefix, StringComparison.Ordinal)).Select(flaw => flaw[prefix.Length..]);
            var (sql, expected) = s_corruptions[i];
            Assert.Equal($"{sql}: {expected}", $"{sql}: {string.Join(';', found.Order(StringComparer.Ordinal))}");
        }

        Assert.All(flaws, flaw => Assert.StartsWith("c", flaw, StringComparison.Ordinal));
    }

    // Every case has keys of its own.
    private static string OfCase(string prefix, string sql) => Regex.Replace(
        sql, "(['\"])(rotating|plain|pending|expiring|deleted|second|other|nobody|token|gone|env|x|more)\\1", $"$1{prefix}$2$1");

    [Fact]
    public async Task MaterialOfAnHsmsKey_InSoftware_IsFound()
    {
        await MakeAsync("soft", level: ProtectionLevel.Hsm);
        Assert.Equal(["soft hsm-level-in-software"], await ScrubAsync());
    }

    [Fact]
    public async Task Counts_AreThoseOfRows_UnlessTheyAreNot()
    {
        Assert.All(await CountsAsync(), count => Assert.Equal(count.Counted, count.Rows));
        Assert.Equal(
            [(GrainKind.Cmk, Account, 4L), (GrainKind.Cmk, "other/project", 1L), (GrainKind.Alias, Account, 3L)],
            (await CountsAsync()).Select(count => (count.Of.Kind, count.Of.Account, count.Rows)));
        await RunAsync("UPDATE counts SET count = 9 WHERE account = 'other/project'");
        await RunAsync("DELETE FROM counts WHERE account <> 'other/project' AND kind = 3");
        await RunAsync("INSERT INTO counts VALUES ('nobody', 4, 2)");
        Assert.Equal(
            [(0L, 4L), (9L, 1L), (3L, 3L), (2L, 0L)], (await CountsAsync()).Select(count => (count.Counted, count.Rows)));
    }

    [Fact]
    public async Task Grains_AreAllThereAre_InOrder_AndTombstonesAreThoseDeleted()
    {
        var all = await PagesAsync(_store.GrainsAsync, row => row.Id);
        Assert.Equal(9, all.Count);
        Assert.Equal(all.Select(row => row.Id).Order(), all.Select(row => row.Id));
        var stored = (await _store.LoadAsync(Key("plain"), default))!;
        var plain = Assert.Single(all, row => row.Id == Key("plain"));
        Assert.Equal((stored.ETag, true, null), (plain.ETag, plain.Exists, plain.OwnerKeyId));
        Assert.Equal(stored.State, plain.State);
        var tombstone = Assert.Single(await PagesAsync(_store.TombstonesAsync, row => row.Id));
        Assert.Equal((Key("deleted"), false), (tombstone.Id, tombstone.Exists));
        Assert.NotNull(tombstone.ReadState<CmkState>()!.DeletedAt);
        Assert.Null(tombstone.ReadState<AliasState>());
    }

    [Fact]
    public async Task WhileAllOfItChanges_NothingIsFound()
    {
        using var stop = new CancellationTokenSource();
        var turns = 0;
        var changing = Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++, Interlocked.Increment(ref turns))
            {
                var id = $"load-{worker}-{i}";
                await MakeAsync(id, rotation: s_month, alias: id, tags: [new("n", $"{i}")]);
                await TurnAsync(id, key => key.Tag([new("n", "x"), new("m", "y")], 10));
                await TurnAsync(id, key => key.ScheduleDeletion(i % 2 == 0 ? TimeSpan.FromTicks(1) : s_month));
                if (i % 2 == 0) await _host.RemindAsync([new DueReminder(Key(id), Reminder.DeleteKey, default)], default);
                else await TurnAsync(id, key => key.CancelDeletion(KeyState.Enabled));
            }
        })).ToArray();
        for (var rounds = 0; rounds < 5 || turns < 50; rounds++)
        {
            Assert.Empty(await ScrubAsync(limit: 20));
            Assert.All(await CountsAsync(), count => Assert.Equal(count.Counted, count.Rows));
        }

        await stop.CancelAsync();
        await Task.WhenAll(changing);
    }

    // In braces what goes into a state; two of them where the text itself begins with one.
    private string Sql(string sql)
    {
        sql = sql.Replace("{no}", typeof(TStore) == typeof(SqliteGrainStore) ? "0" : "false", StringComparison.Ordinal);
        var from = sql.IndexOf('{', StringComparison.Ordinal);
        if (from < 0) return sql;
        var to = sql.LastIndexOf('}');
        return sql[..from] + Blob(sql[(from + 1)..to]) + sql[(to + 1)..];
    }

    private async Task<List<string>> ScrubAsync(int limit = Page)
    {
        List<string> flaws = [];
        foreach (var key in await PagesAsync(_store.KeyRecordsAsync, key => key.Id, limit))
            flaws.AddRange(KeyCheck.Of(key).Select(flaw => $"{key.Id.Name} {flaw.Kind}"));
        foreach (var alias in await PagesAsync(_store.AliasRecordsAsync, alias => alias.Id, limit))
            flaws.AddRange(AliasCheck.Of(alias).Select(flaw => $"{alias.Id.Name} {flaw.Kind}"));
        foreach (var id in await PagesAsync(_store.RemindedOfNothingAsync, id => id, limit)) flaws.Add($"{id.Name} reminder-orphan");
        return flaws;
    }

    private async Task<List<CountRecord>> CountsAsync()
    {
        List<CountRecord> counts = [];
        while (await _store.NextCountAsync(counts.LastOrDefault()?.Of ?? default, default) is { } count) counts.Add(count);
        return counts;
    }

    private static async Task<List<T>> PagesAsync<T>(
        Func<GrainId, int, CancellationToken, ValueTask<IReadOnlyList<T>>> read, Func<T, GrainId> idOf, int limit = Page)
    {
        List<T> all = [];
        while (await read(all.Count == 0 ? default : idOf(all[^1]), limit, default) is { Count: > 0 } page) all.AddRange(page);
        return all;
    }

    /// <summary>A key of each sort, with names that begin so.</summary>
    private async Task MakeAllAsync(string prefix)
    {
        var (pending, expiring, deleted) = ($"{prefix}pending", $"{prefix}expiring", $"{prefix}deleted");
        var tags = new KeyValuePair<string, string>[] { new($"{prefix}env", "prod"), new("k", "密") };
        await MakeAsync($"{prefix}rotating", rotation: s_month, alias: $"{prefix}name", tags: tags);
        await MakeAsync($"{prefix}plain", alias: $"{prefix}other");
        await BindAsync($"{prefix}second", $"{prefix}plain");
        await MakeAsync(pending, rotation: s_month);
        await TurnAsync(pending, key => key.ScheduleDeletion(s_month));
        await MakeAsync(expiring, external: true);
        await TurnAsync(expiring, key => key.ImportMaterial(
            new ImportedMaterial(key.State.Primary.Id, [1, 0, 0, 0, 2], [3], key.Now + s_month)));
        await MakeAsync(deleted, tags: tags);
        await TurnAsync(deleted, key => key.ScheduleDeletion(TimeSpan.FromTicks(1)));
        var due = new DueReminder(Key(deleted), Reminder.DeleteKey, default);
        Assert.False((await _host.RemindAsync([due], default)).Refused(out _));
    }

    private async Task MakeAsync(
        string id,
        string account = Account,
        TimeSpan? rotation = null,
        string? alias = null,
        bool external = false,
        ProtectionLevel level = ProtectionLevel.Software,
        byte material = 1,
        KeyValuePair<string, string>[]? tags = null)
    {
        var key = new NewCmk
        {
            Spec = KeySpec.Aes256, Usage = KeyUsage.EncryptDecrypt, RotationInterval = rotation, VersionId = "v",
            WrappedMaterial = external ? null : [material, 0, 0, 0, 2], ProtectionLevel = level, Description = "", Tags = tags ?? [],
            MostKeys = 1_000_000, MostTags = 10,
        };
        var made = await _host.InTurn<CmkGrain, CmkState>(Key(id, account), s_turn, cmk => cmk.Create(key), default);
        Assert.False(made.Refused(out var refusal), $"{refusal}");
        if (alias is null) return;
        var named = await _host.InTurn<AliasGrain, CmkGrain, Done>(
            Alias(alias, account), Key(id, account), s_turn, (name, cmk) => name.Name(cmk, null, 1_000_000), default);
        Assert.False(named.Refused(out refusal), $"{refusal}");
    }

    private async Task BindAsync(string alias, string id)
    {
        var bound = await _host.InTurn<AliasGrain, CmkGrain, Done>(
            Alias(alias), Key(id), s_turn, (name, cmk) => name.Create(cmk, 1_000_000), default);
        Assert.False(bound.Refused(out var refusal), $"{refusal}");
    }

    private async Task TurnAsync(string id, Func<CmkGrain, Outcome<Done>> turn)
    {
        var outcome = await _host.InTurn(Key(id), s_turn, turn, default);
        Assert.False(outcome.Refused(out var refusal), $"{refusal}");
    }
}

/// <summary>On SQLite.</summary>
public sealed class SqliteScrubTests : ScrubTests<SqliteGrainStore>, IDisposable
{
    private readonly SqliteFile _file = new();

    public void Dispose() => _file.Dispose();

    protected override Task<SqliteGrainStore> OpenAsync() => _file.OpenAsync();

    protected override Task RunAsync(string sql)
    {
        _file.Run(sql);
        return Task.CompletedTask;
    }

    protected override string Blob(string text) => $"CAST('{text}' AS BLOB)";
}

/// <summary>On PostgreSQL.</summary>
public sealed class PostgresScrubTests : ScrubTests<PostgresGrainStore>
{
    private readonly PostgresSchema _schema = new();

    protected override Task<PostgresGrainStore> OpenAsync() => _schema.OpenAsync();

    protected override Task RunAsync(string sql) => _schema.RunAsync(sql);

    protected override string Blob(string text) => $"convert_to('{text}', 'UTF8')";
}
