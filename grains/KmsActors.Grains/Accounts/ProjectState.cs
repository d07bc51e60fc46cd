using System.Collections.Immutable;

namespace KmsActors.Grains;

/// <summary>A project of an account beside its first: a set of keys and aliases of its own.</summary>
public sealed record ProjectState
{
    /// <summary>Its name, which no other project of the account has.</summary>
    public required string Name { get; init; }

    /// <summary>When it was created, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether calls are served in it.</summary>
    public required bool Enabled { get; init; }

    /// <summary>The ids of its default master keys, by their names.</summary>
    public ImmutableSortedDictionary<string, string> DefaultKeys
    {
        get;
        init => field = AccountState.Ordinal(value);
    } = AccountState.Ordinal<string>(null);
}

/// <summary>
/// Whose keys, aliases and import tokens are: the account's number for those of its first project, else the number,
/// a slash and the project's id. It is the account in the ids of their grains, so that to one project what another
/// has is not there.
/// </summary>
public static class KeyOwner
{
    /// <summary>The owner's name.</summary>
    /// <param name="account">The account's number.</param>
    /// <param name="project">The project's id, or null for the first.</param>
    public static string Of(string account, string? project) => project is null ? account : $"{account}/{project}";

    /// <summary>Account and project of an owner.</summary>
    public static (string Account, string? Project) Parse(string owner)
    {
        var slash = owner.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? (owner, null) : (owner[..slash], owner[(slash + 1)..]);
    }
}
