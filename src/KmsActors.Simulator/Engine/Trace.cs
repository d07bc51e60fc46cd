using System.Globalization;

namespace KmsActors.Simulator;

/// <summary>
/// What happened, as one number that is the same exactly for the same run; and, if wanted, the last of it in words.
/// </summary>
internal sealed class Trace
{
    private const int MostLines = 4096;

    private readonly Queue<string> _lines = new();
    private ulong _hash = 14695981039346656037;

    /// <summary>Whether it is to be kept in words, too.</summary>
    public bool IsKept { get; set; }

    /// <summary>The number.</summary>
    public ulong Hash => _hash;

    /// <summary>The last of it, oldest first; empty unless it is kept.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>A process has taken a step.</summary>
    public void Step(TimeSpan at, int process)
    {
        Mix((ulong)at.Ticks);
        Mix((ulong)process);
    }

    /// <summary>Something happened that has a number to it.</summary>
    public void Add(TimeSpan at, string what, long number)
    {
        Mix((ulong)at.Ticks);
        Mix(what);
        Mix(unchecked((ulong)number));
        if (IsKept) Keep(at, string.Create(CultureInfo.InvariantCulture, $"{what} {number}"));
    }

    /// <summary>Something happened that is told in words.</summary>
    /// <param name="at">When.</param>
    /// <param name="who">To whom.</param>
    /// <param name="what">What it is; nothing in it may be of this process alone.</param>
    public void Add(TimeSpan at, string who, string what)
    {
        Mix((ulong)at.Ticks);
        Mix(who);
        Mix(what);
        if (IsKept) Keep(at, $"{who}: {what}");
    }

    private void Keep(TimeSpan at, string line)
    {
        if (_lines.Count == MostLines) _lines.Dequeue();
        _lines.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{at.TotalSeconds,12:F6} s  {line}"));
    }

    private void Mix(string text)
    {
        foreach (var c in text) _hash = unchecked((_hash ^ c) * 1099511628211);
    }

    private void Mix(ulong number) => _hash = unchecked((_hash ^ number) * 1099511628211);
}
