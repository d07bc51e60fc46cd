using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>A token that is good, with what it says.</summary>
public sealed record AuthToken
{
    /// <summary>On whose behalf its bearer acts.</summary>
    public required Principal Holder { get; init; }

    /// <summary>The user's name, that of the account itself too.</summary>
    public required string UserName { get; init; }

    /// <summary>The user's id.</summary>
    public required string UserId { get; init; }

    /// <summary>What it is for. One for the account alone is not for calls of the KMS.</summary>
    public required TokenScope Scope { get; init; }

    /// <summary>When it was issued, UTC.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>Until when it is good, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>What the audit record calls a user who has logged in.</summary>
    public static string ActorOf(string userName) => "user/" + userName;

    internal static AuthToken Of(string account, AuthTokenState state) => new()
    {
        Holder = Principal.Of(account, state.User),
        UserName = state.User,
        UserId = state.UserId,
        Scope = new TokenScope(state.IsProjectScoped, state.Project),
        IssuedAt = state.IssuedAt,
        ExpiresAt = state.ExpiresAt,
    };
}
