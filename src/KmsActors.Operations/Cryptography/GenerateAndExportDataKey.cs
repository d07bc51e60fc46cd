using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>
/// Makes a data key and returns it encrypted twice: with a CMK, and for the holder of a key pair outside
/// (dialects, section 5).
/// </summary>
/// <param name="Key">The key, by id or alias.</param>
/// <param name="NumberOfBytes">1 to 1024, and no more than <paramref name="Target"/> takes.</param>
/// <param name="EncryptionContext">Must be given again to decrypt.</param>
/// <param name="Target">For whom.</param>
public sealed record GenerateAndExportDataKey(
    KeyReference Key, int NumberOfBytes, EncryptionContext EncryptionContext, ExportTarget Target)
    : IOperation<ExportedDataKey>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<ExportedDataKey>> RunAsync(OperationContext context)
    {
        if (NumberOfBytes > Target.MostBytes) return Refusal.Invalid("NumberOfBytes");
        var generated = await new GenerateDataKey(Key, NumberOfBytes, EncryptionContext).RunAsync(context);
        if (generated.Refused(out var refusal)) return refusal;
        using var dataKey = generated.Value;
        var exported = Target.Encrypt(context.Kms.Hsa, dataKey.Plaintext);
        return exported.Refused(out refusal)
            ? refusal
            : new ExportedDataKey(dataKey.Encrypted, exported.Value);
    }
}
