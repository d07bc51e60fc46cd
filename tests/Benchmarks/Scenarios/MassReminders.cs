using System.Diagnostics;
using KmsActors.Benchmarks.Load;
using KmsActors.Benchmarks.Processes;

namespace KmsActors.Benchmarks.Scenarios;

/// <summary>
/// Keys that are all to be deleted at one moment: how long three nodes on one PostgreSQL take until the last is gone,
/// that each goes once and none early, and what those notice who use other keys meanwhile.
/// </summary>
internal static class MassReminders
{
    private const int Nodes = 3;
    private const int RequiredSeconds = 60;
    private const int MostSeconds = 600;

    // Little beside what nodes can do, so that the deletions have the machine to themselves.
    private const int CallsASecond = 100;

    // Copies of one real key that is to be deleted, each with an alias. No call can have them scheduled for the same
    // instant a few seconds ahead. Their material is the original's and of no use to them, but nobody uses it.
    private const string Copy = """
        CREATE TEMP TABLE due AS SELECT gen_random_uuid()::text AS copy, 'tenant-' || i % {accounts} AS owner, i
        FROM generate_series(1, {keys}) AS i;
        INSERT INTO grains (kind, account, name, etag, counted, owner_key_id, state)
        SELECT kind, owner, copy, etag, counted, owner_key_id, convert_to(jsonb_set(
            convert_from(state, 'UTF8')::jsonb, '{DeletionDate}', to_jsonb('{at}'::text))::text, 'UTF8')
        FROM grains, due WHERE kind = 3 AND name = '{key}';
        INSERT INTO grains (kind, account, name, etag, counted, owner_key_id, state)
        SELECT kind, owner, name || i, etag, counted, copy, convert_to(jsonb_set(
            convert_from(state, 'UTF8')::jsonb, '{KeyId}', to_jsonb(copy))::text, 'UTF8')
        FROM grains, due WHERE kind = 4 AND owner_key_id = '{key}';
        INSERT INTO keys (account, key_id, created_at, key_state, key_spec, key_usage, protection_level, alias,
            enterprise_project)
        SELECT owner, copy, created_at, key_state, key_spec, key_usage, protection_level, alias, enterprise_project
        FROM keys, due WHERE key_id = '{key}';
        INSERT INTO aliases (account, alias, key_id)
        SELECT owner, alias || i, copy FROM aliases, due WHERE key_id = '{key}';
        INSERT INTO reminders (kind, account, name, reminder, due_at)
        SELECT kind, owner, copy, reminder, {ticks} FROM reminders, due WHERE name = '{key}';
        INSERT INTO counts (account, kind, count)
        SELECT owner, kind, count(*) FROM due, (VALUES (3::smallint), (4)) AS kinds (kind) GROUP BY owner, kind;
        DROP TABLE due;
        """;

    // Of the copies, what must not be: as many as these for each kind of fault.
    private const string Faults = """
        SELECT (SELECT count(*) FROM audit WHERE account LIKE 'tenant-%' AND at < {ticks}),
            (SELECT count(*) FROM (SELECT FROM audit WHERE account LIKE 'tenant-%' AND events = 'KeyDeleted'
                GROUP BY account, name HAVING count(*) > 1) AS twice),
            {keys} - (SELECT count(*) FROM audit WHERE account LIKE 'tenant-%' AND events = 'KeyDeleted'),
            {keys} - (SELECT count(*) FROM grains WHERE kind = 3 AND account LIKE 'tenant-%' AND NOT counted
                AND convert_from(state, 'UTF8')::jsonb -> 'Versions' = '[]'
                AND (convert_from(state, 'UTF8')::jsonb ->> 'DeletedAt')::timestamptz >= '{at}'),
            (SELECT count(*) FROM grains WHERE kind = 4 AND account LIKE 'tenant-%')
                + (SELECT count(*) FROM aliases WHERE account LIKE 'tenant-%')
                + (SELECT count(*) FROM keys WHERE account LIKE 'tenant-%')
                + (SELECT count(*) FROM reminders WHERE account LIKE 'tenant-%'),
            (SELECT sum(count)::bigint FROM counts WHERE account LIKE 'tenant-%')
        """;

    private static readonly string[] s_faults =
        ["early", "more than once", "not recorded", "not a tombstone without material", "rows left", "counted"];

    public static async Task RunAsync(Lab lab)
    {
        var keys = lab.IsQuick ? 10_000 : 100_000;
        Console.WriteLine($"   {keys:N0} keys with an alias each, due at one moment, {Nodes} nodes");
        var table = new Table("spread over", "gone after s", "keys/s", "CPU µs a key", "p50 ratio", "p99 ratio", "p99 ms", "503");
        foreach (var accounts in (int[])[1000, 1])
        {
            using var storm = await Storm.PrepareAsync(lab, keys, accounts);
            await storm.RunAsync(table);
        }

        table.Print();
        Console.WriteLine(
            $"   each once, none early, no material and no alias left; required: gone within {RequiredSeconds} s. "
            + $"Ratios are of Encrypt's latency, {CallsASecond} calls a second to each node, beside before.");
    }

    private sealed class Storm : IDisposable
    {
        private readonly NodeCluster _cluster;
        private readonly int _keys;
        private readonly int _accounts;
        private readonly DateTimeOffset _due;
        private readonly SteadyLoad[] _load;
        private readonly Action<RequestBatch> _encrypt;
        private int _unserved;

