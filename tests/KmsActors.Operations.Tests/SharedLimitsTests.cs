using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace KmsActors.Operations.Tests;

/// <summary>Nodes that share limits, in time that the test makes.</summary>
public sealed class SharedLimitsTests
{
    private const int Limit = 1000;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly Board _board = new();

    public static TheoryData<int[]> Spreads => new(
        [2000, 2000, 2000], [10_000, 100, 50], [900, 900, 0], [0, 0, 5000], [1500, 300, 300], [400, 400, 400],
        [4000, 1, 1]);

    [Theory]
    [MemberData(nameof(Spreads))]
    public async Task Accepted_IsTheLimit_HoweverTheCallsSpread(int[] perSecond)
    {
        var nodes = perSecond.Select(_ => new Node(_time, _board)).ToArray();
        await RunAsync(nodes, perSecond, seconds: 3);
        var accepted = await RunAsync(nodes, perSecond, seconds: 5);
        Assert.InRange(accepted / 5.0 / Limit, 0.95, 1.05);
    }

    [Fact]
    public async Task Accepted_IsAllThatIsAsked_WhileThatIsLess()
    {
        int[] perSecond = [500, 300, 100];
        var nodes = perSecond.Select(_ => new Node(_time, _board)).ToArray();
        // But for what is due when the time is over.
        Assert.InRange(await RunAsync(nodes, perSecond, seconds: 8), (900 * 8) - 3, 900 * 8);
    }

    [Fact]
    public async Task CallsThatMoveToAnotherNode_AreTakenThere()
    {
        var nodes = Enumerable.Range(0, 3).Select(_ => new Node(_time, _board)).ToArray();
        await RunAsync(nodes, [3000, 0, 0], seconds: 4);
        await RunAsync(nodes, [0, 3000, 0], seconds: 3);
        Assert.InRange(await RunAsync(nodes, [0, 3000, 0], seconds: 5) / 5.0 / Limit, 0.95, 1.05);
    }

    [Fact]
    public async Task NodeThatIsGone_LeavesItsPartToTheOthers()
    {
        var nodes = Enumerable.Range(0, 3).Select(_ => new Node(_time, _board)).ToArray();
        await RunAsync(nodes, [2000, 2000, 2000], seconds: 3);
        await RunAsync(nodes[..2], [2000, 2000], seconds: 3);
        Assert.InRange(await RunAsync(nodes[..2], [2000, 2000], seconds: 5) / 5.0 / Limit, 0.95, 1.05);
    }

    [Fact]
    public async Task Board_HasWhatIsAtStakeAlone_AndNothingWhenThatIsOver()
    {
        var nodes = Enumerable.Range(0, 2).Select(_ => new Node(_time, _board)).ToArray();
        for (var i = 0; i < 100; i++) nodes[0].Limits.TakeOfKey($"quiet {i}", new Rate(Limit, Limit));
        await RunAsync(nodes, [2000, 5], seconds: 2);
        Assert.Equal(["0/busy", "0/busy"], _board.Names);
        await RunAsync(nodes, [0, 0], seconds: 4);
        Assert.Empty(_board.Names);
        var looks = _board.Looks;
        await RunAsync(nodes, [0, 0], seconds: 4);
        Assert.Equal(2 * 4, _board.Looks - looks);
    }

    [Fact]
    public async Task ManyNodes_LookTheMoreSeldom_AndKeepTheLimit()
    {
        _board.Nodes = 40;
        var nodes = Enumerable.Range(0, _board.Nodes).Select(_ => new Node(_time, _board)).ToArray();
        int[] perSecond = [.. nodes.Select((_, i) => i % 3 == 0 ? 200 : 40)];
        await RunAsync(nodes, perSecond, seconds: 6);
        var looks = _board.Looks;
        var accepted = await RunAsync(nodes, perSecond, seconds: 6);
        Assert.InRange(accepted / 6.0 / Limit, 0.95, 1.05);
        Assert.InRange(_board.Looks - looks, nodes.Length * 5, nodes.Length * 7);
    }

    [Fact]
    public async Task BoardThatIsAway_LeavesItAsItWasAgreed()
    {
        var nodes = Enumerable.Range(0, 3).Select(_ => new Node(_time, _board)).ToArray();
        await RunAsync(nodes, [2000, 2000, 2000], seconds: 3);
        _board.IsAway = true;
        Assert.InRange(await RunAsync(nodes, [2000, 2000, 2000], seconds: 3) / 3.0 / Limit, 0.9, 1.1);
    }

    private async Task<int> RunAsync(Node[] nodes, int[] perSecond, int seconds)
    {
        var accepted = 0;
        for (var step = 1; step <= seconds * 1000; step++)
        {
            _time.Advance(Step);
            for (var i = 0; i < nodes.Length; i++) accepted += nodes[i].Call(perSecond[i]);
            // Nodes look at the board at times of their own.
            for (var i = 0; i < nodes.Length; i++)
            {
                if ((step + (i * 70)) % 250 == 0) await nodes[i].Shared.LookAsync(SharedLimits.Interval, default);
            }
        }

        return accepted;
    }

    private sealed class Node
    {
        private double _due;

        public Node(TimeProvider time, Board board)
        {
            Limits = new RateLimits(time, isShared: true);
            Shared = new SharedLimits(Limits, board.Of(this, time), time);
        }

        public RateLimits Limits { get; }

        public SharedLimits Shared { get; }

        /// <summary>Makes the calls of one step; how many were taken.</summary>
        public int Call(int perSecond)
        {
            var accepted = 0;
            for (_due += perSecond * Step.TotalSeconds; _due >= 1; _due--)
            {
                if (Limits.Take("busy", CallClass.Management, new Rate(Limit, Limit / 10)) is null) accepted++;
            }

            return accepted;
        }
    }

    /// <summary>A board in memory, with the meaning of the stored one.</summary>
    private sealed class Board
    {
        private readonly Dictionary<Node, (DateTimeOffset At, IReadOnlyDictionary<string, double> Own)> _posted = [];

        public bool IsAway { get; set; }

        public int Nodes { get; set; } = 3;

        public int Looks { get; private set; }

        public IEnumerable<string> Names => _posted.Values.SelectMany(node => node.Own.Keys);

        public IDemandBoard Of(Node node, TimeProvider time) => new View(this, node, time);

        private sealed class View(Board board, Node node, TimeProvider time) : IDemandBoard
        {
            public ValueTask<BoardPage> ExchangeAsync(
                IReadOnlyDictionary<string, double> own, TimeSpan age, CancellationToken cancellation)
            {
                if (board.IsAway) throw new StoreUnavailableException("away");
                board.Looks++;
                board._posted[node] = (time.GetUtcNow(), own);
                var others = board._posted
                    .Where(each => each.Key != node && each.Value.At > time.GetUtcNow() - age)
                    .SelectMany(each => each.Value.Own)
                    .GroupBy(each => each.Key, each => each.Value)
                    .ToDictionary(each => each.Key, each => each.Sum());
                return new(new BoardPage(others, board.Nodes));
            }
        }
    }
}
