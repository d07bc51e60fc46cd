using System.Text.Json;
using KmsActors.Grains;

namespace KmsActors.Simulator;

/// <summary>What a stored account says of itself.</summary>
internal sealed record AccountView
{
    /// <summary>Whether it acts.</summary>
    public required AccountStatus Status { get; init; }

    /// <summary>What the operator calls it.</summary>
    public required string DisplayName { get; init; }

    /// <summary>How much it may have, by the quotas' names.</summary>
    public required IReadOnlyDictionary<string, long> Quotas { get; init; }

    /// <summary>By which classes of calls it has limits of its own.</summary>
    public required IReadOnlyCollection<string> Rates { get; init; }

    /// <summary>The access keys that sign in its own name.</summary>
    public required IReadOnlyCollection<string> AccessKeys { get; init; }

    /// <summary>Its projects beside the first, by id.</summary>
    public required IReadOnlyDictionary<string, ProjectView> Projects { get; init; }

    /// <summary>The default master keys of its first project.</summary>
    public required IReadOnlyCollection<string> DefaultKeys { get; init; }

    /// <summary>Whether it is not there: a tombstone is not.</summary>
    public bool IsGone => Status == AccountStatus.Deleted;

    /// <summary>Whether it may be given more.</summary>
    public bool IsOpen => Status is AccountStatus.Active or AccountStatus.Suspended;

    /// <summary>Whether calls are served in a project; null for the first.</summary>
    public bool ServesIn(string? project) =>
        project is null || Projects.GetValueOrDefault(project) is { IsEnabled: true };

    /// <summary>The default master keys of a project; null for the first.</summary>
    public IReadOnlyCollection<string> DefaultKeysOf(string? project) =>
        project is null ? DefaultKeys : Projects.GetValueOrDefault(project)?.DefaultKeys ?? [];

    /// <summary>Reads a stored state.</summary>
    public static AccountView Of(JsonElement stored) => new()
    {
        Status = stored.TryGetProperty(nameof(Status), out var status)
            ? Enum.Parse<AccountStatus>(status.GetString()!)
            : AccountStatus.Active,
        DisplayName = stored.TryGetProperty(nameof(DisplayName), out var name) ? name.GetString()! : "",
        Quotas = stored.PropertiesOf(nameof(Quotas)).ToDictionary(quota => quota.Name, quota => quota.Value.GetInt64()),
        Rates = [.. stored.PropertiesOf(nameof(Rates)).Select(rate => rate.Name)],
        AccessKeys = stored.TextsOf(nameof(AccessKeys)),
        Projects = stored.PropertiesOf(nameof(Projects))
            .ToDictionary(project => project.Name, project => ProjectView.Of(project.Value)),
        DefaultKeys = stored.ValuesOf(nameof(DefaultKeys)),
    };
}

/// <summary>What a stored account says of a project.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsEnabled">Whether calls are served in it.</param>
/// <param name="DefaultKeys">Its default master keys.</param>
internal sealed record ProjectView(string Name, bool IsEnabled, IReadOnlyCollection<string> DefaultKeys)
{
    /// <summary>Reads a stored state.</summary>
    public static ProjectView Of(JsonElement stored) => new(
        stored.GetProperty(nameof(Name)).GetString()!,
        stored.GetProperty("Enabled").GetBoolean(),
        stored.ValuesOf(nameof(DefaultKeys)));
}

/// <summary>What a stored access key says of itself.</summary>
/// <param name="Account">In whose name it signs.</param>
/// <param name="User">In the name of which of its users; null for the account itself.</param>
/// <param name="UserId">That user's id.</param>
/// <param name="IsEnabled">Whether it may sign.</param>
/// <param name="ExpiresAt">From when on it may not.</param>
internal sealed record AccessKeyView(
    string Account, string? User, string? UserId, bool IsEnabled, DateTimeOffset? ExpiresAt)
{
    /// <summary>Reads a stored state.</summary>
    public static AccessKeyView Of(JsonElement stored) => new(
        stored.GetProperty(nameof(Account)).GetString()!,
        stored.TextOf(nameof(User)),
        stored.TextOf(nameof(UserId)),
        stored.GetProperty("Enabled").GetBoolean(),
        stored.TimeOf(nameof(ExpiresAt)));

    /// <summary>Whether it may sign at a time.</summary>
    public bool IsActiveAt(DateTimeOffset at) => IsEnabled && !(ExpiresAt <= at);
}
