using System.Diagnostics;
using Xunit.Abstractions;

namespace KmsActors.ClusterTests;

/// <summary>How many calls all nodes together take of an account that has a limit.</summary>
[Collection(SharedCluster.Name)]
public sealed class LimitTests(SharedCluster shared, ITestOutputHelper output)
{
    private const int PerSecond = 100;
    private const int AskedPerSecond = 160;

    // On a machine with too much to do nodes hear late of each other, and calls are answered in another second than
    // they were counted in.
    private const int Tries = 3;

    private static readonly TimeSpan Before = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Counted = TimeSpan.FromSeconds(4);

    private IReadOnlyList<Node> Nodes => shared.Cluster.Nodes;

    [Fact]
    public async Task Limit_is_one_however_calls_spread_over_the_nodes()
    {
        (string Name, Func<int, double, int> Spread, double Least)[] spreads =
        [
            ("evenly", (call, _) => call % 3, 0.95),
            ("skewed", (call, _) => call % 10 switch { < 8 => 0, 8 => 1, _ => 2 }, 0.95),
            ("moved", (_, seconds) => seconds < 1 ? 0 : 1, 0.95),
            // Nodes take a moment to agree, and take less in it rather than more.
            ("moving", (call, seconds) => ((int)(seconds / 2) + (call % 4 == 0 ? 1 : 0)) % 3, 0.6),
        ];
        var limit = PerSecond * Counted.TotalSeconds;
        for (var left = Tries; spreads.Length > 0 && left > 0; left--)
        {
            var accepted = await Task.WhenAll(
                spreads.Select((each, i) => AcceptedAsync($"300000000000{left}00{i}", each.Spread)));
            var counts = spreads.Zip(accepted).ToList();
            var told = string.Join(", ", counts.Select(each => $"{each.First.Name} {each.Second}"));
            await Console.Out.WriteLineAsync($"accepted of {limit}: {told}");
            output.WriteLine(told);
            spreads =
            [
                .. counts.Where(each => each.Second < each.First.Least * limit || each.Second > 1.05 * limit)
                    .Select(each => each.First),
            ];
        }

        Assert.Empty(spreads.Select(each => each.Name));
    }

    private async Task<int> AcceptedAsync(string account, Func<int, double, int> spread)
    {
        var accessKey = $"key-of-{account}";
        (await Nodes[0].AdminAsync("POST", "/accounts", new { number = account })).Ok();
        var body = new { id = accessKey, secret = ServerProcess.AccessKeySecret };
        (await Nodes[0].AdminAsync("POST", $"/accounts/{account}/access-keys", body)).Ok();
        var key = await Nodes[0].CreateKeyAsync(accessKey);
        var limit = new { rates = new { symmetric = new { perSecond = PerSecond } } };
        (await Nodes[0].AdminAsync("PATCH", $"/accounts/{account}/limits", limit)).Ok();

        var watch = Stopwatch.StartNew();
        var (made, accepted) = (0, 0);
        List<Task> running = [];
        while (watch.Elapsed < Before + Counted)
        {
            for (var seconds = watch.Elapsed.TotalSeconds; made < AskedPerSecond * seconds; made++)
                running.Add(CallAsync(Nodes[spread(made, seconds)]));
            await Task.Delay(5);
        }

        await Task.WhenAll(running);
        return accepted;

        async Task CallAsync(Node node)
        {
            var answer = await node.CallAsAsync(accessKey, "Encrypt", ("KeyId", key), ("Plaintext", "cGxhaW4="));
            Assert.True(answer?.Code is null or "Rejected.Throttling", $"{answer?.Body}");
            // By when it was answered, which is nearer to when it was counted on a machine with much to do.
            if (answer is { Code: null } && watch.Elapsed >= Before && watch.Elapsed < Before + Counted)
                Interlocked.Increment(ref accepted);
        }
    }
}
