using KmsActors.Benchmarks.Load;
using KmsActors.Benchmarks.Processes;

namespace KmsActors.Benchmarks.Scenarios;

/// <summary>
/// Nodes on PostgreSQL beside one on SQLite, and what they ask of the database at rest and with many keys in memory.
/// Nodes, database and load client share this machine's cores: more nodes show what a call costs, not how many more
/// calls there would be with a machine for each.
/// </summary>
internal static class ClusterCosts
{
    private const int Nodes = 3;
    private const int UsedKeys = 1000;
    private const int Accounts = 64;
    private const int EncryptingClients = 12;
    private const int CreatingClients = 48;

    public static async Task RunAsync(Lab lab)
    {
        await CompareAsync(lab);
        await StatementCounts.RunAsync(lab);
    }

    private static async Task CompareAsync(Lab lab)
    {
        var data = lab.NewDirectory();
        string[] sqliteKeys;
        await using (var filler = await StoreFiller.OpenAsync(data)) (sqliteKeys, _) = await FillAsync(filler);
        using var sqlite = new ServerProcess(data);

        using var cluster = new NodeCluster(lab);
        string[] keys;
        Credentials[] accounts;
        await using (var filler = await StoreFiller.OpenAsync(cluster)) (keys, accounts) = await FillAsync(filler);
        await cluster.StartAsync(Nodes);

        var encrypt = Requests.Encrypt(ServerProcess.Root);
        Compare(lab, "Encrypt of 1 KiB", EncryptingClients, sqlite, cluster, isOnSqlite =>
            Requests.EncryptWith(encrypt, isOnSqlite ? sqliteKeys : keys));
        var creates = Array.ConvertAll(accounts, account => new SignedRequests(account, "CreateKey"));
        Compare(lab, $"CreateKey in {Accounts} accounts", CreatingClients, sqlite, cluster, _ =>
        {
            var next = 0;
            return batch => creates[next++ % Accounts].AppendTo(batch);
        });
        Compare(lab, "CreateKey in one account", CreatingClients, sqlite, cluster, _ =>
        {
            var create = new SignedRequests(ServerProcess.Root, "CreateKey");
            return batch => create.AppendTo(batch);
        });
        await DatabaseCpuAsync(cluster, "Encrypt", 20_000, Requests.EncryptWith(encrypt, keys));
        var turn = 0;
        await DatabaseCpuAsync(cluster, "CreateKey", 5_000, batch => creates[turn++ % Accounts].AppendTo(batch));
    }

    private static async Task<(string[] Keys, Credentials[] Accounts)> FillAsync(StoreFiller filler)
    {
        await filler.CreateAccountAsync(ServerProcess.RootAccount);
        var accounts = new Credentials[Accounts];
        for (var i = 0; i < Accounts; i++) accounts[i] = await filler.CreateAccountAsync($"tenant-{i}");
        return (await filler.CreateKeysAsync(ServerProcess.RootAccount, UsedKeys), accounts);
    }

    /// <summary>One server on SQLite, and one, two and all nodes of the cluster, in turns.</summary>
    private static void Compare(
        Lab lab,
        string what,
        int clients,
        ServerProcess sqlite,
        NodeCluster cluster,
        Func<bool, Action<RequestBatch>> requests)
    {
        Console.WriteLine($"   {what}, {clients} clients:");
        var connected = new List<LoadClient>();
        try
        {
            var subjects = new List<Subject> { Of("SQLite", [sqlite], isOnSqlite: true) };
            for (var count = 1; count <= Nodes; count++)
                subjects.Add(Of($"PostgreSQL, nodes: {count}", [.. cluster.Nodes.Take(count)], isOnSqlite: false));
            Subject.Measure(lab, subjects);
            Subject.Print(subjects);
        }
        finally
        {
            connected.ForEach(client => client.Dispose());
        }

        Subject Of(string name, ServerProcess[] servers, bool isOnSqlite)
        {
            connected.Add(new LoadClient(Array.ConvertAll(servers, server => server.Port), clients));
            return new Subject(
                name, () => servers.Sum(server => server.CpuSeconds()), connected[^1], requests(isOnSqlite));
        }
    }

    private static async Task DatabaseCpuAsync(
        NodeCluster cluster, string what, int calls, Action<RequestBatch> append)
    {
        using var client = new LoadClient([.. cluster.Nodes.Select(node => node.Port)], CreatingClients);
        var batch = new RequestBatch(append, calls);
        var before = await cluster.DatabaseCpuSecondsAsync();
        var elapsed = client.Send(batch, 200).Elapsed;
        var cpu = await cluster.DatabaseCpuSecondsAsync() - before;
        Console.WriteLine(
            $"   the database's CPU, with what nodes ask of it anyway: {cpu / calls * 1e6:N0} µs a {what}, "
            + $"{calls / elapsed.TotalSeconds:N0}/s by {Nodes} nodes");
    }
}
