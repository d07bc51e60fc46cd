using System.Globalization;

namespace KmsActors.Benchmarks.Processes;

/// <summary>The machine as a whole, with all that others run on it.</summary>
internal static class Machine
{
    /// <summary>CPU time of everything that has run so far, and what the host has taken away.</summary>
    public static double BusySeconds()
    {
        // cpu, user, nice, system, idle, iowait, irq, softirq, steal, and guests, which are in user already.
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int[] busy = [1, 2, 3, 6, 7, 8];
        return busy.Sum(i => long.Parse(fields[i], CultureInfo.InvariantCulture)) / 100.0;
    }

    /// <summary>CPU time of a process so far, user and system.</summary>
    public static double CpuSecondsOf(int process) => Seconds(Stat(process), 11, 12);

    /// <summary>The same of a process and all that it has started, those that have ended with them.</summary>
    public static double CpuSecondsWithChildren(int process)
    {
        var sum = Seconds(Stat(process), 11, 12, 13, 14);
        foreach (var directory in Directory.GetDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var other)) continue;
            try
            {
                var stat = Stat(other);
                if (stat[1] == $"{process}") sum += Seconds(stat, 11, 12);
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }

        return sum;
    }

    /// <summary>Who has started a process.</summary>
    public static int ParentOf(int process) => int.Parse(Stat(process)[1], CultureInfo.InvariantCulture);

    // From the third field on: the name, the second, is in parentheses and may hold spaces.
    private static string[] Stat(int process)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }

    private static double Seconds(string[] stat, params ReadOnlySpan<int> fields)
    {
        var ticks = 0L;
        foreach (var field in fields) ticks += long.Parse(stat[field], CultureInfo.InvariantCulture);
        return ticks / 100.0;
    }
}
