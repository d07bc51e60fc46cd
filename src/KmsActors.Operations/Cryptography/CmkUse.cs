using KmsActors.Grains;
using KmsActors.Hsa;

namespace KmsActors.Operations;

/// <summary>
/// How the data plane uses a CMK: by its snapshot, never by a turn, so that one hot key runs on all cores.
/// </summary>
internal static class CmkUse
{
    // A snapshot can be superseded between reading and using it only as often as the key changes.
    private const int MostAttempts = 16;

    /// <summary>Encrypts with the primary version of a symmetric key.</summary>
    public static ValueTask<Outcome<Encrypted>> EncryptAsync(
        this OperationContext context,
        string keyId,
        ReadOnlyMemory<byte> plaintext,
        PlaintextForm form,
        EncryptionContext encryptionContext)
    {
        var wanted = new Wanted(keyId, KeyCommand.EncryptDecrypt);
        return context.UseAsync<ISymmetricKey, Encrypted>(wanted, (key, state, version) =>
        {
            var envelope = new byte[plaintext.Length + Envelope.Overhead];
            key.Encrypt(plaintext.Span, encryptionContext.Canonical, form, envelope);
            return new Encrypted(keyId, version.Id, envelope);
        });
    }

    /// <summary>
    /// Decrypts with whatever key version the envelope names, if it is the key that the caller expects.
    /// </summary>
    public static async ValueTask<Outcome<Decrypted>> DecryptAsync(
        this OperationContext context,
        ReadOnlyMemory<byte> ciphertext,
        EncryptionContext encryptionContext,
        string? expectedKeyId = null)
    {
        // One answer for every cause: damaged, foreign, of another context (dialects, section 3).
        var invalid = new Refusal(RefusalCode.CiphertextInvalid);
        if (!Envelope.TryReadHeader(ciphertext.Span, context.Owner, out var header)) return invalid;
        if (expectedKeyId is not null && expectedKeyId != header.KeyId) return invalid;
        var wanted = new Wanted(header.KeyId, KeyCommand.EncryptDecrypt)
        {
            VersionId = header.VersionId,
            OtherwiseRefused = invalid,
        };
        return await context.UseAsync<ISymmetricKey, Decrypted>(wanted, (key, state, version) =>
        {
            var plaintext = new byte[ciphertext.Length - Envelope.Overhead];
            return key.TryDecrypt(ciphertext.Span, encryptionContext.Canonical, plaintext)
                ? new Decrypted(header.KeyId, version.Id, new SecretBytes(plaintext), header.Form)
                : invalid;
        });
    }

    /// <summary>
    /// Runs <paramref name="use"/> on a version of an asymmetric key; where none is named, on the newest.
    /// </summary>
    public static async ValueTask<Outcome<T>> UseKeyPairAsync<T>(
        this OperationContext context,
        KeyReference key,
        string? versionId,
        KeyCommand command,
        Func<IKeyPair, KeyType, (string KeyId, string VersionId), Outcome<T>> use)
    {
        var resolved = await context.ResolveAsync(key);
        if (resolved.Refused(out var refusal)) return refusal;
        var keyId = resolved.Value;
        var wanted = new Wanted(keyId, command) { VersionId = versionId };
        return await context.UseAsync<IKeyPair, T>(
            wanted, (pair, state, version) => use(pair, KeyMaterial.TypeOf(state.Spec), (keyId, version.Id)));
    }

    private static async ValueTask<Outcome<T>> UseAsync<TKey, T>(
        this OperationContext context, Wanted wanted, Func<TKey, CmkState, KeyVersion, Outcome<T>> use)
        where TKey : IKeyHandle
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var snapshot = await context.Kms.Host.ReadAsync(context.Cmk(wanted.KeyId), context.Cancellation);
            var state = snapshot.State<CmkState>();
            if (state is null && wanted.OtherwiseRefused is { } unknownKey)
            {
                var forbidden = context.Rights.Forbids(wanted.KeyId, null);
                return forbidden is { Code: RefusalCode.CallForbidden } ? forbidden : unknownKey;
            }

            if (CmkState.Forbids(wanted.KeyId, state, wanted.Command, context.Now, context.Rules) is { } refusal)
                return refusal;
            var rate = state!.Rate ?? context.Kms.Limits.RateOfKey;
            if (attempt == 0 && context.Kms.Rates.TakeOfKey(wanted.KeyId, rate) is { } throttled) return throttled;
            var place = wanted.VersionId is { } versionId ? state!.IndexOf(versionId) : state!.Versions.Length - 1;
            if (place is not { } index) return wanted.OtherwiseRefused ?? new Refusal(RefusalCode.KeyVersionNotFound);
            try
            {
                var versions = snapshot.Attach(
                    static of => new OpenVersions(of.context.Kms.Hsa, of.context.Owner, of.keyId, of.state),
                    (context, keyId: wanted.KeyId, state));
                return use((TKey)versions[index], state, state.Versions[index]);
            }
            catch (ObjectDisposedException)
            {
                // The key has changed since; what it is now decides.
            }
            catch (HsaUnavailableException)
            {
                return new Refusal(RefusalCode.Unavailable);
            }
        }

        return new Refusal(RefusalCode.Unavailable);
    }

    /// <summary>What of a key is wanted, and for what.</summary>
    private readonly record struct Wanted(string KeyId, KeyCommand Command)
    {
        /// <summary>The version, or null for the primary one.</summary>
        public string? VersionId { get; init; }

        /// <summary>The answer when there never was such a key or version, if it is not simply that.</summary>
        public Refusal? OtherwiseRefused { get; init; }
    }
}

/// <summary>A ciphertext.</summary>
/// <param name="KeyId">The key that made it.</param>
/// <param name="KeyVersionId">The key's version.</param>
/// <param name="Ciphertext">The envelope; of an asymmetric key, the bare ciphertext.</param>
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
