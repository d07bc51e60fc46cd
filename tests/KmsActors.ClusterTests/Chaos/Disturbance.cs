namespace KmsActors.ClusterTests.Chaos;

/// <summary>What can happen to a cluster.</summary>
internal enum Disturbance
{
    NodeKilled,
    NodeStopped,
    DatabaseRestarted,
    DatabaseCrashed,
    ConnectionsCut,
    NodeCutOff,
    NodeKilledWhileOneIsStopped,
}

/// <summary>Makes it happen, and sees the cluster serve again by itself.</summary>
internal static class Disturbances
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    public static async Task MakeAsync(this Cluster cluster, Disturbance what, Random random)
    {
        var node = cluster.Nodes[random.Next(cluster.Nodes.Count)];
        var other = cluster.Nodes[(node.Number + 1) % cluster.Nodes.Count];
        switch (what)
        {
            case Disturbance.NodeKilled:
                node.Kill();
                await Task.Delay(random.Next(1500));
                await node.StartAsync();
                break;
            case Disturbance.NodeStopped:
                await StopAsync(node, random);
                break;
            case Disturbance.DatabaseRestarted or Disturbance.DatabaseCrashed:
                cluster.Database.StopServer(crash: what == Disturbance.DatabaseCrashed);
                await Task.Delay(random.Next(2) * random.Next(2500));
                cluster.Database.StartServer();
                break;
            case Disturbance.ConnectionsCut:
                for (var i = random.Next(1, 5); i > 0; i--)
                {
                    await cluster.CutConnectionsAsync();
                    await Task.Delay(random.Next(400));
                }

                break;
            case Disturbance.NodeCutOff:
                node.Link.Cut();
                await Task.Delay(random.Next(500, 3000));
                node.Link.Mend(breaks: random.Next(2) == 0);
                break;
            case Disturbance.NodeKilledWhileOneIsStopped:
                var stopped = StopAsync(other, random);
                await Task.Delay(random.Next(500));
                node.Kill();
                await Task.WhenAll(stopped, node.StartAsync());
                break;
        }

        await Task.WhenAll(cluster.Nodes.Select(each => each.UntilReadyAsync(Bound)));
    }

    private static async Task StopAsync(Node node, Random random)
    {
        node.Signal("STOP");
        await Task.Delay(random.Next(2000, 5000));
        node.Signal("CONT");
    }
}
