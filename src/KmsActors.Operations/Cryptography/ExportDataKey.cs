using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>
/// Decrypts a data key and encrypts it for the holder of a key pair outside: it leaves, but not in the
/// clear (dialects, section 5).
/// </summary>
/// <param name="Ciphertext">The data key as a CMK encrypted it.</param>
/// <param name="EncryptionContext">As when it was encrypted.</param>
/// <param name="Target">For whom.</param>
public sealed record ExportDataKey(
    ReadOnlyMemory<byte> Ciphertext, EncryptionContext EncryptionContext, ExportTarget Target)
    : IOperation<ExportedDataKey>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<ExportedDataKey>> RunAsync(OperationContext context)
    {
        var decrypted = await context.DecryptAsync(Ciphertext, EncryptionContext);
        if (decrypted.Refused(out var refusal)) return refusal;
        using var dataKey = decrypted.Value;
        if (dataKey.Plaintext.Span.Length > Target.MostBytes) return Refusal.Invalid("CiphertextBlob");
        var exported = Target.Encrypt(context.Kms.Hsa, dataKey.Plaintext);
        return exported.Refused(out refusal)
            ? refusal
            : new ExportedDataKey(
                new Encrypted(dataKey.KeyId, dataKey.KeyVersionId, Ciphertext.ToArray()), exported.Value);
    }
}
