using System.Text;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using static KmsActors.Storage.Tests.Make;

namespace KmsActors.Storage.Tests.Sqlite;

/// <summary>What becomes of the files of earlier versions.</summary>
public sealed class SqliteMigrationTests : IDisposable
{
    private const string Other = "987654321";

    // What version 1 had of a key.
    private const string KeysQuery = "SELECT account, key_id, created_at, key_state FROM keys ORDER BY 1, 2";

    private readonly SqliteFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task OpenAsync_Version1_KeysAreFoundByEveryFilter()
    {
        MakeVersion1();

        await using var store = await _file.OpenAsync();

        await AssertListsAsync(store, KeyFilter.None, "b", "c", "a", "d");
        await AssertListsAsync(store, new() { ProtectionLevels = [ProtectionLevel.Software] }, "b", "d");
        await AssertListsAsync(store, new() { ProtectionLevels = [ProtectionLevel.Hsm] }, "c", "a");
        await AssertListsAsync(store, new() { States = [KeyState.Enabled] }, "b");
        await AssertListsAsync(store, new() { States = [KeyState.Disabled, KeyState.PendingDeletion] }, "c", "d");
        await AssertListsAsync(store, new() { States = [KeyState.PendingImport] }, "a");
        await AssertListsAsync(store, new() { Specs = [KeySpec.Aes256] }, "b", "c", "a", "d");
        await AssertListsAsync(store, new() { Specs = [.. Enum.GetValues<KeySpec>().Skip(1)] });
        await AssertListsAsync(store, new() { Usages = [KeyUsage.EncryptDecrypt] }, "b", "c", "a", "d");
        await AssertListsAsync(store, new() { Usages = [KeyUsage.SignVerify] });
        var elsewhere = await store.KeysAsync(
            Other, new() { ProtectionLevels = [ProtectionLevel.Hsm] }, 0, 10, default);
        Assert.Equal(["b"], elsewhere.Items);
    }

    [Fact]
    public async Task OpenAsync_Version1_NothingElseChanges()
    {
        MakeVersion1();
        var (rows, keys) = (Dump(), _file.Query(KeysQuery));
        Assert.Equal(5, keys.Count);

        for (var i = 0; i < 3; i++)
        {
            await using var store = await _file.OpenAsync();
            Assert.Equal(["5"], _file.Query("PRAGMA user_version"));
            Assert.Equal(rows, Dump());
            Assert.Equal(keys, _file.Query(KeysQuery));
            Assert.Equal(["ok"], _file.Query("PRAGMA integrity_check"));
        }
    }

    [Fact]
    public async Task OpenAsync_Version1_GoesOnFromThere()
    {
        MakeVersion1();
        await using var store = await _file.OpenAsync();
        var hsm = new KeyFilter { ProtectionLevels = [ProtectionLevel.Hsm] };

        var sort = Listed(Start.AddTicks(3), KeyState.Enabled, level: ProtectionLevel.Hsm);
        var changed = await store.CommitAsync(Commit(Write(Key("a"), 3, listing: sort)), default);
        var created = await store.CommitAsync(Commit(Write(Key("z"), 0, listing: sort)), default);
        var deleted = await store.CommitAsync(Commit(Write(Key("c"), 2, null)), default);

        Assert.Equal((CommitStatus.Committed, 10), (changed.Status, changed.ETag));
        Assert.Equal((CommitStatus.Committed, 11), (created.Status, created.ETag));
        Assert.Equal(CommitStatus.Committed, deleted.Status);
        await AssertListsAsync(store, hsm, "a", "z");
        await AssertListsAsync(store, hsm with { States = [KeyState.Enabled] }, "a", "z");
        await AssertListsAsync(store, KeyFilter.None, "b", "a", "z", "d");
    }

    [Theory]
    [InlineData("UPDATE grains SET state = CAST('{\"KeyState\":\"Enabled\"}' AS BLOB) WHERE name = 'a'")]
    [InlineData("UPDATE grains SET state = CAST('{\"ProtectionLevel\":\"Soft\"}' AS BLOB) WHERE name = 'a'")]
    [InlineData("UPDATE grains SET state = CAST('not JSON' AS BLOB) WHERE name = 'a'")]
    [InlineData("DELETE FROM grains WHERE name = 'a'")]
    public async Task OpenAsync_Version1WithAKeyWhoseLevelCannotBeTold_LeavesItAsItIs(string damage)
    {
        MakeVersion1();
        _file.Run(damage);
        var (rows, keys, schema) = (Dump(), _file.Query("SELECT * FROM keys"), Schema());

        await Assert.ThrowsAsync<SqliteException>(() => _file.OpenAsync());

        Assert.Equal(["1"], _file.Query("PRAGMA user_version"));
        Assert.Equal(rows, Dump());
        Assert.Equal(keys, _file.Query("SELECT * FROM keys"));
        Assert.Equal(schema, Schema());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task OpenAsync_OfBeforeRootKeysAndGuarded_ChangesNothingUnlessItMay(int version)
    {
        _file.MakeVersion(version);
        _file.Run("INSERT INTO meta (name, value) VALUES ('mine', x'0102')");
        var schema = Schema();

        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => OpenAsync("mine", value =>
        {
            Assert.Equal([1, 2], value!);
            throw new UnauthorizedAccessException();
        }));
        Assert.Equal([$"{version}"], _file.Query("PRAGMA user_version"));
        Assert.Equal(schema, Schema());

        var asked = 0;
        Action<byte[]?> may = value =>
        {
            Assert.Null(value);
            asked++;
        };
        await (await OpenAsync("nobody's", may)).DisposeAsync();
        Assert.Equal(1, asked);
        // One that has root keys is not asked about, nor one that is made.
        await (await OpenAsync("nobody's", may)).DisposeAsync();
        using var made = new SqliteFile();
        await (await made.OpenAsync(options => options with { Guard = new("nobody's", may) })).DisposeAsync();
        Assert.Equal(1, asked);
    }

