namespace KmsActors.Server.Tests;

/// <summary>What a test believes of a symmetric key of the server's own material.</summary>
internal sealed class KeyModel(string id, string version, DateTimeOffset created)
{
    private DateTimeOffset? _deletion;

    public string Id { get; } = id;

    /// <summary>Oldest first; the last is the primary one.</summary>
    public List<string> Versions { get; } = [version];

    /// <summary>Enabled, Disabled, PendingDeletion or gone.</summary>
    public string State { get; private set; } = "Enabled";

    /// <summary>How often it rotates, in days; null for never.</summary>
    public int? Interval { get; set; }

    /// <summary>When it was rotated last, or made.</summary>
    public DateTimeOffset Last { get; private set; } = created;

    /// <summary>When it is to rotate.</summary>
    public DateTimeOffset? Next => Last + (Interval is { } days ? TimeSpan.FromDays(days) : null);

    /// <summary>When something happens to it by itself.</summary>
    public DateTimeOffset? Due => State == "Enabled" ? Next : _deletion;

    /// <summary>What the metadata say of its rotation.</summary>
    public string Rotation => Interval is null ? "Disabled" : State == "Enabled" ? "Enabled" : "Suspended";

    /// <summary>Why it may not be used, or null.</summary>
    public string? RefusesUse => State switch
    {
        "Enabled" => null,
        "gone" => "Forbidden.KeyNotFound",
        _ => $"Rejected.{State}",
    };

    /// <summary>Why it cannot be brought into another state from this one, or null.</summary>
    public string? RefusesLeaving(params string[] states) =>
        states.Contains(State) ? null : State == "gone" ? "Forbidden.KeyNotFound" : "Rejected.StateModifiedFailed";

    public void Become(string state, DateTimeOffset? deletion = null) => (State, _deletion) = (state, deletion);

    /// <summary>Whether a rotation is due.</summary>
    public bool WantsRotation(DateTimeOffset now) => State == "Enabled" && Next <= now;

    public void Rotate(string version, DateTimeOffset now)
    {
        Versions.Add(version);
        Last = now;
    }

    /// <summary>A pending deletion happens when its date has come.</summary>
    public void Pass(DateTimeOffset now)
    {
        if (_deletion <= now) Become("gone");
    }
}
