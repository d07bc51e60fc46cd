using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Removes a user with its access keys; tokens in its name are good no longer.</summary>
/// <param name="Name">The user's name.</param>
public sealed record DeleteUser(string Name) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) => Attempts.MakeAsync(async () =>
    {
        var described = await new DescribeUser(Name).RunAsync(context);
        if (described.Refused(out var refusal)) return refusal;
        var held = described.Value.AccessKeys;
        GrainId[] ids = [GrainId.OfUser(context.Account, Name), .. held.Select(GrainId.OfAccessKey)];
        return await context.Kms.Host.InTurn<bool>(
            ids,
            context.Turn,
            grains =>
            {
                var user = (UserGrain)grains[0];
                if (user.Exists && !user.State.AccessKeys.SetEquals(held)) return false;
                var deleted = user.Delete([.. grains.Skip(1).Cast<AccessKeyGrain>()]);
                return deleted.Refused(out var no) ? no : true;
            },
            context.Cancellation);
    });
}
