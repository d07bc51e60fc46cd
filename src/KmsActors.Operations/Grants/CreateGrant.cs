using System.Collections.Immutable;
using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Lets a user of the account do a few things with a CMK (dialects, Huawei, section 8).</summary>
/// <param name="KeyId">The key.</param>
/// <param name="Grantee">A user's id, or (<paramref name="IsForAccount"/>) the account's number.</param>
/// <param name="IsForAccount">Whether it is for all users of the account.</param>
/// <param name="Operations">Some of <see cref="PolicyAction.GrantOperations"/>.</param>
public sealed record CreateGrant(
    string KeyId, string Grantee, bool IsForAccount, ImmutableSortedSet<string> Operations) : IOperation<string>
{
    /// <summary>0 to 255 characters.</summary>
    public string Name { get; init; } = "";

    /// <summary>The id of a user who may give the grant up, or null.</summary>
    public string? RetiringUser { get; init; }

    /// <summary>Tells the grant's id.</summary>
    public async ValueTask<Outcome<string>> RunAsync(OperationContext context)
    {
        var grant = new KeyGrant
        {
            Id = context.Kms.NewHexId() + context.Kms.NewHexId(),
            Name = Name,
            Grantee = Grantee,
            IsForAccount = IsForAccount,
            RetiringUser = RetiringUser,
            Operations = Operations,
            Issuer = context.Rights.Claim?.UserId ?? context.Account,
            CreatedAt = context.Now,
        };
        var added = await context.InCmkTurn(KeyId, cmk => cmk.AddGrant(grant));
        return added.Refused(out var refusal) ? refusal : grant.Id;
    }
}
