using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Operations;

/// <summary>Finds out what a caller may do.</summary>
public static class Authorization
{
    /// <summary>
    /// The caller's rights in one action; CallForbidden when there are none at all. With which keys they can be
    /// used, the operations ask. Of the account itself nothing is read: it may do everything.
    /// </summary>
    /// <param name="kms">The service.</param>
    /// <param name="principal">Who calls.</param>
    /// <param name="project">The project in which he calls; null for the account's first.</param>
    /// <param name="action">What he calls; null for what is for everybody.</param>
    /// <param name="cancellation">The caller has gone.</param>
    /// <exception cref="StoreUnavailableException">The store cannot answer.</exception>
    public static ValueTask<Outcome<Rights>> RightsAsync(
        Kms kms,
        Principal principal,
        string? project,
        PolicyAction? action,
        CancellationToken cancellation) =>
        principal.User is { } user && action is not null
            ? RightsOfUserAsync(kms, principal.Account, user, project, action, cancellation)
            : new(Rights.Full);

    private static async ValueTask<Outcome<Rights>> RightsOfUserAsync(
        Kms kms,
        string account,
        string name,
        string? project,
        PolicyAction action,
        CancellationToken cancellation)
    {
        var forbidden = new Refusal(RefusalCode.CallForbidden);
        var snapshot = await kms.Host.ReadAsync(GrainId.OfUser(account, name), cancellation);
        if (snapshot.State<UserState>() is not { Enabled: true } user) return forbidden;
        var policies = new List<AttachedPolicy>(user.Policies);
        foreach (var (groupName, groupId) in user.Groups)
        {
            var group = await kms.Host.ReadAsync(GrainId.OfGroup(account, groupName), cancellation);
            // The group may be gone, and another have its name.
            if (group.State<GroupState>() is { } state && state.Id == groupId) policies.AddRange(state.Policies);
        }

        var claim = new GrantClaim(account, user.Id, action.GrantOperation);
        var rights = Rights.Of(policies, action.Names, project ?? AccountProject.IdOf(kms.Region, account), claim);
        return rights.MayCall ? rights : forbidden;
    }
}
