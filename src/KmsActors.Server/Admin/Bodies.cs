using KmsActors.Grains;

namespace KmsActors.Server;

/// <summary>A page of a list; the next begins behind <paramref name="Next"/>, unless that is null.</summary>
internal sealed record ListBody<T>(IReadOnlyList<T> Items, string? Next);

internal sealed record ServiceBody(
    string Region,
    string Version,
    IReadOnlyCollection<string> DefaultKeyServices,
    ServiceLimitsBody Limits,
    RestoreBody? Restored);

internal sealed record ServiceLimitsBody(
    IReadOnlyDictionary<CallClass, RateBody> Rates, RateBody KeyRate, IReadOnlyDictionary<Quota, long> Quotas);

internal sealed record NewAccountBody(string? Number = null, string? Name = null);

internal sealed record AccountNameBody(string Name);

internal sealed record AccountBody(
    string Number, string Name, AccountStatus State, DateTimeOffset CreatedAt, DateTimeOffset? DeletionDate)
{
    public static AccountBody Of(string number, AccountState state) =>
        new(number, state.DisplayName, state.Status, state.CreatedAt, state.DeletionDate);
}

internal sealed record NewProjectBody(string Name);

internal sealed record EnabledBody(bool Enabled);

internal sealed record ProjectBody(
    string Id, string Name, bool IsFirst, bool Enabled, DateTimeOffset CreatedAt, long Keys);

internal sealed record NewUserBody(string Name, SecretText? Password = null);

internal sealed record PasswordBody(SecretText Password);

internal sealed record UserBody(
    string Name,
    string Id,
    bool Enabled,
    bool HasPassword,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LockedUntil,
    IEnumerable<string> Groups,
    IEnumerable<string> Policies,
    IEnumerable<string> AccessKeys)
{
    public static UserBody Of(string name, UserState state) => new(
        name,
        state.Id,
        state.Enabled,
        state.Password is not null,
        state.CreatedAt,
        state.LockedUntil,
        state.Groups.Keys,
        state.Policies.Select(policy => policy.Name),
        state.AccessKeys);
}

internal sealed record NewGroupBody(string Name);

internal sealed record GroupBody(string Name, string Id, DateTimeOffset CreatedAt, IEnumerable<string> Policies)
{
    public static GroupBody Of(string name, GroupState state) =>
        new(name, state.Id, state.CreatedAt, state.Policies.Select(policy => policy.Name));
}

/// <summary>Without an id and a secret they are made.</summary>
internal sealed record NewAccessKeyBody(string? User = null, string? Id = null, string? Secret = null)
{
    /// <summary>Says nothing of the secret.</summary>
    public override string ToString() => $"{nameof(NewAccessKeyBody)} {Id}";
}

/// <summary>How long the old one goes on signing, 0 to 2 592 000 seconds.</summary>
internal sealed record RotationBody(int OverlapSeconds = 24 * 60 * 60);

/// <summary>The secret is told when the access key is created, and never again.</summary>
internal sealed record AccessKeyBody(
    string Id, string? User, bool Enabled, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, string? Secret = null)
{
    public static AccessKeyBody Of(string id, AccessKeyState state, string? secret = null) =>
        new(id, state.User, state.Enabled, state.CreatedAt, state.ExpiresAt, secret);

    /// <summary>Says nothing of the secret.</summary>
    public override string ToString() => $"{nameof(AccessKeyBody)} {Id}";
}

/// <summary>Calls a second, 0 for no limit, and at once after a pause; of a limit, also whose it is.</summary>
internal sealed record RateBody(int PerSecond, int Burst, bool? IsOwn = null)
{
    public static RateBody Of(Rate rate, bool? isOwn = null) => new(rate.PerSecond, rate.Burst, isOwn);
}

/// <summary>A rate to be; without a burst it is as many as a second's.</summary>
internal sealed record NewRateBody(int PerSecond, int? Burst = null)
{
    public Rate ToRate() => new(PerSecond, Burst ?? PerSecond);
}

internal sealed record QuotaBody(long Limit, long? Used, bool IsOwn);

internal sealed record LimitsBody(
    IReadOnlyDictionary<CallClass, RateBody> Rates, IReadOnlyDictionary<Quota, QuotaBody> Quotas);

/// <summary>What is to change: null leaves it to the service again, what is not named stays.</summary>
internal sealed record LimitsPatchBody(
    IReadOnlyDictionary<CallClass, NewRateBody?>? Rates = null, IReadOnlyDictionary<Quota, long?>? Quotas = null);

internal sealed record DefaultKeyBody(string Alias, string KeyId);
