using System.Diagnostics;
using System.Runtime.InteropServices;

namespace KmsActors.Benchmarks.Load;

/// <summary>Sleep that ends within microseconds of a time, where Thread.Sleep counts milliseconds.</summary>
internal static partial class Alarm
{
    private const int MonotonicClock = 1;
    private const int UntilTime = 1;
    private const int SetTimerSlack = 29;
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Has this thread woken when it asks for it, not at the kernel's convenience.</summary>
    public static void BePunctual() => _ = ProcessControl(SetTimerSlack, 1, 0, 0, 0);

    /// <summary>Sleeps until a timestamp of <see cref="Stopwatch"/>, whose clock is the same.</summary>
    public static void SleepUntil(long timestamp)
    {
        var wake = new Time
        {
            Seconds = (nint)(timestamp / NanosecondsPerSecond),
            Nanoseconds = (nint)(timestamp % NanosecondsPerSecond),
        };
        while (Stopwatch.GetTimestamp() < timestamp) _ = Sleep(MonotonicClock, UntilTime, wake, 0);
    }

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int Sleep(int clock, int flags, in Time wake, nint remaining);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int ProcessControl(int option, nint value, nint third, nint fourth, nint fifth);

    private struct Time
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
