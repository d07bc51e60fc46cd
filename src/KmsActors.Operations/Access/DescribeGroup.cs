using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Describes a group of the context's account.</summary>
/// <param name="Name">The group's name.</param>
public sealed record DescribeGroup(string Name) : IOperation<GroupState>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<GroupState>> RunAsync(OperationContext context)
    {
        var snapshot = await context.Kms.Host.ReadAsync(GrainId.OfGroup(context.Account, Name), context.Cancellation);
        return snapshot.State<GroupState>() is { } group ? group : new Refusal(RefusalCode.GroupNotFound);
    }
}
