using System.Text.Json;
using KmsActors.Grains;

namespace KmsActors.Simulator;

/// <summary>One committed state of a grain.</summary>
/// <param name="ETag">The commit's; 0 for there being no row.</param>
/// <param name="Since">When it was committed: its place among all that happened.</param>
/// <param name="Stored">The state as stored, or null for none.</param>
internal sealed record GrainVersion(long ETag, long Since, byte[]? Stored)
{
    private object? _view;

    /// <summary>From when on no call that begins may go by it, as somebody was told that it is over.</summary>
    public long? OverSince { get; set; }

    /// <summary>The same, as no node can have it; as durations are measured.</summary>
    public TimeSpan? StaleFrom { get; set; }

    /// <summary>Whether a call that begins then may not go by it.</summary>
    public bool IsDead(long began, TimeSpan beganAt) => OverSince < began || StaleFrom <= beganAt;

    /// <summary>What it says of a key; null for none.</summary>
    public KeyView? Key => View(KeyView.Of);

    /// <summary>For which key an alias stands; null for no alias.</summary>
    public string? AliasOf => View(stored => stored.GetProperty("KeyId").GetString()!);

    /// <summary>Reads some of it.</summary>
    public T? View<T>(Func<JsonElement, T> read)
        where T : class
    {
        if (Stored is null) return null;
        if (_view is T known) return known;
        using var document = JsonDocument.Parse(Stored);
        var view = read(document.RootElement);
        _view = view;
        return view;
    }
}

/// <summary>The states that a grain has had, oldest first; the first is that there was none.</summary>
internal sealed class GrainHistory(GrainId id)
{
    // So that it is not done each time.
    private const int LeastForgotten = 4;

    private readonly List<GrainVersion> _versions = [new(0, 0, null)];

    /// <summary>Whose.</summary>
    public GrainId Id => id;

    /// <summary>The state that there is.</summary>
    public GrainVersion Latest => _versions[^1];

    /// <summary>A commit has made another state.</summary>
    /// <param name="version">The state.</param>
    /// <param name="staleFrom">From when on no node can have the one before; null for who knows.</param>
    public void Add(GrainVersion version, TimeSpan? staleFrom)
    {
        Latest.StaleFrom = staleFrom;
        _versions.Add(version);
    }

    /// <summary>Somebody was told of <paramref name="version"/>: what was before is over.</summary>
    public void Heed(GrainVersion version, long at)
    {
        foreach (var each in _versions)
        {
            if (ReferenceEquals(each, version)) return;
            if (each.OverSince is null || each.OverSince > at) each.OverSince = at;
        }
    }

    /// <summary>The states by which a call may have gone.</summary>
    public IEnumerable<GrainVersion> Allowed(CallRecord call)
    {
        foreach (var version in _versions)
        {
            if (version.Since <= call.Ended && !version.IsDead(call.Began, call.BeganElapsed)) yield return version;
        }
    }

    /// <summary>The states that there were during a call.</summary>
    public IEnumerable<GrainVersion> Current(CallRecord call)
    {
        for (var i = 0; i < _versions.Count; i++)
        {
            var until = i + 1 < _versions.Count ? _versions[i + 1].Since : long.MaxValue;
            if (_versions[i].Since <= call.Ended && until >= call.Began) yield return _versions[i];
        }
    }

    /// <summary>Forgets what no call can be judged by that goes on or is still to come.</summary>
    /// <param name="began">When the first of those that go on began.</param>
    /// <param name="elapsed">The same, as durations are measured.</param>
    public void Forget(long began, TimeSpan elapsed)
    {
        var over = 0;
        while (over < _versions.Count - 1
            && _versions[over].IsDead(began, elapsed) && _versions[over + 1].Since < began) over++;
        if (over >= LeastForgotten) _versions.RemoveRange(0, over);
    }
}
