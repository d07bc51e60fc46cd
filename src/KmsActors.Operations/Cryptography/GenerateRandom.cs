using KmsActors.Grains;
using KmsActors.Hsa;

namespace KmsActors.Operations;

/// <summary>Random bytes fit for keys (seed 003, 4.1.8).</summary>
/// <param name="NumberOfBytes">1 to 1024.</param>
public sealed record GenerateRandom(int NumberOfBytes) : IOperation<SecretBytes>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<SecretBytes>> RunAsync(OperationContext context)
    {
        if (context.Rights.ForbidsKeyless() is { } refusal) return ValueTask.FromResult<Outcome<SecretBytes>>(refusal);
        var random = SecretBytes.OfLength(NumberOfBytes);
        context.Kms.Hsa.GenerateRandom(random.Writable);
        return ValueTask.FromResult<Outcome<SecretBytes>>(random);
    }
}
