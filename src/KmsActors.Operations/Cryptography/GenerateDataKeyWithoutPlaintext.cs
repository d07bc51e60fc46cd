using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Makes a data key and returns it encrypted only.</summary>
/// <param name="Key">The key, by id or alias.</param>
/// <param name="NumberOfBytes">1 to 1024.</param>
/// <param name="EncryptionContext">Must be given again to decrypt.</param>
public sealed record GenerateDataKeyWithoutPlaintext(
    KeyReference Key, int NumberOfBytes, EncryptionContext EncryptionContext) : IOperation<Encrypted>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<Encrypted>> RunAsync(OperationContext context)
    {
        var generated = await new GenerateDataKey(Key, NumberOfBytes, EncryptionContext).RunAsync(context);
        if (generated.Refused(out var refusal)) return refusal;
        using var dataKey = generated.Value;
        return dataKey.Encrypted;
    }
}
