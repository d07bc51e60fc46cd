using System.Diagnostics;
using KmsActors.Benchmarks.Load;
using KmsActors.Benchmarks.Processes;
using KmsActors.Grains;

namespace KmsActors.Benchmarks.Scenarios;

/// <summary>
/// What tenants notice of one that calls at many times its limit. Windows with and without it take turns, and
/// two without it are compared as well: so much the machine does by itself.
/// </summary>
internal sealed class LimitIsolation : IDisposable
{
    private const int Limit = 200;
    private const int TimesTheLimit = 20;
    private const int Others = 20;
    private const int CallsOfOthers = 2000;

    // The others begin when the noise is there.
    private const double LeadSeconds = 0.1;

    // Other programs on the machine, in cores: with more of it, a window says more of them than of the server.
    private const double MostOfOthers = 0.1;
    private const int FewestTriples = 10;

    private readonly ServerProcess _server;
    private readonly SteadyLoad _others;
    private readonly SteadyLoad _noisy;
    private readonly Action<RequestBatch> _requestOfOthers;
    private readonly Action<RequestBatch> _requestOfNoisy;
    private readonly double _seconds;

    private LimitIsolation(string data, UsableKey[] keys, double seconds)
    {
        _server = new ServerProcess(data);
        _others = new SteadyLoad(_server.Port, 16);
        _noisy = new SteadyLoad(_server.Port, 8);
        _requestOfOthers = Requests.EncryptWith(keys[1..]);
        _requestOfNoisy = Requests.EncryptWith(keys[..1]);
        _seconds = seconds;
    }

    public static async Task RunAsync(Lab lab)
    {
        var (data, keys) = await FillAsync(lab);
        using var all = new LimitIsolation(data, keys, lab.RoundSeconds / 2);
        for (var i = 0; i < lab.WarmUpSeconds; i++) await all.WindowAsync(isNoisy: true, i);
        var wanted = lab.Rounds * 3;
        var triples = new List<Triple>();
        for (var i = 0; i < wanted * 2 && triples.Count(each => each.IsUndisturbed) < wanted; i++)
        {
            triples.Add(new Triple(
                await all.WindowAsync(isNoisy: false, i),
                await all.WindowAsync(isNoisy: true, i),
                await all.WindowAsync(isNoisy: false, i)));
        }

        var undisturbed = triples.FindAll(each => each.IsUndisturbed);
        var isEnough = undisturbed.Count >= Math.Min(wanted, FewestTriples);
        Print(isEnough ? undisturbed : triples);
        Console.WriteLine(
            $"   three windows of {all._seconds:F1} s, {triples.Count} times, of which {undisturbed.Count} while other "
            + $"programs took less than {MostOfOthers} of a core: "
            + (isEnough ? "those are above" : "too few to tell, so all are above"));
        Console.WriteLine("   required: with beside without < 1.10");
    }

    public void Dispose()
    {
        _others.Dispose();
        _noisy.Dispose();
        _server.Dispose();
    }

    private static async Task<(string Data, UsableKey[] Keys)> FillAsync(Lab lab)
    {
        var data = lab.NewDirectory();
        var keys = new List<UsableKey>();
        await using var filler = await StoreFiller.OpenAsync(data);
        for (var i = 0; i <= Others; i++)
            keys.Add(await LimitedTenants.AddAsync(filler, i, new Rate(Limit, Limit), null));
        return (data, [.. keys]);
    }