    private Task<SqliteGrainStore> OpenAsync(string name, Action<byte[]?> require) =>
        _file.OpenAsync(options => options with { Guard = new(name, require) });

    private static async Task AssertListsAsync(SqliteGrainStore store, KeyFilter filter, params string[] expected)
    {
        var page = await store.KeysAsync(Account, filter, 0, 10, default);
        Assert.Equal(expected, page.Items);
        Assert.Equal(expected.Length, page.TotalCount);
    }

    /// <summary>A file as version 1 has left it, with keys of both levels and of every state.</summary>
    private void MakeVersion1()
    {
        _file.MakeVersion(1);
        using var connection = _file.Connect();
        AddKey("b", 1, 1, KeyState.Enabled, ProtectionLevel.Software);
        AddKey("c", 2, 2, KeyState.Disabled, ProtectionLevel.Hsm);
        AddKey("a", 3, 3, KeyState.PendingImport, ProtectionLevel.Hsm);
        AddKey("d", 4, 4, KeyState.PendingDeletion, ProtectionLevel.Software);
        AddKey("b", 5, 5, KeyState.Enabled, ProtectionLevel.Hsm, Other);
        // A tombstone, and what else may have the name or the account of a key.
        AddGrain(GrainKind.Cmk, "gone", 6, StateOf(KeyState.PendingDeletion, ProtectionLevel.Hsm), counted: 0);
        AddGrain(GrainKind.Alias, "a", 7, "{\"ProtectionLevel\":\"Software\"}", owner: "a");
        AddGrain(GrainKind.ImportToken, "a", 8, "{}", owner: "a");
        SqliteFile.Run(connection, $"""
            INSERT INTO aliases VALUES ('{Account}', 'a', 'a');
            INSERT INTO counts VALUES ('{Account}', 3, 4), ('{Other}', 3, 1), ('{Account}', 4, 1);
            INSERT INTO reminders VALUES (3, '{Account}', 'd', 1, 12345);
            INSERT INTO audit VALUES (9, 1, 3, '{Account}', 'b', 'tester', 'request', 'KeyCreated');
            INSERT INTO meta VALUES ('root key', x'0102');
            UPDATE commits SET last = 9;
            """);

        void AddKey(
            string name, int etag, int ticks, KeyState state, ProtectionLevel level, string account = Account)
        {
            AddGrain(GrainKind.Cmk, name, etag, StateOf(state, level), account: account);
            SqliteFile.Run(connection, $"""
                INSERT INTO keys (account, key_id, created_at, key_state)
                VALUES ('{account}', '{name}', {Start.AddTicks(ticks).UtcTicks}, {(int)state})
                """);
        }

        void AddGrain(
            GrainKind kind, string name, int etag, string state,
            int counted = 1, string? owner = null, string account = Account) =>
            SqliteFile.Run(connection, $"""
                INSERT INTO grains (kind, account, name, etag, counted, owner_key_id, state) VALUES (
                    {(int)kind}, '{account}', '{name}', {etag}, {counted},
                    {(owner is null ? "NULL" : $"'{owner}'")}, x'{Convert.ToHexString(Encoding.UTF8.GetBytes(state))}')
                """);
    }

    /// <summary>A key's state as version 1 wrote it, with the other level wherever text may be.</summary>
    private static string StateOf(KeyState state, ProtectionLevel level) => $$$"""
        {"KeyState":"{{{state}}}","Origin":"Kms","ProtectionLevel":"{{{level}}}",
        "Description":"密钥 \"ProtectionLevel\":\"{{{1 - level}}}\"","CreatedAt":"2026-01-02T03:04:05.1234567+00:00",
        "Versions":[{"Id":"v","CreatedAt":"2026-01-02T03:04:05.1234567+00:00","WrappedMaterial":"AQID"}],
        "Tags":{"ProtectionLevel":"{{{1 - level}}}"}}
        """;

    /// <summary>The rows of all tables but those of keys.</summary>
    private IReadOnlyList<string> Dump() =>
        [.. _file.Query(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('keys', 'tags') ORDER BY name")
            .SelectMany(table => _file.Query($"SELECT '{table}', {(table == "grains" ? SqliteFile.Grains : "*")} FROM {table}"))];

    private IReadOnlyList<string> Schema() => _file.Query("SELECT type, name, sql FROM sqlite_schema ORDER BY name");
}
