using System.Collections.Immutable;

namespace KmsActors.Grains;

/// <summary>
/// Lets one user do a few things with one key, whatever the policies that do not deny it say (dialects, Huawei,
/// section 8).
/// </summary>
public sealed record KeyGrant
{
    /// <summary>The operation that lets the grantee grant others what he is granted himself.</summary>
    public const string CreateGrant = "create-grant";

    /// <summary>The operation that lets the grantee give the grant up.</summary>
    public const string RetireGrant = "retire-grant";

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>0 to 255 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The id of a user, or (<see cref="IsForAccount"/>) the number of the account.</summary>
    public required string Grantee { get; init; }

    /// <summary>Whether it is for all users of the account.</summary>
    public required bool IsForAccount { get; init; }

    /// <summary>The id of a user who may give the grant up, too; null for none.</summary>
    public string? RetiringUser { get; init; }

    /// <summary>What it allows, in ordinal order: names of calls.</summary>
    public required ImmutableSortedSet<string> Operations { get; init; }

    /// <summary>The id of the user who made it, or the number of the account.</summary>
    public required string Issuer { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether it allows the claimant what he claims.</summary>
    public bool Allows(GrantClaim claim, string? operation) =>
        operation is not null
        && Operations.Contains(operation)
        && Grantee == (IsForAccount ? claim.Account : claim.UserId);
}

/// <summary>Who may invoke grants.</summary>
/// <param name="Account">His account.</param>
/// <param name="UserId">His id.</param>
/// <param name="Operation">What grants call what he is about to do; null for what none can allow.</param>
public sealed record GrantClaim(string Account, string UserId, string? Operation);
