using System.Text;
using System.Text.Json;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using static KmsActors.Storage.Tests.Make;

namespace KmsActors.Storage.Tests.Sqlite;

/// <summary>What becomes of tagged keys in the files of earlier versions.</summary>
public sealed class SqliteTagMigrationTests : IDisposable
{
    private const string Other = "987654321";

    // What those versions had of a key.
    private const string KeysQuery = "SELECT account, key_id, created_at, key_state FROM keys ORDER BY 1, 2";

    private readonly SqliteFile _file = new();

    public void Dispose() => _file.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task OpenAsync_EarlierVersion_KeysAreFoundByTheirTags(int version)
    {
        Make(version);

        await using var store = await _file.OpenAsync();

        await AssertFindsAsync(store, ByTag("env"), "b", "a");
        await AssertFindsAsync(store, ByTag("env", "prod"), "a");
        await AssertFindsAsync(store, ByTags(new("env", ["test", "prod"]), new("team", ["red"])), "b", "a");
        await AssertFindsAsync(store, ByTag("team"), "b", "a");
        await AssertFindsAsync(store, ByTag("gone"));
        foreach (var odd in OddText)
        {
            await AssertFindsAsync(store, ByTag(odd), "odd");
            await AssertFindsAsync(store, ByTag(odd, odd), "odd");
        }

        var tags = await store.TagsAsync(Account, ProjectSet.All, 1000, default);
        Assert.Equal(
            OddText.Select(odd => (odd, odd)).Concat([("env", "prod"), ("env", "test"), ("team", "red")]).Order(),
            tags.Select(tag => (tag.Key, tag.Value)).Order());
        Assert.Equal([new("env", "other")], await store.TagsAsync(Other, ProjectSet.All, 1000, default));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task OpenAsync_EarlierVersion_KeysHaveNoNamesAndTheDefaultProject(int version)
    {
        Make(version);

        await using var store = await _file.OpenAsync();

        string[] all = ["c", "b", "a", "odd", "old"];
        await AssertFindsAsync(store, KeyFilter.None, all);
        await AssertFindsAsync(store, new() { EnterpriseProjects = ProjectSet.Of("0") }, all);
        await AssertFindsAsync(store, new() { EnterpriseProjects = ProjectSet.Of("") });
        Assert.Equal(["|0|6"], _file.Query("SELECT alias, enterprise_project, count(*) FROM keys GROUP BY 1, 2"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task OpenAsync_EarlierVersion_NothingElseChanges(int version)
    {
        Make(version);
        var (rows, keys) = (Dump(), _file.Query(KeysQuery));
        Assert.Equal(6, keys.Count);
        IReadOnlyList<string>? tags = null;

        for (var i = 0; i < 3; i++)
        {
            await using var store = await _file.OpenAsync();
            Assert.Equal(["5"], _file.Query("PRAGMA user_version"));
            Assert.Equal(rows, Dump());
            Assert.Equal(keys, _file.Query(KeysQuery));
            tags ??= _file.Query("SELECT * FROM tags");
            Assert.Equal(OddText.Length + 5, tags.Count);
            Assert.Equal(tags, _file.Query("SELECT * FROM tags"));
            Assert.Equal(["ok"], _file.Query("PRAGMA integrity_check"));
        }
    }

    [Fact]
    public async Task OpenAsync_Version2_KeysKeepTheirSorts()
    {
        const string Query = "SELECT * FROM (SELECT account, key_id, key_spec, key_usage, protection_level FROM keys)";
        Make(2);
        _file.Run("UPDATE keys SET key_spec = 6, key_usage = 1, protection_level = 1 WHERE key_id = 'a'");
        var keys = _file.Query(Query);

        await using var store = await _file.OpenAsync();

        Assert.Equal(keys, _file.Query(Query));
        await AssertFindsAsync(store, ByTag("env") with { Specs = [KeySpec.EcSm2] }, "a");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task OpenAsync_EarlierVersion_GoesOnFromThere(int version)
    {
        Make(version);
        await using var store = await _file.OpenAsync();
        var listing = Listed(Start.AddTicks(3)) with { Tags = Tags(("env", "new")), Alias = "name" };

        await store.CommitAsync(Commit(Write(Key("a"), 1, listing: listing)), default);
        await store.CommitAsync(Commit(Write(Key("z"), 0, listing: listing)), default);
        await store.CommitAsync(Commit(Write(Key("b"), 1, null)), default);
        await store.CommitAsync(Commit(Write(Key("odd"), 1, "tombstone", existsNow: false)), default);

        await AssertFindsAsync(store, ByTag("env"), "a", "z");
        await AssertFindsAsync(store, ByTag("env", "new") with { AliasPart = "name" }, "a", "z");
        Assert.Equal([new("env", "new")], await store.TagsAsync(Account, ProjectSet.All, 1000, default));
    }

    // No released program has written one, but it says what is meant.
    [Fact]
    public async Task OpenAsync_StateWithANameAndAProject_TheyAreTheKeys()
    {
        Make(2);
        SetState("a", """{"Tags":{},"Alias":"it's","EnterpriseProject":"p","ProtectionLevel":"Software"}""");

        await using var store = await _file.OpenAsync();

        await AssertFindsAsync(store, new() { AliasPart = "it's", EnterpriseProjects = ProjectSet.Of("p") }, "a");
        await AssertFindsAsync(store, ByTag("env"), "b");
    }

    [Theory]
    [InlineData("""{"Tags":{"env":1}}""")]
    [InlineData("""{"Tags":{"env":null}}""")]
    [InlineData("""{"Tags":{"env":["prod"]}}""")]
    [InlineData("""{"Tags":"env"}""")]
    [InlineData("not JSON")]
    [InlineData(null)]
    public async Task OpenAsync_Version2WithAKeyWhoseTagsCannotBeTold_LeavesItAsItIs(string? state)
    {
        Make(2);
        if (state is null) _file.Run("DELETE FROM grains WHERE name = 'a'");
        else SetState("a", state);
        var (rows, keys, schema) = (Dump(), _file.Query("SELECT * FROM keys"), Schema());

        await Assert.ThrowsAsync<SqliteException>(() => _file.OpenAsync());

        Assert.Equal(["2"], _file.Query("PRAGMA user_version"));
        Assert.Equal(rows, Dump());
        Assert.Equal(keys, _file.Query("SELECT * FROM keys"));
        Assert.Equal(schema, Schema());
    }

    private static async Task AssertFindsAsync(SqliteGrainStore store, KeyFilter filter, params string[] expected)
    {
        var page = await store.KeysAsync(Account, filter, 0, 10, default);
        Assert.Equal(expected, page.Items);
        Assert.Equal(expected.Length, page.TotalCount);
    }

    /// <summary>A file as that version has left it.</summary>
    private void Make(int version)
    {
        _file.MakeVersion(version);
        AddKey("a", 3, StateOf(("env", "prod"), ("team", "red")));
        AddKey("b", 2, StateOf(("team", "red"), ("env", "test")));
        AddKey("c", 1, StateOf());
        AddKey("odd", 4, StateOf([.. OddText.Select(odd => (odd, odd))]));
        // A state without the property, which means none.
        AddKey("old", 5, """{"ProtectionLevel":"Software","Description":"\"Tags\":{\"gone\":\"1\"}"}""");
        AddKey("a", 1, StateOf(("env", "other")), Other);
        // A tombstone, and another grain with the name of a key.
        AddGrain(GrainKind.Cmk, "gone", StateOf(("gone", "1")), counted: 0);
        AddGrain(GrainKind.Alias, "c", StateOf(("gone", "1")), owner: "c");
        _file.Run($"""
            INSERT INTO aliases VALUES ('{Account}', 'c', 'c');
            INSERT INTO counts VALUES ('{Account}', 3, 5), ('{Other}', 3, 1), ('{Account}', 4, 1);
            UPDATE commits SET last = 1;
            """);

        void AddKey(string name, int ticks, string state, string account = Account)
        {
            AddGrain(GrainKind.Cmk, name, state, account: account);
            var time = Start.AddTicks(ticks).UtcTicks;
            _file.Run(version == 1
                ? $"INSERT INTO keys (account, key_id, created_at, key_state) VALUES ('{account}', '{name}', {time}, 0)"
                : $"INSERT INTO keys VALUES ('{account}', '{name}', {time}, 0, 0, 0, 0)");
        }

        void AddGrain(
            GrainKind kind, string name, string state, int counted = 1, string? owner = null, string account = Account) =>
            _file.Run($"""
                INSERT INTO grains (kind, account, name, etag, counted, owner_key_id, state) VALUES (
                    {(int)kind}, '{account}', '{name}', 1, {counted}, {(owner is null ? "NULL" : $"'{owner}'")}, {Blob(state)})
                """);
    }

    /// <summary>A key's state as those versions wrote it; what is not ASCII in its tags is escaped.</summary>
    private static string StateOf(params (string Key, string Value)[] tags) => $$"""
        {"KeyState":"Enabled","Origin":"Kms","ProtectionLevel":"Software","Description":"密钥",
        "CreatedAt":"2026-01-02T03:04:05.1234567+00:00",
        "Versions":[{"Id":"v","CreatedAt":"2026-01-02T03:04:05.1234567+00:00","WrappedMaterial":"AQID"}],
        "Tags":{{JsonSerializer.Serialize(Tags(tags))}}}
        """;

    private static string Blob(string state) => $"x'{Convert.ToHexString(Encoding.UTF8.GetBytes(state))}'";

    private void SetState(string name, string state) =>
        _file.Run($"UPDATE grains SET state = {Blob(state)} WHERE name = '{name}' AND account = '{Account}'");

    /// <summary>The rows of all tables but those of keys.</summary>
    private IReadOnlyList<string> Dump() =>
        [.. _file.Query(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('keys', 'tags') ORDER BY name")
            .SelectMany(table => _file.Query($"SELECT '{table}', {(table == "grains" ? SqliteFile.Grains : "*")} FROM {table}"))];

    private IReadOnlyList<string> Schema() => _file.Query("SELECT type, name, sql FROM sqlite_schema ORDER BY name");
}
