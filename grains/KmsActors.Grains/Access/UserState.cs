using System.Collections.Immutable;

namespace KmsActors.Grains;

/// <summary>What is kept of a password.</summary>
public sealed record PasswordHash
{
    /// <summary>How often PBKDF2-HMAC-SHA512 was iterated.</summary>
    public required int Iterations { get; init; }

    /// <summary>Random, of this password alone.</summary>
    public required byte[] Salt { get; init; }

    /// <summary>The key that was derived.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>Says nothing of what it is made of.</summary>
    public override string ToString() => nameof(PasswordHash);
}

/// <summary>A user's state.</summary>
public sealed record UserState
{
    /// <summary>32 lower-case hexadecimal digits; another for each user that ever had the name.</summary>
    public required string Id { get; init; }

    /// <summary>When the user was created, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether anything may be done in the user's name.</summary>
    public required bool Enabled { get; init; }

    /// <summary>The password, or null for a user that has access keys only.</summary>
    public PasswordHash? Password { get; init; }

    /// <summary>How many attempts to log in have failed since the last that did not.</summary>
    public int FailedLogins { get; init; }

    /// <summary>Until when no attempt to log in is looked at, UTC.</summary>
    public DateTimeOffset? LockedUntil { get; init; }

    /// <summary>
    /// Raised when the tokens and logins of before are to be good no longer. A count, because two things can
    /// happen in one instant, and clocks differ.
    /// </summary>
    public int TokenGeneration { get; init; }

    /// <summary>
    /// The groups the user was put into: by name, the group's id. One of another id is another group.
    /// </summary>
    public ImmutableSortedDictionary<string, string> Groups
    {
        get;
        init => field = value.WithComparers(StringComparer.Ordinal);
    } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>The ids of the access keys that sign in the user's name.</summary>
    public ImmutableSortedSet<string> AccessKeys
    {
        get;
        init => field = AccountState.Ordinal(value);
    } = AccountState.Ordinal(null);

    /// <summary>The user's own policies.</summary>
    public ImmutableArray<AttachedPolicy> Policies { get; init; } = [];

    /// <summary>Whether an attempt to log in is not looked at.</summary>
    public bool IsLockedAt(DateTimeOffset now) => now < LockedUntil;

    /// <summary>Holds the state to its own rules.</summary>
    /// <exception cref="InvariantException">The state contradicts itself.</exception>
    internal void Check()
    {
        Invariant.That(Id.Length == 32 && Id.All(char.IsAsciiHexDigitLower), "a user has an id");
        Invariant.That(FailedLogins >= 0 && TokenGeneration >= 0, "counts count upwards");
        Invariant.That(LockedUntil is null || FailedLogins >= UserGrain.FreeAttempts, "failures lock a user out");
        Invariant.That(
            Password is null or { Iterations: > 0, Salt.Length: >= 16, Hash.Length: >= 32 }, "a password is hashed");
        Invariant.That(Groups.Count <= AccessRules.MostGroups, "a user's groups are limited");
        Invariant.That(AccessRules.Check(Policies) is null, "a user's policies are within their bounds");
    }
}
