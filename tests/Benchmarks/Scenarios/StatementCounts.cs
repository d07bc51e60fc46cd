using System.Diagnostics;
using KmsActors.Benchmarks.Load;
using KmsActors.Benchmarks.Processes;

namespace KmsActors.Benchmarks.Scenarios;

/// <summary>What nodes ask of the database when nobody asks them to: by how many keys they have in memory.</summary>
internal static class StatementCounts
{
    private const int Clients = 12;
    private const int RequestsAtOnce = 50_000;

    private const string Settings = "shared_preload_libraries = 'pg_stat_statements'";

    // Of a poll, two statements share a round trip; the second is this one.
    private const string Counts = """
        SELECT coalesce(sum(calls), 0)::bigint,
            coalesce(sum(calls) FILTER (WHERE query NOT LIKE 'SELECT pg_snapshot_xmin(snapshot)%'), 0)::bigint,
            coalesce(sum(calls) FILTER (WHERE query LIKE 'INSERT INTO nodes%'), 0)::bigint,
            coalesce(sum(rows), 0)::bigint
        FROM pg_stat_statements WHERE query NOT LIKE '%pg_stat_statements%'
        """;

    public static async Task RunAsync(Lab lab)
    {
        var seconds = lab.IsQuick ? 5 : 30;
        var keys = lab.IsQuick ? 50_000 : 1_000_000;
        using var cluster = new NodeCluster(lab, Settings);
        await cluster.RunAsync("CREATE EXTENSION pg_stat_statements SCHEMA public");
        var watch = Stopwatch.StartNew();
        string[] ids;
        await using (var filler = await StoreFiller.OpenAsync(cluster))
        {
            await filler.CreateAccountAsync(ServerProcess.RootAccount);
            ids = await filler.CreateKeysAsync(ServerProcess.RootAccount, keys);
        }

        Console.WriteLine($"   {keys:N0} keys copied into the database in {watch.Elapsed.TotalSeconds:F0} s");
        var table = new Table("a node, a second", "statements", "round trips", "durable writes", "rows", "database CPU ms", "Encrypt/s", "node MiB");
        foreach (var nodes in (int[])[1, 3])
        {
            await cluster.StartAsync(nodes, keys + 10_000);
            await Task.Delay(TimeSpan.FromSeconds(3));
            await CountAsync(cluster, table, $"at rest, nodes: {nodes}", () => Rest(seconds));
            cluster.StopNodes();
        }

        await cluster.StartAsync(1, keys + 10_000);
        var encrypt = Requests.EncryptWith(Requests.Encrypt(ServerProcess.Root), ids);
        using (var client = new LoadClient(cluster.Nodes[0].Port, Clients))
        {
            watch.Restart();
            for (var sent = 0; sent < keys; sent += RequestsAtOnce)
                client.Send(new RequestBatch(encrypt, Math.Min(RequestsAtOnce, keys - sent)), 200);
            Console.WriteLine($"   all of them used once, and in memory, in {watch.Elapsed.TotalSeconds:F0} s");
            await CountAsync(cluster, table, $"{keys:N0} keys in memory", () => Rest(seconds));
            await CountAsync(cluster, table, $"{keys:N0} keys in use", () =>
            {
                var calls = 0;
                for (watch.Restart(); watch.Elapsed.TotalSeconds < seconds; calls += RequestsAtOnce)
                    client.Send(new RequestBatch(encrypt, RequestsAtOnce), 200);
                return Task.FromResult(calls);
            });
        }

        table.Print();
        Console.WriteLine("   aim: the same, however many keys");
    }

    private static async Task<int> Rest(int seconds)
    {
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        return 0;
    }

    private static async Task CountAsync(NodeCluster cluster, Table table, string name, Func<Task<int>> during)
    {
        await cluster.RunAsync("SELECT pg_stat_statements_reset()");
        var cpu = await cluster.DatabaseCpuSecondsAsync();
        var watch = Stopwatch.StartNew();
        var calls = await during();
        cpu = await cluster.DatabaseCpuSecondsAsync() - cpu;
        var (statements, trips, beats, rows) = await cluster.RowAsync(
            Counts, row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)));
        var seconds = watch.Elapsed.TotalSeconds;
        var nodes = cluster.Nodes.Count;
        table.Row(
            name,
            $"{statements / seconds / nodes:F1}",
            $"{trips / seconds / nodes:F1}",
            $"{beats / seconds / nodes:F1}",
            $"{rows / seconds / nodes:F1}",
            $"{cpu / seconds / nodes * 1000:F1}",
            $"{calls / seconds:N0}",
            $"{cluster.Nodes.Average(node => node.ResidentMebibytes()):N0}");
    }
}
