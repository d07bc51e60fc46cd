using System.Globalization;

namespace KmsActors.Simulator;

/// <summary>All who call.</summary>
internal sealed class Crowd(World world, Cluster cluster, Judge judge)
{
    /// <summary>Where they are.</summary>
    public World World => world;

    /// <summary>Whom they call.</summary>
    public Cluster Cluster => cluster;

    /// <summary>Holds answers against the truth.</summary>
    public Judge Judge => judge;

    /// <summary>How many sessions go on.</summary>
    public int UnderWay { get; private set; }

    /// <summary>Told of each call that has come to an end.</summary>
    public Action<CallRecord>? CallEnded { get; set; }

    /// <summary>Whether a balancer is in between that looks which nodes are ready.</summary>
    public bool AvoidsTheDead { get; init; }

    /// <summary>The node that is called: any, whatever it is up to, or any of those that are ready.</summary>
    public SimulatedNode PickNode(Chance chance)
    {
        var first = chance.Below(cluster.Count);
        for (var i = 0; AvoidsTheDead && i < cluster.Count; i++)
        {
            var node = cluster[(first + i) % cluster.Count];
            if (node.IsServing) return node;
        }

        return cluster[first];
    }

    /// <summary>Has somebody do something in a tenant's name, beside all else.</summary>
    /// <param name="number">A number that no other session has.</param>
    /// <param name="tenant">In whose name.</param>
    /// <param name="chance">Decides.</param>
    /// <param name="act">What.</param>
    public void Begin(long number, Tenant tenant, Chance chance, Func<Session, Task> act)
    {
        UnderWay++;
        var session = new Session(this, tenant, chance, number.ToString(CultureInfo.InvariantCulture));
        cluster.Clients.Post(_ => Run(session, act), null);
    }

    /// <summary>A call has begun.</summary>
    public void Began(CallRecord call, SimulatedNode node) =>
        world.Trace.Add(world.Elapsed, $"client calls process {node.Process.Number}", call.ToString());

    /// <summary>A call has come to an end.</summary>
    public void Ended(CallRecord call)
    {
        world.Trace.Add(world.Elapsed, "client", call.ToString());
        CallEnded?.Invoke(call);
    }

    // What goes wrong in it ends the run.
    private async void Run(Session session, Func<Session, Task> act)
    {
        await act(session);
        UnderWay--;
    }
}
