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
    private const double LeadSeconds = 0.2;

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
        using var all = new LimitIsolation(data, keys, lab.RoundSeconds);
        for (var i = 0; i < lab.WarmUpSeconds; i++) await all.WindowAsync(isNoisy: true, i);
        var windows = new List<(Window Before, Window Noisy, Window After)>();
        for (var i = 0; i < lab.Rounds * 2; i++)
        {
            windows.Add((
                await all.WindowAsync(isNoisy: false, i),
                await all.WindowAsync(isNoisy: true, i),
                await all.WindowAsync(isNoisy: false, i)));
        }

        Print(windows, lab.RoundSeconds);
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
        for (var i = 0; i <= Others; i++) keys.Add(await LimitedTenants.AddAsync(filler, i, new(Limit, Limit), null));
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
        var cpu = _server.CpuSeconds();
        var begin = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 20);
        var noise = _noisy.StartAsync(requestsOfNoisy, noisy, begin);
        var calls = _others.StartAsync(
            requestsOfOthers, others, begin + (long)(LeadSeconds * Stopwatch.Frequency));
        var ofNoisy = await noise;
        var ofOthers = await calls;
        cpu = _server.CpuSeconds() - cpu;
        ofOthers.Insist(200);
        ofNoisy.Insist(200, 429);
        return new Window(ofOthers.Latencies(), cpu / seconds, ofNoisy.Count(200) / seconds, noisy.Calls / seconds);
    }

    private static void Print(List<(Window Before, Window Noisy, Window After)> windows, double seconds)
    {
        Window[] alone = [.. windows.Select(each => each.Before), .. windows.Select(each => each.After)];
        Window[] noisy = [.. windows.Select(each => each.Noisy)];
        Console.WriteLine(
            $"   isolation: {Others} tenants with a limit of {Limit}/s each, together {CallsOfOthers:N0} Encrypt/s of "
            + $"1 KiB at random times; one with the same limit calls {noisy.Average(each => each.Offered):N0}/s, of "
            + $"which {noisy.Average(each => each.Accepted):N0}/s are served (a burst of {Limit} with them)");
        var table = new Table("latency of the others, from when due", "p50 µs", "p90 µs", "p99 µs", "of best windows", "cores of server");
        Row(table, "alone", alone);
        Row(table, "beside the noisy tenant", noisy);
        table.Print();
        Ratio(
            "p99 with beside without",
            windows.Select(each => each.Noisy.P99 * 2 / (each.Before.P99 + each.After.P99)),
            Pooled(noisy) / Pooled(alone));
        Ratio(
            "p99 without beside without",
            windows.Select(each => each.After.P99 / each.Before.P99),
            Pooled(windows.Select(each => each.After)) / Pooled(windows.Select(each => each.Before)));
        Console.WriteLine(
            $"   {windows.Count} times three windows of {seconds:F1} s; required: with beside without < 1.10");
    }

    private static void Row(Table table, string name, Window[] windows) => table.Row(
        name,
        $"{Statistics.Median(windows.Select(each => each.At(0.5))):N0}",
        $"{Statistics.Median(windows.Select(each => each.At(0.9))):N0}",
        $"{Statistics.Median(windows.Select(each => each.P99)):N0}",
        $"{Statistics.Percentile([.. windows.Select(each => each.P99)], 0.25):N0}",
        $"{windows.Average(each => each.Cores):F2}");

    private static double Pooled(IEnumerable<Window> windows) =>
        Statistics.Percentile([.. windows.SelectMany(each => each.Latencies)], 0.99);

    private static void Ratio(string name, IEnumerable<double> ratios, double pooled)
    {
        double[] all = [.. ratios];
        Console.WriteLine(
            $"   {name}: median {Statistics.Percentile(all, 0.5):F2}, half of all between "
            + $"{Statistics.Percentile(all, 0.25):F2} and {Statistics.Percentile(all, 0.75):F2}; "
            + $"of all windows together {pooled:F2}");
    }

    /// <param name="Latencies">Of the others' calls.</param>
    /// <param name="Cores">How much CPU the server took.</param>
    /// <param name="Accepted">Calls of the noisy one a second that were served.</param>
    /// <param name="Offered">Those that it made.</param>
    private sealed record Window(double[] Latencies, double Cores, double Accepted, double Offered)
    {
        public double P99 { get; } = Statistics.Percentile(Latencies, 0.99);

        public double At(double share) => Statistics.Percentile(Latencies, share);
    }
}
