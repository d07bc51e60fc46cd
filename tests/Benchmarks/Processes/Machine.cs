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
}
