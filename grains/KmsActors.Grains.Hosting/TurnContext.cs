namespace KmsActors.Grains.Hosting;

/// <summary>On whose behalf a turn runs; goes into the audit record.</summary>
/// <param name="Actor">The access key id, or a name of the service's own.</param>
/// <param name="RequestId">The request, or empty.</param>
public sealed record TurnContext(string Actor, string RequestId)
{
    /// <summary>The reminder pump's.</summary>
    public static TurnContext Reminders { get; } = new("reminder", "");
}
