using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Xunit.Abstractions;

namespace KmsActors.CrashTests;

/// <summary>
/// Kills the server with SIGKILL under a mixed load, again and again on the same data directory, and
/// holds what it finds after each start to all it had answered before.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Workers = 16;
    private const int EnoughRounds = 50;

    // Milliseconds from the first change.
    private const int ShortestRound = 50;
    private const int LongestRound = 250;

    private readonly string _data = Directory.CreateTempSubdirectory("kmsactors-crash-").FullName;
    private readonly List<Worker> _workers = [.. Enumerable.Range(0, Workers).Select(number => new Worker(number))];
    private readonly Dictionary<string, int> _changes = [];
    private int _answered;
    private int _inDoubt;

    [Fact]
    public async Task What_was_acknowledged_outlives_every_kill()
    {
        var rounds = Setting("KMS_CRASH_ROUNDS", 200);
        var seed = Setting("KMS_CRASH_SEED", RandomNumberGenerator.GetInt32(int.MaxValue));
        var from = $"KMS_CRASH_SEED={seed} KMS_CRASH_ROUNDS={rounds}";
        await Console.Out.WriteLineAsync(from);
        output.WriteLine(from);

        var history = new History(_workers);
        var watch = Stopwatch.StartNew();
        Round? before = null;
        for (var number = 0; number <= rounds; number++)
        {
            using var server = await ServerProcess.StartAsync(_data);
            using var client = new SignedClient(server.Address);
            var image = DatabaseImage.Read(Path.Combine(_data, "kms.db"), history.LastCommit);
            var problems = history.Problems(image, before);
            problems.AddRange(await ListingProblemsAsync(client, image));
            if (problems.Count == 0)
            {
                before = await RunAsync(server, client, seed, number, last: number == rounds);
                problems = before.Complaints;
            }

            var where = $"{from}, round {number}, {_data}\n{string.Join('\n', problems.Take(20))}\n{server.Output}";
            Assert.True(problems.Count == 0, where);
        }

        output.WriteLine(
            $"""
            {rounds} kills in {watch.Elapsed.TotalSeconds:F0} s: {_answered} calls answered, {_inDoubt} changes in
            doubt of which {history.Happened} had happened, {_workers.Sum(worker => worker.Keys.Count)} keys.
            Acknowledged: {string.Join(", ", _changes.OrderBy(each => each.Key, StringComparer.Ordinal))}
            """);
        if (rounds >= EnoughRounds) AssertLoadWasMixed(rounds);
        Directory.Delete(_data, recursive: true);
    }

    /// <summary>
    /// The load, until the kill and the last worker's noticing of it; after the last start only a look
    /// at everything.
    /// </summary>
    private async Task<Round> RunAsync(ServerProcess server, SignedClient client, int seed, int number, bool last)
    {
        var round = new Round(server);
        var running = Task.WhenAll(_workers.ConvertAll(worker =>
        {
            var random = RandomOf(seed, number, _workers.IndexOf(worker));
            return Task.Run(() => last
                ? worker.ProbeAsync(client, random, round, all: true)
                : worker.RunAsync(client, random, round));
        }));
        if (!last) await KillAsync(server, round, running, RandomOf(seed, number, Workers));
        await running;
        _answered += round.Answered;
        _inDoubt += round.InDoubt;
        foreach (var (action, count) in round.Changes) _changes[action] = _changes.GetValueOrDefault(action) + count;
        return round;
    }

    /// <summary>Kills at any moment, or at the very moment of an answer.</summary>
    private static async Task KillAsync(ServerProcess server, Round round, Task running, Random moment)
    {
        await Task.WhenAny(round.Begun, running);
        await Task.Delay(moment.Next(ShortestRound, LongestRound));
        if (moment.Next(2) == 0) server.Kill();
        else round.KillAtNextChange();
    }

    // A load that has quietly become only one kind of call would prove little.
    private void AssertLoadWasMixed(int rounds)
    {
        string[] often = ["CreateKey", "CreateAlias", "UpdateAlias", "DeleteAlias", "ScheduleKeyDeletion", "CancelKeyDeletion"];
        string[] seldom = ["GetParametersForImport", "ImportKeyMaterial", "DeleteKeyMaterial"];
        Assert.All(often, action => Assert.True(_changes.GetValueOrDefault(action) >= rounds, action));
        Assert.All(seldom, action => Assert.True(_changes.GetValueOrDefault(action) >= rounds / EnoughRounds, action));
    }

    private static async Task<List<string>> ListingProblemsAsync(SignedClient client, DatabaseImage image)
    {
        var problems = new List<string>();
        foreach (var (action, expected) in new[] { ("ListKeys", image.KeyRows.Count), ("ListAliases", image.AliasRows.Count) })
        {
            var total = (await client.CallAsync(action))?.Text("TotalCount");
            if (total != expected.ToString(CultureInfo.InvariantCulture)) problems.Add($"{action}: {total}, not {expected}");
        }

        return problems;
    }

    private static Random RandomOf(int seed, int round, int worker) => new(unchecked((seed * 31 + round) * 31 + worker));

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text
            ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture)
            : otherwise;
}
