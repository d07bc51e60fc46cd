using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Describes a user of the context's account.</summary>
/// <param name="Name">The user's name.</param>
public sealed record DescribeUser(string Name) : IOperation<UserState>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<UserState>> RunAsync(OperationContext context)
    {
        var snapshot = await context.Kms.Host.ReadAsync(GrainId.OfUser(context.Account, Name), context.Cancellation);
        return snapshot.State<UserState>() is { } user ? user : new Refusal(RefusalCode.UserNotFound);
    }
}
