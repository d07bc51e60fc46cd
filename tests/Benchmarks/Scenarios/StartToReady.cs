using KmsActors.Benchmarks.Processes;

namespace KmsActors.Benchmarks.Scenarios;

/// <summary>From the start of the process, with both listeners, to the first 200 of /health/ready.</summary>
internal static class StartToReady
{
    private const int Starts = 5;
    private const int Keys = 10_000;

    public static async Task RunAsync(Lab lab)
    {
        var existing = lab.NewDirectory();
        await using (var filler = await StoreFiller.OpenAsync(existing))
        {
            await filler.CreateAccountAsync(ServerProcess.RootAccount);
            await filler.CreateKeysAsync(ServerProcess.RootAccount, Keys);
        }

        Start(existing);
        var fresh = new List<(double Seconds, double Cpu)>();
        var again = new List<(double Seconds, double Cpu)>();
        for (var i = 0; i < Starts; i++)
        {
            fresh.Add(Start(lab.NewDirectory()));
            again.Add(Start(existing));
        }

        var table = new Table("data directory", "median s", "least s", "most s", "CPU s");
        Row(table, "empty", fresh);
        Row(table, $"with {Keys:N0} keys", again);
        table.Print();
        Console.WriteLine("   required < 1.5 s");
    }

    private static (double Seconds, double Cpu) Start(string data)
    {
        using var server = new ServerProcess(data, hasHttps: true);
        return (server.StartToReady.TotalSeconds, server.CpuSeconds());
    }

    private static void Row(Table table, string name, List<(double Seconds, double Cpu)> starts)
    {
        var seconds = starts.ConvertAll(start => start.Seconds);
        table.Row(
            name,
            $"{Statistics.Median(seconds):F2}",
            $"{seconds.Min():F2}",
            $"{seconds.Max():F2}",
            $"{Statistics.Median(starts.Select(start => start.Cpu)):F2}");
    }
}
