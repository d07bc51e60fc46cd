using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Describes a CMK (seed 001, 4.9).</summary>
/// <param name="Key">The key, by id or alias.</param>
public sealed record DescribeKey(KeyReference Key) : IOperation<CmkDescription>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<CmkDescription>> RunAsync(OperationContext context)
    {
        var keyId = await context.ResolveAsync(Key);
        if (keyId.Refused(out var refusal)) return refusal;
        var state = await context.ReadCmkAsync(keyId.Value, KeyCommand.Read);
        return state.Refused(out refusal)
            ? refusal
            : CmkDescription.At(context.Now, keyId.Value, state.Value);
    }
}
