using System.Collections.Immutable;

namespace KmsActors.Grains;

/// <summary>Whether an account acts. The names are stored.</summary>
public enum AccountStatus
{
    /// <summary>It does; also what a state says that was stored before there were others.</summary>
    Active,

    /// <summary>Nobody acts for it until it is resumed. What is scheduled goes on.</summary>
    Suspended,

    /// <summary>As suspended; and on the deletion date all that it has is erased.</summary>
    PendingDeletion,

    /// <summary>All that it has is being erased; there is no way back.</summary>
    Deleting,

    /// <summary>A tombstone: there is no such account, and its number is not given again.</summary>
    Deleted,
}

/// <summary>A tenant's state.</summary>
public sealed record AccountState : IHoldsWrapped
{
    /// <summary>When the account was created, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What the operator calls it, 0 to 128 characters.</summary>
    public string DisplayName
    {
        get;
        init => field = value ?? "";
    } = "";

    /// <summary>Whether it acts.</summary>
    public AccountStatus Status { get; init; }

    /// <summary>When all that it has is erased, UTC; null unless that is scheduled or under way.</summary>
    public DateTimeOffset? DeletionDate { get; init; }

    /// <summary>The ids of the access keys that sign in its own name.</summary>
    public ImmutableSortedSet<string> AccessKeys
    {
        get;
        init => field = Ordinal(value);
    } = Ordinal(null);

    /// <summary>The credentials that the service itself gave it last, wrapped by the HSA; null for none.</summary>
    public byte[]? AppliedCredentials { get; init; }

    /// <summary>
    /// The ids of its default master keys, by their names. They do not count against what it may have
    /// (seed 003, 4.1.14). A state stored before there were any does not say: it is read as null.
    /// </summary>
    public ImmutableSortedDictionary<string, string> DefaultKeys
    {
        get;
        init => field = Ordinal(value);
    } = Ordinal<string>(null);

    /// <summary>Its projects beside the first one, by id: each has keys of its own.</summary>
    public ImmutableSortedDictionary<string, ProjectState> Projects
    {
        get;
        init => field = Ordinal(value);
    } = Ordinal<ProjectState>(null);

    /// <summary>How often it may call, by class of call, where that is not left to the service.</summary>
    public ImmutableSortedDictionary<CallClass, Rate> Rates
    {
        get;
        init => field = value ?? ImmutableSortedDictionary<CallClass, Rate>.Empty;
    } = ImmutableSortedDictionary<CallClass, Rate>.Empty;

    /// <summary>How much it may have, where that is not left to the service.</summary>
    public ImmutableSortedDictionary<Quota, long> Quotas
    {
        get;
        init => field = value ?? ImmutableSortedDictionary<Quota, long>.Empty;
    } = ImmutableSortedDictionary<Quota, long>.Empty;

    /// <summary>Whether anything may be done in its name.</summary>
    public bool IsActive => Status == AccountStatus.Active;

    /// <summary>The default master keys of one of its projects; of none where there is no such project.</summary>
    /// <param name="project">The project's id, or null for the first.</param>
    public ImmutableSortedDictionary<string, string> DefaultKeysOf(string? project) =>
        project is null ? DefaultKeys : Projects.GetValueOrDefault(project)?.DefaultKeys ?? Ordinal<string>(null);

    /// <summary>Whether it may be given more: users, access keys.</summary>
    internal bool IsOpen => Status is AccountStatus.Active or AccountStatus.Suspended;

    /// <inheritdoc/>
    IEnumerable<byte[]> IHoldsWrapped.Wrapped => AppliedCredentials is null ? [] : [AppliedCredentials];

    /// <inheritdoc/>
    IHoldsWrapped IHoldsWrapped.Rewrapped(Func<byte[], byte[]> rewrap) =>
        this with { AppliedCredentials = AppliedCredentials is { } blob ? rewrap(blob) : null };

    /// <summary>Holds the state to its own rules.</summary>
    /// <exception cref="InvariantException">The state contradicts itself.</exception>
    internal void Check()
    {
        Invariant.That(
            DeletionDate is not null == Status is AccountStatus.PendingDeletion or AccountStatus.Deleting,
            "an account that is to be erased has a date for it");
        Invariant.That(
            Rates.All(rate => Enum.IsDefined(rate.Key) && rate.Value.IsValid), "an account's rates are within bounds");
        Invariant.That(
            Quotas.All(quota => quota.Key.Allows(quota.Value)), "an account's quotas are within bounds");
    }

    internal static ImmutableSortedDictionary<string, T> Ordinal<T>(ImmutableSortedDictionary<string, T>? values) =>
        (values ?? ImmutableSortedDictionary<string, T>.Empty).WithComparers(StringComparer.Ordinal);

    internal static ImmutableSortedSet<string> Ordinal(ImmutableSortedSet<string>? values) =>
        (values ?? []).WithComparer(StringComparer.Ordinal);
}
