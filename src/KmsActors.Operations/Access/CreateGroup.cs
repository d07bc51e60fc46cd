using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Creates a group of the account, with nobody in it and without policies.</summary>
/// <param name="Name">As of a user.</param>
public sealed record CreateGroup(string Name) : IOperation<Done>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<Done>> RunAsync(OperationContext context)
    {
        var id = context.Kms.NewHexId();
        var most = await context.QuotaAsync(Quota.Groups);
        return await context.Kms.Host.InTurn<GroupGrain, AccountGrain, Done>(
            GrainId.OfGroup(context.Account, Name),
            GrainId.OfAccount(context.Account),
            context.Turn,
            (group, account) => group.Create(account, id, most),
            context.Cancellation);
    }
}
