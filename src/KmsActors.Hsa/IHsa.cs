namespace KmsActors.Hsa;

/// <summary>
/// The hardened security appliance: the only part that touches key material. What it hands out is
/// wrapped, and good only for what it was wrapped for; no caller may assume that material can be seen.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
public interface IHsa : IDisposable
{
    /// <summary>Makes new material for a key version, 256 bits, and returns it wrapped.</summary>
    byte[] GenerateKey(KeyBinding binding);

    /// <summary>Makes wrapped material usable.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">
    /// The blob is damaged, or was wrapped for something else.
    /// </exception>
    ICmkHandle OpenKey(KeyBinding binding, ReadOnlySpan<byte> wrappedMaterial);

    /// <summary>Fills <paramref name="destination"/> with random bytes fit for keys.</summary>
    void GenerateRandom(Span<byte> destination);

    /// <summary>
    /// A fresh RSA-2048 pair for one import, made ahead where possible; the private part is wrapped for
    /// <paramref name="tokenName"/> of <paramref name="account"/>.
    /// </summary>
    ValueTask<ImportKeyPair> TakeImportKeyPairAsync(
        string account, string tokenName, CancellationToken cancellation);

    /// <summary>
    /// Unwraps a customer's key material and wraps it for its key version. Returns null when it does not
    /// unwrap with this key and algorithm, or is not 32 bytes: one answer, so as to be no oracle.
    /// </summary>
    WrappedImport? ImportMaterial(
        string account,
        string tokenName,
        ReadOnlySpan<byte> wrappedPrivateKey,
        ImportWrapping algorithm,
        ReadOnlySpan<byte> encryptedMaterial,
        KeyBinding binding);

    /// <summary>Wraps a small secret (an access key's), 1 byte or more, for <paramref name="owner"/>.</summary>
    byte[] WrapSecret(string owner, ReadOnlySpan<byte> secret);

    /// <summary>
    /// Opens a secret wrapped for <paramref name="owner"/>. The caller disposes it, and may while others
    /// use it.
    /// </summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">
    /// The blob is damaged, or was wrapped for somebody else.
    /// </exception>
    KeyMemory OpenSecret(string owner, ReadOnlySpan<byte> wrapped);
}

/// <summary>What material is bound to; all of it is associated data of its wrapping.</summary>
/// <param name="Account">The owning account's number.</param>
/// <param name="KeyId">The CMK's id, a lower-case UUID.</param>
/// <param name="VersionId">The version's id, a lower-case UUID.</param>
public readonly record struct KeyBinding(string Account, string KeyId, string VersionId);

/// <summary>How a customer wraps key material for import (seed 001, 4.2).</summary>
public enum ImportWrapping
{
    /// <summary>RSAES_PKCS1_V1_5.</summary>
    Pkcs1,

    /// <summary>RSAES_OAEP_SHA_1.</summary>
    OaepSha1,

    /// <summary>RSAES_OAEP_SHA_256.</summary>
    OaepSha256,
}

/// <summary>A key pair for one import.</summary>
/// <param name="PublicKey">DER, SubjectPublicKeyInfo.</param>
/// <param name="WrappedPrivateKey">Good only inside this HSA.</param>
public sealed record ImportKeyPair(byte[] PublicKey, byte[] WrappedPrivateKey);

/// <summary>Imported material.</summary>
/// <param name="WrappedMaterial">As from <see cref="IHsa.GenerateKey"/>.</param>
/// <param name="Fingerprint">
/// 32 bytes that are equal exactly for equal material of the same account and key, and tell nothing else.
/// </param>
public sealed record WrappedImport(byte[] WrappedMaterial, byte[] Fingerprint);

/// <summary>
/// One key version, ready for use. Disposing it waits for nobody: calls under way finish, later ones
/// throw <see cref="ObjectDisposedException"/>, and the material is zeroed after the last.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
public interface ICmkHandle : IDisposable
{
    /// <summary>
    /// Encrypts into an envelope of <c>Envelope.Overhead</c> bytes more than the
    /// plaintext.
    /// </summary>
    /// <param name="plaintext">0 to <c>Envelope.MostPlaintext</c> bytes.</param>
    /// <param name="context">The canonical encryption context, associated data; may be empty.</param>
    /// <param name="form">Goes into the envelope, authenticated.</param>
    /// <param name="envelope">Exactly plaintext plus overhead.</param>
    void Encrypt(
        ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> context, PlaintextForm form, Span<byte> envelope);

    /// <summary>
    /// Decrypts an envelope of this key version. False when it is damaged, foreign, or was made with
    /// another context; then <paramref name="plaintext"/> is zeroed.
    /// </summary>
    /// <param name="envelope">The whole envelope.</param>
    /// <param name="context">The canonical encryption context.</param>
    /// <param name="plaintext">Exactly envelope minus overhead.</param>
    bool TryDecrypt(ReadOnlySpan<byte> envelope, ReadOnlySpan<byte> context, Span<byte> plaintext);
}
