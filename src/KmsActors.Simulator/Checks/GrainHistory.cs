using System.Text.Json;
using KmsActors.Grains;

namespace KmsActors.Simulator;

/// <summary>One committed state of a grain.</summary>
/// <param name="ETag">The commit's; 0 for there being no row.</param>
/// <param name="Since">When it was committed, as durations are measured.</param>
/// <param name="Stored">The state as stored, or null for none.</param>
internal sealed record GrainVersion(long ETag, TimeSpan Since, byte[]? Stored)
{
    private object? _view;

    /// <summary>
    /// From when on no call that begins may go by it: somebody was told that it is over, or no node can have it.
    /// </summary>
    public TimeSpan? DeadFrom { get; set; }

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
    private readonly List<GrainVersion> _versions = [new(0, TimeSpan.Zero, null)];

    /// <summary>Whose.</summary>
    public GrainId Id => id;

    /// <summary>The state that there is.</summary>
    public GrainVersion Latest => _versions[^1];

    /// <summary>A commit has made another state.</summary>
    /// <param name="version">The state.</param>
    /// <param name="longestStale">For how long a node may still have the one before; null for who knows.</param>
    public void Add(GrainVersion version, TimeSpan? longestStale)
    {
        Latest.DeadFrom ??= version.Since + longestStale;
        _versions.Add(version);
    }

    /// <summary>Somebody was told of <paramref name="version"/>: what was before is over.</summary>
    public void Heed(GrainVersion version, TimeSpan at)
    {
        foreach (var each in _versions)
        {
            if (ReferenceEquals(each, version)) return;
            if (each.DeadFrom is null || each.DeadFrom > at) each.DeadFrom = at;
        }
    }

    /// <summary>The states by which a call between these times may go.</summary>
    public IEnumerable<GrainVersion> Allowed(TimeSpan began, TimeSpan ended)
    {
        foreach (var version in _versions)
        {
            if (version.Since <= ended && !(version.DeadFrom <= began)) yield return version;
        }
    }

    /// <summary>The states that there were between these times.</summary>
    public IEnumerable<GrainVersion> Current(TimeSpan began, TimeSpan ended)
    {
        for (var i = 0; i < _versions.Count; i++)
        {
            var until = i + 1 < _versions.Count ? _versions[i + 1].Since : TimeSpan.MaxValue;
            if (_versions[i].Since <= ended && until >= began) yield return _versions[i];
        }
    }

    /// <summary>Forgets what no call that goes on or is still to come can be judged by.</summary>
    public void Forget(TimeSpan earliestCall)
    {
        var over = 0;
        while (over < _versions.Count - 1
            && _versions[over].DeadFrom < earliestCall && _versions[over + 1].Since < earliestCall) over++;
        if (over > 8) _versions.RemoveRange(0, over);
    }
}
