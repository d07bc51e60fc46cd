using KmsActors.Benchmarks.Processes;

namespace KmsActors.Benchmarks.Load;

/// <summary>
/// One kind of request to one server, or some, measured in rounds that take turns with those of other subjects: the
/// machine's mood changes slower than that, so the ratio of two subjects holds where their figures do not.
/// </summary>
internal sealed class Subject(
    string name,
    Func<double> cpuSeconds,
    LoadClient client,
    Action<RequestBatch> appendRequest,
    int expectedStatus = 200,
    int rareStatus = 0)
{
    private const int MostRequests = 60_000;

    public Subject(
        string name,
        ChildProcess server,
        LoadClient client,
        Action<RequestBatch> appendRequest,
        int expectedStatus = 200,
        int rareStatus = 0)
        : this(name, server.CpuSeconds, client, appendRequest, expectedStatus, rareStatus)
    {
    }

    private readonly List<double> _rates = [];
    private readonly List<double> _cpus = [];
    private readonly List<double[]> _latencies = [];
    private double _rate = 200;

    public string Name => name;

    /// <summary>Requests a second in every round.</summary>
    public IReadOnlyList<double> Rates => _rates;

    /// <summary>Requests a second, the median of all rounds.</summary>
    public double Rate => Statistics.Median(_rates);

    /// <summary>The servers' CPU time a request, in microseconds, the median of all rounds.</summary>
    public double Cpu => Statistics.Median(_cpus);

    /// <summary>A percentile of what requests took, in microseconds, over all rounds.</summary>
    public double Latency(double share) =>
        Statistics.Percentile([.. _latencies.SelectMany(each => each)], share);

    /// <summary>The median of this subject's rate over the other's in the same round.</summary>
    public double RateBeside(Subject other) =>
        Statistics.Median(_rates.Zip(other._rates, (mine, others) => mine / others));

    /// <summary>The same of CPU time.</summary>
    public double CpuBeside(Subject other) =>
        Statistics.Median(_cpus.Zip(other._cpus, (mine, others) => mine / others));

    /// <summary>Runs for some seconds without keeping anything but the rate to expect.</summary>
    public void WarmUp(double seconds)
    {
        for (var rest = seconds; rest > 0.05;)
        {
            var requests = Requests(CountFor(Math.Min(rest, 0.5)));
            var elapsed = client.Send(requests, expectedStatus, rareStatus).Elapsed.TotalSeconds;
            _rate = requests.Count / elapsed;
            rest -= elapsed;
        }
    }

    /// <summary>Sends so many requests without keeping anything.</summary>
    public void SendOnly(int count) => client.Send(Requests(count), expectedStatus, rareStatus);

    /// <summary>Measures one round of about so many seconds.</summary>
    public void Round(double seconds) => Round(CountFor(seconds));

    /// <summary>Measures one round of so many requests.</summary>
    public void Round(int count)
    {
        var requests = Requests(count);
        var before = cpuSeconds();
        var (elapsed, latencies) = client.Send(requests, expectedStatus, rareStatus);
        _cpus.Add((cpuSeconds() - before) / requests.Count * 1e6);
        _rate = requests.Count / elapsed.TotalSeconds;
        _rates.Add(_rate);
        _latencies.Add(latencies);
    }

    /// <summary>Warms all up, then measures them in turns.</summary>
    public static void Measure(Lab lab, params IReadOnlyList<Subject> subjects)
    {
        foreach (var subject in subjects) subject.WarmUp(lab.WarmUpSeconds / subjects.Count);
        for (var round = 0; round < lab.Rounds; round++)
        {
            foreach (var subject in subjects) subject.Round(lab.RoundSeconds);
        }
    }

    /// <summary>A table of them, each compared with the first.</summary>
    public static void Print(params IReadOnlyList<Subject> subjects)
    {
        var table = new Table("", "requests/s", "ratio", "p50 µs", "p99 µs", "server CPU µs", "ratio");
        foreach (var subject in subjects)
        {
            table.Row(
                subject.Name,
                $"{subject.Rate:N0}",
                $"{subject.RateBeside(subjects[0]):F2}",
                $"{subject.Latency(0.5):N0}",
                $"{subject.Latency(0.99):N0}",
                $"{subject.Cpu:F1}",
                $"{subject.CpuBeside(subjects[0]):F2}");
        }

        table.Print();
    }

    private int CountFor(double seconds) => Math.Clamp((int)(_rate * seconds), 32, MostRequests);

    private RequestBatch Requests(int count) => new(appendRequest, count);
}
