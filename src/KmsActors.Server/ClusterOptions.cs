using KmsActors.Grains.Hosting;

namespace KmsActors.Server;

/// <summary>The section "Kms:Cluster": how nodes on one PostgreSQL keep up with each other.</summary>
internal sealed class ClusterOptions
{
    // How much more often, while there are some.
    private const int BusyPolls = 5;

    /// <summary>How often a node asks for others' changes, in milliseconds; more often while there are some.</summary>
    public int PollMilliseconds { get; set; } = 250;

    /// <summary>For how long after a good poll a node serves from its memory, in milliseconds.</summary>
    public int LeaseMilliseconds { get; set; } = 1000;

    /// <summary>By how much clocks may go differently within a lease, in milliseconds.</summary>
    public int MarginMilliseconds { get; set; } = 50;

    /// <summary>For how many seconds more a node serves while the store is away; others wait as long for it.</summary>
    public int StaleGraceSeconds { get; set; }

    /// <summary>The most connections of a node to the store.</summary>
    public int StoreConnections { get; set; } = 24;

    /// <summary>The schema that has the tables.</summary>
    public string Schema { get; set; } = "kmsactors";

    /// <summary>What is wrong with them.</summary>
    public IEnumerable<(string Name, long Value, long Least, long Most)> Ranges() =>
    [
        ("Cluster:PollMilliseconds", PollMilliseconds, 10, 10_000),
        ("Cluster:LeaseMilliseconds", LeaseMilliseconds, 2 * PollMilliseconds, 60_000),
        ("Cluster:MarginMilliseconds", MarginMilliseconds, 0, 10_000),
        ("Cluster:StaleGraceSeconds", StaleGraceSeconds, 0, 3600),
        ("Cluster:StoreConnections", StoreConnections, 1, 1000),
    ];

    /// <summary>The host's words for them.</summary>
    public CoherenceOptions ToCoherence()
    {
        var poll = TimeSpan.FromMilliseconds(PollMilliseconds);
        return new CoherenceOptions
        {
            PollInterval = poll,
            BusyPollInterval = poll / BusyPolls,
            Lease = TimeSpan.FromMilliseconds(LeaseMilliseconds),
            Margin = TimeSpan.FromMilliseconds(MarginMilliseconds),
            StaleGrace = TimeSpan.FromSeconds(StaleGraceSeconds),
        };
    }
}
