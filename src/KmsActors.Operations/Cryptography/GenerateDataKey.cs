using KmsActors.Grains;
using KmsActors.Hsa;

namespace KmsActors.Operations;

/// <summary>Makes a data key, in the clear and encrypted with a CMK (seed 001, 4.12).</summary>
/// <param name="Key">The key, by id or alias.</param>
/// <param name="NumberOfBytes">1 to 1024.</param>
/// <param name="EncryptionContext">Must be given again to decrypt.</param>
public sealed record GenerateDataKey(KeyReference Key, int NumberOfBytes, EncryptionContext EncryptionContext)
    : IOperation<GenerateDataKey.Result>
{
    /// <summary>A data key; the receiver disposes it.</summary>
    /// <param name="Plaintext">The data key.</param>
    /// <param name="Encrypted">The data key, encrypted.</param>
    public sealed record Result(SecretBytes Plaintext, Encrypted Encrypted) : IDisposable
    {
        /// <inheritdoc/>
        public void Dispose() => Plaintext.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask<Outcome<Result>> RunAsync(OperationContext context)
    {
        var keyId = await context.ResolveAsync(Key, makesDefaultKey: true);
        if (keyId.Refused(out var refusal)) return refusal;
        var bytes = new byte[NumberOfBytes];
        context.Kms.Hsa.GenerateRandom(bytes);
        var dataKey = new SecretBytes(bytes);
        var encrypted = await context.EncryptAsync(
            keyId.Value, dataKey.Memory, PlaintextForm.Bytes, EncryptionContext);
        if (!encrypted.Refused(out refusal)) return new Result(dataKey, encrypted.Value);
        dataKey.Dispose();
        return refusal;
    }
}
