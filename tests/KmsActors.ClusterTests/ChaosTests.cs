using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using KmsActors.ClusterTests.Chaos;
using Xunit.Abstractions;

namespace KmsActors.ClusterTests;

/// <summary>
/// Three nodes under load while nodes and the database fail. KMS_CLUSTER_ROUNDS says how often, KMS_CLUSTER_SEED makes
/// the same things happen in the same order.
/// </summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    private const int FewRounds = 7;

    [Fact]
    public async Task What_was_acknowledged_holds_on_every_node_whatever_fails()
    {
        var rounds = Setting("KMS_CLUSTER_ROUNDS", FewRounds);
        var seed = Setting("KMS_CLUSTER_SEED", RandomNumberGenerator.GetInt32(1_000_000));
        await Console.Out.WriteLineAsync($"KMS_CLUSTER_SEED={seed} KMS_CLUSTER_ROUNDS={rounds}");
        var watch = Stopwatch.StartNew();
        using var database = new PostgresCluster();
        await using var cluster = await Cluster.StartAsync(database, "chaos");
        var (calls, changes, inDoubt, unserved) = (0, 0, 0, 0);
        Dictionary<string, string> states = new(StringComparer.Ordinal);
        for (var number = 0; number < rounds; number++)
        {
            var round = new Round(cluster, seed, number);
            var begun = watch.Elapsed;
            var problems = await RunAsync(round, cluster);
            await Console.Out.WriteLineAsync(
                $"round {number} {round.What}: {round.Calls.Count} calls, {(watch.Elapsed - begun).TotalSeconds:F1} s");
            Assert.True(
                problems.Count == 0,
                $"seed {seed}, round {number}, {round.What}: {problems.Count} problems\n"
                + string.Join('\n', problems.Take(5)));
            calls += round.Calls.Count;
            changes += round.Calls.Count(call => call.Succeeded && call.Event is not null);
            inDoubt += round.Calls.Count(call => call.IsInDoubt && call.Event is not null);
            unserved += round.Unserved;
            foreach (var (key, state) in round.States) states[key] = state;
        }

        await AssertFreshNodeAgreesAsync(await cluster.AddAsync(), states);
        output.WriteLine(
            $"""
            {rounds} rounds in {watch.Elapsed.TotalSeconds:F0} s, seed {seed}: {calls} calls, {changes} changes acknowledged,
            {inDoubt} in doubt, {unserved} not served while nothing was the matter, {states.Count} keys
            """);
    }

    private static async Task<List<string>> RunAsync(Round round, Cluster cluster)
    {
        try
        {
            return await round.RunAsync();
        }
        catch (Exception failure)
        {
            return [$"{failure}", .. cluster.Nodes.Select(node => Tail(node.Output))];
        }
    }

    private static async Task AssertFreshNodeAgreesAsync(Node fresh, Dictionary<string, string> states)
    {
        foreach (var (key, state) in states)
        {
            var described = (await fresh.CallAsync("DescribeKey", ("KeyId", key))).Ok();
            Assert.Equal(state, described.Text("KeyMetadata", "KeyState"));
        }
    }

    private static string Tail(string text) => text.Length > 3000 ? text[^3000..] : text;

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text
            ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture)
            : otherwise;
}
