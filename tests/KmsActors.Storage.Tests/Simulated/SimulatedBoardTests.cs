using KmsActors.Simulator;
using static KmsActors.Storage.Tests.Make;

namespace KmsActors.Storage.Tests.Simulated;

/// <summary>What nodes tell each other of the limits that they are asked for.</summary>
public sealed class SimulatedBoardTests
{
    private static readonly TimeSpan s_age = TimeSpan.FromSeconds(3);

    private readonly SimulatedDatabase _database = new();

    private DateTimeOffset _now = Start;

    [Fact]
    public void Exchange_Others_AreSummedAndOwnIsReplaced()
    {
        Assert.Empty(Exchange(1, ("a", 1), ("b", 2)));
        Assert.Equal([("a", 1), ("b", 2)], Exchange(2, ("a", 10)));
        Assert.Equal([("a", 11), ("b", 2)], Exchange(3));
        Assert.Equal([("a", 10)], Exchange(1, ("c", 5)));

        Assert.Equal([("a", 10), ("c", 5)], Exchange(3));
    }

    [Fact]
    public void Exchange_PutUpTooLongAgo_DoesNotCount()
    {
        Exchange(1, ("a", 1));
        _now += s_age - TimeSpan.FromTicks(1);
        Exchange(2, ("a", 2));
        Assert.Equal([("a", 3)], Exchange(3));
        _now += TimeSpan.FromTicks(1);

        Assert.Equal([("a", 2)], Exchange(3));
        _now += TimeSpan.FromMinutes(2);
        Assert.Empty(Exchange(3));
    }

    [Fact]
    public void Exchange_Nodes_AreThoseThatHaveBeatenJustNow()
    {
        Assert.Equal(1, Nodes());
        _database.Feed.Beat(1, null, _now);
        _now += TimeSpan.FromSeconds(1);
        _database.Feed.Beat(2, null, _now);
        Assert.Equal(2, Nodes());
        _now += TimeSpan.FromSeconds(1);
        Assert.Equal(1, Nodes());
        _database.Feed.Beat(1, null, _now);
        Assert.Equal(2, Nodes());
        _database.Feed.Leave(2);
        Assert.Equal(1, Nodes());

        int Nodes() => _database.Board.Exchange(1, new Dictionary<string, double>(), s_age, _now).Nodes;
    }

    private IEnumerable<(string Limit, double PerSecond)> Exchange(
        int node, params (string Limit, double PerSecond)[] own) =>
        _database.Board.Exchange(node, own.ToDictionary(own => own.Limit, own => own.PerSecond), s_age, _now)
            .Others.Select(other => (other.Key, other.Value)).OrderBy(other => other.Key, StringComparer.Ordinal);
}