        private Storm(NodeCluster cluster, int keys, int accounts, DateTimeOffset due, string usedKey)
        {
            (_cluster, _keys, _accounts, _due) = (cluster, keys, accounts, due);
            _load = [.. cluster.Nodes.Select(node => new SteadyLoad(node.Port, 4))];
            _encrypt = Requests.EncryptWith(Requests.Encrypt(ServerProcess.Root), usedKey);
        }

        public static async Task<Storm> PrepareAsync(Lab lab, int keys, int accounts)
        {
            var cluster = new NodeCluster(lab);
            try
            {
                await cluster.StartAsync(Nodes);
                var used = CreateKey();
                var key = CreateKey();
                Call("CreateAlias", ("KeyId", key), ("AliasName", "alias/name"));
                Call("ScheduleKeyDeletion", ("KeyId", key), ("PendingWindowInDays", "7"));
                // In whole seconds, as the state has it.
                var due = DateTimeOffset.FromUnixTimeSeconds(
                    DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 20 + (keys / 3000));
                var storm = new Storm(cluster, keys, accounts, due, used);
                await cluster.RunAsync(storm.Sql(Copy).Replace("{key}", key, StringComparison.Ordinal));
                await cluster.RunAsync("CHECKPOINT");
                return storm;
            }
            catch
            {
                cluster.Dispose();
                throw;
            }

            string CreateKey() =>
                Call("CreateKey").GetProperty("KeyMetadata").GetProperty("KeyId").GetString()!;

            System.Text.Json.JsonElement Call(string action, params (string, string)[] parameters) => Requests.Call(
                cluster.Nodes[0].Port,
                batch => new SignedRequests(ServerProcess.Root, action, parameters).AppendTo(batch));
        }

        public async Task RunAsync(Table table)
        {
            await LoadAsync(2);
            var before = await LoadAsync(5);
            var left = (_due - DateTimeOffset.UtcNow).TotalSeconds;
            if (left < 0) throw new InvalidOperationException($"The keys were not there in time, by {-left:F0} s.");
            await Task.Delay(TimeSpan.FromSeconds(left));
            var watch = Stopwatch.StartNew();
            var cpu = CpuSeconds();
            var meanwhile = new List<double>();
            var gone = UntilGoneAsync(watch);
            while (!gone.IsCompleted) meanwhile.AddRange(await LoadAsync(1));
            var seconds = await gone;
            cpu = CpuSeconds() - cpu;
            await CheckAsync();
            double[] during = [.. meanwhile];
            table.Row(
                $"{_accounts:N0} accounts",
                $"{seconds:F1}",
                $"{_keys / seconds:N0}",
                $"{cpu / _keys * 1e6:N0}",
                $"{Statistics.Percentile(during, 0.5) / Statistics.Percentile(before, 0.5):F1}",
                $"{Statistics.Percentile(during, 0.99) / Statistics.Percentile(before, 0.99):F1}",
                $"{Statistics.Percentile(during, 0.99) / 1000:F1}",
                $"{_unserved} of {during.Length}");
        }

        public void Dispose()
        {
            Array.ForEach(_load, load => load.Dispose());
            _cluster.Dispose();
        }

        private async Task<double> UntilGoneAsync(Stopwatch watch)
        {
            // Where a reminder is left, the rest is not looked at.
            while (await _cluster.NumberAsync(Sql("SELECT count(*) FROM (SELECT FROM reminders WHERE due_at = {ticks} LIMIT 1) AS due")) > 0)
            {
                if (watch.Elapsed.TotalSeconds > MostSeconds) throw new TimeoutException("The keys are not deleted.");
                await Task.Delay(100);
            }

            return watch.Elapsed.TotalSeconds;
        }

        /// <summary>Latencies of calls to all nodes, in microseconds.</summary>
        private async Task<double[]> LoadAsync(double seconds)
        {
            var timetable = Timetable.Even(CallsASecond, seconds);
            var begin = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 50);
            var answers = await Task.WhenAll(_load.Select(load =>
                load.StartAsync(new RequestBatch(_encrypt, timetable.Calls), timetable, begin)));
            foreach (var each in answers)
            {
                each.Insist(200, 503);
                _unserved += each.Count(503);
            }

            return [.. answers.SelectMany(each => each.Latencies())];
        }

        private async Task CheckAsync()
        {
            var faults = await _cluster.RowAsync(
                Sql(Faults), row => s_faults.Select((fault, i) => (fault, Count: row.GetInt64(i))).ToArray());
            foreach (var (fault, count) in faults)
            {
                if (count != 0) throw new InvalidOperationException($"{fault}: {count} of {_keys}");
            }
        }

        private double CpuSeconds() => _cluster.Nodes.Sum(node => node.CpuSeconds());

        private string Sql(string text) => text
            .Replace("{keys}", $"{_keys}", StringComparison.Ordinal)
            .Replace("{accounts}", $"{_accounts}", StringComparison.Ordinal)
            .Replace("{at}", $"{_due:yyyy-MM-dd'T'HH:mm:ss'+00:00'}", StringComparison.Ordinal)
            .Replace("{ticks}", $"{_due.UtcTicks}", StringComparison.Ordinal);
    }
}
