using System.Text.Json;
using KmsActors.Grains;

namespace KmsActors.Simulator;

/// <summary>What a stored account says of itself.</summary>
/// <param name=nameof(Status)>Whether it acts.</param>
/// <param name=nameof(Quotas)>How much it may have, by the quotas' names.</param>
/// <param name=nameof(Rates)>By which classes of calls it has limits of its own.</param>
internal sealed record AccountView(
    AccountStatus Status, IReadOnlyDictionary<string, long> Quotas, IReadOnlyCollection<string> Rates)
{
    /// <summary>Reads a stored state.</summary>
    public static AccountView Of(JsonElement stored) => new(
        stored.TryGetProperty(nameof(Status), out var status)
            ? Enum.Parse<AccountStatus>(status.GetString()!)
            : AccountStatus.Active,
        stored.TryGetProperty(nameof(Quotas), out var quotas)
            ? quotas.EnumerateObject().ToDictionary(quota => quota.Name, quota => quota.Value.GetInt64())
            : new Dictionary<string, long>(),
        stored.TryGetProperty(nameof(Rates), out var rates) ? [.. rates.EnumerateObject().Select(rate => rate.Name)] : []);
}

/// <summary>What a stored access key says of itself.</summary>
/// <param name="IsEnabled">Whether it may sign.</param>
/// <param name=nameof(ExpiresAt)>From when on it may not.</param>
internal sealed record AccessKeyView(bool IsEnabled, DateTimeOffset? ExpiresAt)
{
    /// <summary>Reads a stored state.</summary>
    public static AccessKeyView Of(JsonElement stored) => new(
        stored.GetProperty("Enabled").GetBoolean(),
        stored.TryGetProperty(nameof(ExpiresAt), out var expiry) ? expiry.GetDateTimeOffset() : null);

    /// <summary>Whether it may sign at a time.</summary>
    public bool IsActiveAt(DateTimeOffset at) => IsEnabled && !(ExpiresAt <= at);
}
