using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Hsa;

namespace KmsActors.Operations;

/// <summary>
/// How the data plane uses a CMK: by its snapshot, never by a turn, so that one hot key runs on all cores.
/// </summary>
internal static class CmkUse
{
    // A snapshot can be superseded between reading and using it only as often as the key changes.
    private const int MostAttempts = 16;

    /// <summary>Runs <paramref name="use"/> on the opened key if the key may be used now.</summary>
    public static async ValueTask<Outcome<T>> UseCmkAsync<T>(
        this OperationContext context, string keyId, Func<ICmkHandle, KeyVersion, Outcome<T>> use)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var snapshot = await context.Kms.Host.ReadAsync(context.Cmk(keyId), context.Cancellation);
            var state = snapshot.State<CmkState>();
            if (CmkState.Forbids(state, KeyCommand.Use, context.Now) is { } refusal) return refusal;
            var version = state!.Primary;
            try
            {
                return use(Open(context, keyId, snapshot, version), version);
            }
            catch (ObjectDisposedException)
            {
                // The key has changed since; what it is now decides.
            }
        }

        return new Refusal(RefusalCode.Unavailable);
    }

    /// <summary>Encrypts with the key's primary version.</summary>
    public static ValueTask<Outcome<Encrypted>> EncryptAsync(
        this OperationContext context,
        string keyId,
        ReadOnlyMemory<byte> plaintext,
        PlaintextForm form,
        EncryptionContext encryptionContext)
    {
        return context.UseCmkAsync<Encrypted>(keyId, (handle, version) =>
        {
            var envelope = new byte[plaintext.Length + Envelope.Overhead];
            handle.Encrypt(plaintext.Span, encryptionContext.Canonical, form, envelope);
            return new Encrypted(keyId, version.Id, envelope);
        });
    }

    /// <summary>Decrypts with whatever key version the envelope names.</summary>
    public static async ValueTask<Outcome<Decrypted>> DecryptAsync(
        this OperationContext context, ReadOnlyMemory<byte> ciphertext, EncryptionContext encryptionContext)
    {
        // One answer for every cause: damaged, foreign, of another context (dialects, section 3).
        var invalid = new Refusal(RefusalCode.CiphertextInvalid);
        if (!Envelope.TryReadHeader(ciphertext.Span, context.Account, out var header)) return invalid;
        var snapshot = await context.Kms.Host.ReadAsync(context.Cmk(header.KeyId), context.Cancellation);
        if (snapshot.State<CmkState>() is null) return invalid;
        return await context.UseCmkAsync<Decrypted>(header.KeyId, (handle, version) =>
        {
            if (version.Id != header.VersionId) return invalid;
            var plaintext = new byte[ciphertext.Length - Envelope.Overhead];
            return handle.TryDecrypt(ciphertext.Span, encryptionContext.Canonical, plaintext)
                ? new Decrypted(header.KeyId, version.Id, new SecretBytes(plaintext), header.Form)
                : invalid;
        });
    }

    private static ICmkHandle Open(OperationContext context, string keyId, Snapshot snapshot, KeyVersion version) =>
        snapshot.Attach(
            static key => key.context.Kms.Hsa.OpenKey(
                new KeyBinding(key.context.Account, key.keyId, key.version.Id),
                key.version.WrappedMaterial),
            (context, keyId, version));
}

/// <summary>A ciphertext.</summary>
/// <param name="KeyId">The key that made it.</param>
/// <param name="KeyVersionId">The key's version.</param>
/// <param name="Ciphertext">The envelope.</param>
public sealed record Encrypted(string KeyId, string KeyVersionId, byte[] Ciphertext);

/// <summary>A plaintext; the receiver disposes it.</summary>
/// <param name="KeyId">The key that decrypted it.</param>
/// <param name="KeyVersionId">The key's version.</param>
/// <param name="Plaintext">The plaintext.</param>
/// <param name="Form">How it was given when it was encrypted.</param>
public sealed record Decrypted(string KeyId, string KeyVersionId, SecretBytes Plaintext, PlaintextForm Form)
    : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Plaintext.Dispose();
}
