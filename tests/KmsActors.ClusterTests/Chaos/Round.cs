using System.Diagnostics;

namespace KmsActors.ClusterTests.Chaos;

/// <summary>A load, something that happens meanwhile, and what must have come of it.</summary>
internal sealed class Round(Cluster cluster, int seed, int number)
{
    private const int Users = 5;
    private const int Changers = 5;

    // Of calls while nothing is the matter. A busy machine can keep a node from its feed for longer than its lease.
    private const double MostUnserved = 0.5;

    private readonly Load _load = new(cluster, number);

    public Disturbance What { get; } = (Disturbance)((seed + number) % Enum.GetValues<Disturbance>().Length);

    public IReadOnlyCollection<Call> Calls => _load.Calls;

    /// <summary>How many calls found nobody to serve them although nothing was the matter.</summary>
    public int Unserved { get; private set; }

    /// <summary>By key of the root account: the state at the end.</summary>
    public Dictionary<string, string> States { get; } = new(StringComparer.Ordinal);

    /// <summary>Runs it; what was wrong.</summary>
    public async Task<List<string>> RunAsync()
    {
        var from = await cluster.NumberAsync("SELECT coalesce(max(seq), 0) FROM audit");
        await _load.BeginAsync(RandomOf(0));
        using var stop = new CancellationTokenSource();
        var running = Task.WhenAll(
        [
            .. Enumerable.Range(1, Users).Select(i => Task.Run(() => _load.UseAsync(RandomOf(i), stop.Token))),
            .. Enumerable.Range(101, Changers).Select(i => Task.Run(() => _load.ChangeAsync(RandomOf(i), stop.Token))),
        ]);
        var random = RandomOf(1000);
        await Task.Delay(random.Next(300, 900));
        var begun = Stopwatch.GetTimestamp();
        await cluster.MakeAsync(What, random);
        var ended = Stopwatch.GetTimestamp();
        await Task.Delay(random.Next(300, 900));
        await stop.CancelAsync();
        await running;
        await _load.DescribeAsync();
        var rows = await cluster.RowsAsync(
            $"SELECT seq, name, request_id, events FROM audit WHERE seq > {from} AND kind <> 1 ORDER BY seq",
            row => new AuditRow(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3)));
        var checker = new Checker(_load.Calls, rows);
        List<string> problems = [.. checker.Problems, .. await EndAsync(checker)];
        var quiet = _load.Calls.Where(call => call.Ended < begun || call.Begun > ended).ToList();
        problems.AddRange(quiet.Where(call => call.Answer is null).Select(call => $"nothing was the matter: {call}"));
        Unserved = quiet.Count(call => call.IsInDoubt);
        if (Unserved > MostUnserved * quiet.Count) problems.Add($"{Unserved} of {quiet.Count} were not served");
        return problems;
    }

    /// <summary>What is stored is what the last commits say.</summary>
    private async Task<List<string>> EndAsync(Checker checker)
    {
        List<string> problems = [];
        var keys = (await cluster.RowsAsync(
            "SELECT key_id, key_state, account FROM keys",
            row => (Id: row.GetString(0), State: row.GetInt16(1), Account: row.GetString(2))))
            .ToDictionary(row => row.Id, row => (row.State, row.Account));
        var aliases = (await cluster.RowsAsync(
            "SELECT alias, key_id FROM aliases", row => (Alias: row.GetString(0), KeyId: row.GetString(1))))
            .ToDictionary(row => row.Alias, row => row.KeyId);
        var tags = (await cluster.RowsAsync(
            "SELECT key_id, tag_value FROM tags", row => (KeyId: row.GetString(0), Value: row.GetString(1))))
            .ToDictionary(row => row.KeyId, row => row.Value);
        string[] names = ["Enabled", "Disabled", "PendingDeletion"];
        foreach (var timeline in checker.Timelines)
        {
            var subject = timeline.Subject;
            var of = timeline.Last.Event;
            if (of.StartsWith("Key", StringComparison.Ordinal))
            {
                var (state, account) = keys.GetValueOrDefault(subject, ((short)-1, ""));
                if (account == ServerProcess.Account) States[subject] = timeline.Last.State!;
                if (state == -1) problems.Add($"lost:\n{timeline}");
                else if (names[state] != timeline.Last.State) problems.Add($"stored as {names[state]}:\n{timeline}");
                var tag = timeline.LastOf("KeyTagged");
                var stored = tags.GetValueOrDefault(subject);
                if (tag is null ? stored is not null : !tag.Values.Contains(stored ?? ""))
                    problems.Add($"stored with the tag {stored}:\n{timeline}");
            }

            if (!of.StartsWith("Alias", StringComparison.Ordinal)) continue;
            var target = aliases.GetValueOrDefault(subject);
            var isSo = timeline.Last.State is null ? target is null : timeline.Last.Values.Contains(target ?? "");
            if (!isSo) problems.Add($"stored for {target}:\n{timeline}");
        }

        return problems;
    }

    private Random RandomOf(int worker) => new(unchecked((((seed * 31) + number) * 31) + worker));
}
