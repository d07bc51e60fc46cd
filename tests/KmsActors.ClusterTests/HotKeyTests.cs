using System.Diagnostics;
using Xunit.Abstractions;

namespace KmsActors.ClusterTests;

[Collection(SharedCluster.Name)]
public sealed class HotKeyTests(SharedCluster shared, ITestOutputHelper output)
{
    private const int Revocations = 20;

    private IReadOnlyList<Node> Nodes => shared.Cluster.Nodes;

    [Fact]
    public async Task Hot_key_is_served_by_all_nodes_and_none_uses_it_when_that_is_revoked()
    {
        var key = await Nodes[0].CreateKeyAsync();
        var ciphertext = await Nodes[1].EncryptAsync(key);
        using var stop = new CancellationTokenSource();
        var served = new int[Nodes.Count];
        var users = Nodes.Select(node => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var answer = await node.CallAsync("Decrypt", ("CiphertextBlob", ciphertext));
                Assert.True(answer?.Code is null or "Rejected.Disabled", $"{answer?.Body}");
                if (answer is { Code: null }) served[node.Number]++;
                await Task.Delay(2, CancellationToken.None);
            }
        })).ToList();
        var latencies = new List<double>();
        for (var i = 0; i < Revocations; i++)
        {
            var by = Nodes[i % Nodes.Count];
            var watch = Stopwatch.StartNew();
            (await by.CallAsync("DisableKey", ("KeyId", key))).Ok();
            latencies.Add(watch.Elapsed.TotalMilliseconds);
            foreach (var answer in await DecryptByAllAsync(ciphertext)) Assert.Equal("Rejected.Disabled", answer?.Code);
            (await by.CallAsync("EnableKey", ("KeyId", key))).Ok();
            foreach (var answer in await DecryptByAllAsync(ciphertext)) answer.Ok();
        }

        await stop.CancelAsync();
        await Task.WhenAll(users);
        Assert.All(served, count => Assert.NotEqual(0, count));
        latencies.Sort();
        var told = $"DisableKey, {Revocations} times: median {latencies[Revocations / 2]:F0} ms, at most {latencies[^1]:F0} ms; "
            + $"uses meanwhile: {string.Join(", ", served)}";
        await Console.Out.WriteLineAsync(told);
        output.WriteLine(told);
    }

    private Task<Answer?[]> DecryptByAllAsync(string ciphertext) =>
        Task.WhenAll(Nodes.Select(node => node.CallAsync("Decrypt", ("CiphertextBlob", ciphertext))));
}