    /// <param name="isNoisy">Whether the one calls too often.</param>
    /// <param name="seed">Of when the others call: as they do in the windows that this one is compared with.</param>
    private async Task<Window> WindowAsync(bool isNoisy, int seed)
    {
        var seconds = LeadSeconds + _seconds;
        var others = Timetable.Random(CallsOfOthers, _seconds, seed);
        var noisy = Timetable.Even(isNoisy ? Limit * TimesTheLimit : 0, seconds);
        var requestsOfOthers = new RequestBatch(_requestOfOthers, others.Calls);
        var requestsOfNoisy = new RequestBatch(_requestOfNoisy, noisy.Calls);
        GC.Collect();
        var begin = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 50);
        var (machine, server, client) = (Machine.BusySeconds(), _server.CpuSeconds(), Environment.CpuUsage.TotalTime);
        var noise = _noisy.StartAsync(requestsOfNoisy, noisy, begin);
        var calls = _others.StartAsync(
            requestsOfOthers, others, begin + (long)(LeadSeconds * Stopwatch.Frequency));
        var ofNoisy = await noise;
        var ofOthers = await calls;
        machine = Machine.BusySeconds() - machine;
        server = _server.CpuSeconds() - server;
        var mine = (Environment.CpuUsage.TotalTime - client).TotalSeconds;
        ofOthers.Insist(200);
        ofNoisy.Insist(200, 429);
        return new Window(
            ofOthers.Latencies(),
            server / seconds,
            (machine - server - mine) / seconds,
            ofNoisy.Count(200) / seconds,
            noisy.Calls / seconds);
    }

    private static void Print(List<Triple> windows)
    {
        Window[] alone = [.. windows.Select(each => each.Before), .. windows.Select(each => each.After)];
        Window[] noisy = [.. windows.Select(each => each.Noisy)];
        Console.WriteLine(
            $"   isolation: {Others} tenants with a limit of {Limit}/s each, together {CallsOfOthers:N0} Encrypt/s of "
            + $"1 KiB at random times; one with the same limit calls {noisy.Average(each => each.Offered):N0}/s, of "
            + $"which {noisy.Average(each => each.Accepted):N0}/s are served (a burst of {Limit} with them)");
        var table = new Table(
            "latency of the others, from when due",
            "p50 µs",
            "p90 µs",
            "p99 µs",
            "of best windows",
            "cores of server");
        Row(table, "alone", alone);
        Row(table, "beside the noisy tenant", noisy);
        table.Print();
        Ratio(
            "p99 with beside without",
            windows.Select(each => each.Noisy.P99 / Math.Sqrt(each.Before.P99 * each.After.P99)),
            Best(noisy) / Best(alone));
        Ratio(
            "p99 without beside without",
            windows.Select(each => each.After.P99 / each.Before.P99),
            Best(windows.Select(each => each.After)) / Best(windows.Select(each => each.Before)));
    }

    private static void Row(Table table, string name, Window[] windows) => table.Row(
        name,
        $"{Statistics.Median(windows.Select(each => each.At(0.5))):N0}",
        $"{Statistics.Median(windows.Select(each => each.At(0.9))):N0}",
        $"{Statistics.Median(windows.Select(each => each.P99)):N0}",
        $"{Best(windows):N0}",
        $"{windows.Average(each => each.Cores):F2}");

    /// <summary>The p99 of windows in which the machine had little else to do: a quarter is better.</summary>
    private static double Best(IEnumerable<Window> windows) =>
        Statistics.Percentile([.. windows.Select(each => each.P99)], 0.25);

    private static void Ratio(string name, IEnumerable<double> ratios, double ofBest)
    {
        double[] all = [.. ratios];
        Console.WriteLine(
            $"   {name}: median {Statistics.Percentile(all, 0.5):F2}, half of all between "
            + $"{Statistics.Percentile(all, 0.25):F2} and {Statistics.Percentile(all, 0.75):F2}; "
            + $"of the best windows {ofBest:F2}");
    }

    /// <summary>Windows that are compared with each other; the others call at the same times in each.</summary>
    private sealed record Triple(Window Before, Window Noisy, Window After)
    {
        public bool IsUndisturbed { get; } =
            Math.Max(Math.Max(Before.Disturbed, Noisy.Disturbed), After.Disturbed) < MostOfOthers;
    }

    /// <param name="Latencies">Of the others' calls.</param>
    /// <param name="Cores">How much CPU the server took.</param>
    /// <param name="Disturbed">How much other programs did.</param>
    /// <param name="Accepted">Calls of the noisy one a second that were served.</param>
    /// <param name="Offered">Those that it made.</param>
    private sealed record Window(
        double[] Latencies, double Cores, double Disturbed, double Accepted, double Offered)
    {
        public double P99 { get; } = Statistics.Percentile(Latencies, 0.99);

        public double At(double share) => Statistics.Percentile(Latencies, share);
    }
}
