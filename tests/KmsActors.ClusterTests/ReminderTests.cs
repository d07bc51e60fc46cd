using System.Diagnostics;
using Xunit.Abstractions;

namespace KmsActors.ClusterTests;

/// <summary>Keys that are due together, more than one node can take at once.</summary>
public sealed class ReminderTests(ITestOutputHelper output)
{
    private const int Keys = 3000;

    // A dead node's share is nobody else's for half a minute.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(120);

    // Copies of one real key that is to be deleted, each with an alias, all due at one moment: no call can have thousands made, and
    // scheduled for the same instant a few seconds ahead.
    private static readonly string Copies = $$"""
        CREATE TEMP TABLE due AS SELECT gen_random_uuid()::text AS copy, (SELECT date_trunc('second', clock_timestamp())
            + interval '4 seconds') AS at FROM generate_series(1, {{Keys}});
        INSERT INTO grains (kind, account, name, etag, counted, owner_key_id, state)
        SELECT kind, account, copy, etag, counted, owner_key_id, convert_to(jsonb_set(
            convert_from(state, 'UTF8')::jsonb, '{DeletionDate}',
            to_jsonb(to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"')))::text, 'UTF8')
        FROM grains, due WHERE kind = 3 AND name = '{0}';
        INSERT INTO grains (kind, account, name, etag, counted, owner_key_id, state)
        SELECT kind, account, name || copy, etag, counted, copy, state
        FROM grains, due WHERE kind = 4 AND owner_key_id = '{0}';
        INSERT INTO aliases (account, alias, key_id) SELECT account, alias || copy, copy
        FROM aliases, due WHERE key_id = '{0}';
        INSERT INTO keys (account, key_id, created_at, key_state, key_spec, key_usage, protection_level, alias,
            enterprise_project)
        SELECT account, copy, created_at, key_state, key_spec, key_usage, protection_level, alias, enterprise_project
        FROM keys, due WHERE key_id = '{0}';
        INSERT INTO reminders (kind, account, name, reminder, due_at)
        SELECT kind, account, copy, reminder, (extract(epoch FROM at) * 10000000)::bigint + 621355968000000000
        FROM reminders, due WHERE name = '{0}';
        UPDATE counts SET count = count + {{Keys}} WHERE kind IN (3, 4);
        """;

    // How many deletions there were before their time.
    private const string Early = """
        SELECT count(*) FROM audit JOIN grains USING (kind, account, name) WHERE events = 'KeyDeleted' AND at
            < extract(epoch FROM (convert_from(state, 'UTF8')::jsonb ->> 'DeletionDate')::timestamptz) * 10000000
                + 621355968000000000
        """;

    private const string Tombstones = """
        SELECT count(*) FROM grains WHERE kind = 3 AND NOT counted
            AND convert_from(state, 'UTF8')::jsonb -> 'Versions' = '[]' AND convert_from(state, 'UTF8') LIKE '%DeletedAt%'
        """;

    [Fact]
    public async Task Keys_due_at_one_moment_are_deleted_once_each_though_a_node_dies()
    {
        using var database = new PostgresCluster();
        await using var cluster = await Cluster.StartAsync(database, "reminders");
        var key = await cluster.Nodes[0].CreateKeyAsync();
        (await cluster.Nodes[0].CallAsync("CreateAlias", ("KeyId", key), ("AliasName", "alias/name"))).Ok();
        var scheduled = await cluster.Nodes[0].CallAsync(
            "ScheduleKeyDeletion", ("KeyId", key), ("PendingWindowInDays", "7"));
        scheduled.Ok();
        await cluster.RunAsync(Copies.Replace("{0}", key, StringComparison.Ordinal));

        var watch = Stopwatch.StartNew();
        await UntilAsync(watch, async () => await DeletedAsync(cluster) >= Keys / 4);
        var begun = watch.Elapsed;
        cluster.Nodes[1].Kill();
        var killedAfter = await DeletedAsync(cluster);
        await UntilAsync(watch, async () => await DeletedAsync(cluster) >= Keys);
        var told = $"{Keys} keys: {killedAfter} deleted when a node died at {begun.TotalSeconds:F1} s, all at "
            + $"{watch.Elapsed.TotalSeconds:F1} s";
        await Console.Out.WriteLineAsync(told);
        output.WriteLine(told);

        var recorded = await cluster.RowsAsync(
            "SELECT name, count(*) FROM audit WHERE events = 'KeyDeleted' GROUP BY name",
            row => (Name: row.GetString(0), Count: row.GetInt64(1)));
        Assert.Equal(Keys, recorded.Count);
        Assert.All(recorded, each => Assert.Equal(1, each.Count));
        Assert.Equal(0, await cluster.NumberAsync(Early));
        Assert.Equal(Keys, await cluster.NumberAsync(Tombstones));
        Assert.Equal(1, await cluster.NumberAsync("SELECT count(*) FROM keys"));
        Assert.Equal(1, await cluster.NumberAsync("SELECT count(*) FROM aliases"));
        Assert.Equal(1, await cluster.NumberAsync("SELECT count(*) FROM grains WHERE kind = 4"));
        Assert.Equal(2, await cluster.NumberAsync("SELECT sum(count) FROM counts WHERE kind IN (3, 4)"));
        Assert.Equal(1, await cluster.NumberAsync("SELECT count(*) FROM reminders"));
    }

    private static Task<long> DeletedAsync(Cluster cluster) =>
        cluster.NumberAsync("SELECT count(*) FROM audit WHERE events = 'KeyDeleted'");

    private static async Task UntilAsync(Stopwatch watch, Func<Task<bool>> isSo)
    {
        while (!await isSo())
        {
            Assert.True(watch.Elapsed < Bound, "they are not deleted");
            await Task.Delay(20);
        }
    }
}
