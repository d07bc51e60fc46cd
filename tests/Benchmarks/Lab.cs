using System.Diagnostics;
using KmsActors.Benchmarks.Processes;

namespace KmsActors.Benchmarks;

/// <summary>What all scenarios share: how long to measure, and a place for data, gone in the end.</summary>
internal sealed class Lab : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("kmsactors-benchmarks-");
    private int _directories;

    public Lab(bool isQuick, string? otherServer)
    {
        IsQuick = isQuick;
        OtherServer = otherServer;
    }

    /// <summary>Another build of KmsActors.Server.dll to compare with, if there is one.</summary>
    public string? OtherServer { get; }

    /// <summary>A minute or so for everything, at the price of noise.</summary>
    public bool IsQuick { get; }

    /// <summary>Rounds of each thing that is compared; odd, for a median that was measured.</summary>
    public int Rounds => IsQuick ? 3 : 15;

    /// <summary>What a round aims at.</summary>
    public double RoundSeconds => IsQuick ? 0.4 : 1;

    /// <summary>For how long a server is driven before: by then its hot paths are compiled.</summary>
    public double WarmUpSeconds => IsQuick ? 1 : 5;

    /// <summary>A data directory that nobody has used.</summary>
    public string NewDirectory() => Path.Combine(_root.FullName, $"data-{++_directories}");

    /// <summary>The machine, and how fast its disk makes a write durable.</summary>
    public void Describe()
    {
        var server = new FileInfo(ServerProcess.Assembly);
        Console.WriteLine(
            $"{Environment.ProcessorCount} cores, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}, "
            + $".NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC; "
            + $"{server.Directory!.Name} build of the server; "
            + $"a durable write of 4 KiB in {_root.FullName}: {DurableWriteMicroseconds():F0} µs");
    }

    public void Dispose() => _root.Delete(recursive: true);

    private double DurableWriteMicroseconds()
    {
        var path = Path.Combine(_root.FullName, "durable");
        var times = new List<double>();
        using (var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write))
        {
            for (var i = 0; i < 50; i++)
            {
                var start = Stopwatch.GetTimestamp();
                RandomAccess.Write(file, new byte[4096], i * 4096L);
                RandomAccess.FlushToDisk(file);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            }
        }

        return Statistics.Median(times);
    }
}
