namespace KmsActors.ClusterTests;

/// <summary>Three nodes, started at once on an empty database; for tests that leave them as they were.</summary>
public sealed class SharedCluster : IAsyncLifetime
{
    public const string Name = "one cluster";

    /// <summary>
    /// Much longer than nodes have by default: on a machine with too much to do they may not hear of others for
    /// seconds, and a test of something else would find nobody to serve it.
    /// </summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    internal PostgresCluster Database { get; } = new();

    internal Cluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync() => Cluster = await Cluster.StartAsync(
        Database, "shared", $"--Kms:Cluster:LeaseMilliseconds={Lease.TotalMilliseconds:F0}");

    public async Task DisposeAsync()
    {
        await Cluster.DisposeAsync();
        Database.Dispose();
    }
}

[CollectionDefinition(SharedCluster.Name)]
public sealed class SharedClusterTests : ICollectionFixture<SharedCluster>;
