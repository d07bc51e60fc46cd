using System.Globalization;

namespace KmsActors.CrashTests;

/// <summary>
/// One data directory and those who use it: start the server, hold what it finds to all that was ever
/// answered, load it, kill it, start it again.
/// </summary>
internal sealed class Campaign
{
    private const int Workers = 16;

    // In acknowledged changes, and then milliseconds.
    private const int LongestRound = 80;
    private const int LongestDelay = 10;

    // It takes as long to make one pair of import keys as to make all other changes, so some rounds wait for these.
    private const int RoundsWithoutImports = 3;
    private static readonly string[] s_imports = ["GetParametersForImport", "ImportKeyMaterial", "DeleteKeyMaterial"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly int _seed;
    private readonly int _rounds;
    private readonly string _data = Directory.CreateTempSubdirectory("kmsactors-crash-").FullName;
    private readonly List<Worker> _workers = [.. Enumerable.Range(0, Workers).Select(number => new Worker(number))];
    private readonly History _history;

    public Campaign(int seed, int rounds)
    {
        (_seed, _rounds) = (seed, rounds);
        _history = new History(_workers);
    }

    /// <summary>How many calls were answered.</summary>
    public int Answered { get; private set; }

    /// <summary>How many changes went unanswered.</summary>
    public int InDoubt { get; private set; }

    /// <summary>How many of those had happened.</summary>
    public int Happened => _history.Happened;

    /// <summary>How many keys there are now.</summary>
    public int Keys => _workers.Sum(worker => worker.Keys.Count);

    /// <summary>By action: how many changes were acknowledged.</summary>
    public Dictionary<string, int> Changes { get; } = [];

    /// <summary>Runs all rounds; the data stay where they are if one fails.</summary>
    public async Task RunAsync()
    {
        Round? before = null;
        for (var number = 0; number <= _rounds; number++)
        {
            using var server = await ServerProcess.StartAsync(_data);
            using var client = new SignedClient(server.Address);
            var image = DatabaseImage.Read(Path.Combine(_data, "kms.db"), _history.LastCommit);
            var problems = _history.Problems(image, before);
            problems.AddRange(await ListingProblemsAsync(client, image));
            if (problems.Count == 0)
            {
                before = await LoadAsync(server, client, number);
                problems = before.Complaints;
            }

            Assert.True(
                problems.Count == 0,
                $"seed {_seed}, round {number}, {_data}\n{string.Join('\n', problems.Take(20))}\n{server.Output}");
        }

        Directory.Delete(_data, recursive: true);
    }

    /// <summary>
    /// The load, until the kill, at any moment or at the very moment of an answer, and the last worker's noticing of
    /// it; after the last start only a look at everything.
    /// </summary>
    private async Task<Round> LoadAsync(ServerProcess server, SignedClient client, int number)
    {
        var last = number == _rounds;
        var moment = RandomOf(number, Workers);
        var killsThen = moment.Next(2) == 0;
        var (turn, beside) = Math.DivRem(number, 1 + RoundsWithoutImports);
        var awaited = beside == RoundsWithoutImports ? s_imports[turn % s_imports.Length] : null;
        var round = last ? new Round(server) : new Round(server, moment.Next(1, LongestRound), awaited, killsThen);
        var running = Task.WhenAll(_workers.ConvertAll(worker =>
        {
            var random = RandomOf(number, _workers.IndexOf(worker));
            return Task.Run(() => last
                ? worker.ProbeAsync(client, random, round, all: true)
                : worker.RunAsync(client, random, round));
        }));
        if (!last)
        {
            await Task.WhenAny(round.Ended, running, Task.Delay(Patience));
            if (!killsThen) await Task.Delay(moment.Next(LongestDelay));
            server.Kill();
        }

        await running;
        Answered += round.Answered;
        InDoubt += round.InDoubt;
        foreach (var (action, count) in round.Changes) Changes[action] = Changes.GetValueOrDefault(action) + count;
        return round;
    }

    private static async Task<List<string>> ListingProblemsAsync(SignedClient client, DatabaseImage image)
    {
        var problems = new List<string>();
        foreach (var (action, expected) in
            new[] { ("ListKeys", image.KeyRows.Count), ("ListAliases", image.AliasRows.Count) })
        {
            var total = (await client.CallAsync(action))?.Text("TotalCount");
            if (total != expected.ToString(CultureInfo.InvariantCulture))
                problems.Add($"{action}: {total}, not {expected}");
        }

        return problems;
    }

    private Random RandomOf(int round, int worker) => new(unchecked((((_seed * 31) + round) * 31) + worker));
}
