namespace KmsActors.Hsa;

/// <summary>
/// The hardened security appliance: the only part that touches key material. What it hands out is
/// wrapped, and good only for what it was wrapped for; no caller may assume that material can be seen.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
public interface IHsa : IDisposable
{
    /// <summary>
    /// Whether new keys of a type can be protected so. Nothing else is to be asked of it for others; what was wrapped
    /// before is opened nevertheless.
    /// </summary>
    bool Supports(KeyType type, KeyProtection protection);

    /// <summary>
    /// Makes new material for a key version and returns it wrapped. RSA pairs take up to a second and are
    /// made ahead where possible, by a thread of their own in any case.
    /// </summary>
    /// <exception cref="HsaUnavailableException">The hardware module is away.</exception>
    ValueTask<byte[]> GenerateKeyAsync(KeyBinding binding, CancellationToken cancellation);

    /// <summary>
    /// Makes wrapped material usable: an <see cref="ISymmetricKey"/> or an <see cref="IKeyPair"/>, by the
    /// type it is bound to.
    /// </summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">
    /// The blob is damaged, or was wrapped for something else.
    /// </exception>
    IKeyHandle OpenKey(KeyBinding binding, ReadOnlySpan<byte> wrappedMaterial);

    /// <summary>
    /// Encrypts <paramref name="plaintext"/> for the holder of a key pair outside, or returns null when
    /// <paramref name="publicKey"/> is no public key of <paramref name="type"/>.
    /// </summary>
    /// <param name="type">A type that has <paramref name="algorithm"/>.</param>
    /// <param name="algorithm">How to encrypt.</param>
    /// <param name="publicKey">Any bytes; good is DER, SubjectPublicKeyInfo.</param>
    /// <param name="plaintext">1 to <see cref="KeyTypes.MostPlaintext"/> bytes.</param>
    byte[]? EncryptFor(
        KeyType type,
        EncryptionAlgorithm algorithm,
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> plaintext);

    /// <summary>Fills <paramref name="destination"/> with random bytes fit for keys.</summary>
    void GenerateRandom(Span<byte> destination);

    /// <summary>
    /// A fresh pair for one import, RSA-2048 or SM2 by <paramref name="algorithm"/>; the private part is
    /// wrapped for <paramref name="tokenName"/> of <paramref name="account"/>.
    /// </summary>
    /// <exception cref="HsaUnavailableException">The hardware module is away.</exception>
    ValueTask<ImportKeyPair> TakeImportKeyPairAsync(
        string account,
        string tokenName,
        ImportWrapping algorithm,
        KeyProtection protection,
        CancellationToken cancellation);

    /// <summary>
    /// Unwraps a customer's key material and wraps it for its key version. Returns null when it does not
    /// unwrap with this key and algorithm, or is not as long as the type bound to asks (32 bytes of AES, 16
    /// of SM4): one answer, so as to be no oracle.
    /// </summary>
    /// <exception cref="HsaUnavailableException">The hardware module is away.</exception>
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

    /// <summary>A key version's material, wrapped anew where an older version of the root key has wrapped it.</summary>
    /// <returns>Another blob of the same, or the blob that was given.</returns>
    /// <exception cref="System.Security.Cryptography.CryptographicException">
    /// The blob is damaged, or was wrapped for something else.
    /// </exception>
    /// <exception cref="HsaUnavailableException">It takes the hardware module, and that is away.</exception>
    byte[] RewrapKey(KeyBinding binding, byte[] wrappedMaterial);

    /// <summary>The same of an import's private key.</summary>
    /// <inheritdoc cref="RewrapKey"/>
    byte[] RewrapImportKey(string account, string tokenName, ImportWrapping algorithm, byte[] wrappedPrivateKey);

    /// <summary>The same of a secret.</summary>
    /// <inheritdoc cref="RewrapKey"/>
    byte[] RewrapSecret(string owner, byte[] wrapped);
}

/// <summary>What material is bound to; all of it is associated data of its wrapping.</summary>
/// <param name="Account">The owning account's number.</param>
/// <param name="KeyId">The CMK's id, a lower-case UUID.</param>
/// <param name="VersionId">The version's id, a lower-case UUID.</param>
/// <param name="Type">What the material is.</param>
public readonly record struct KeyBinding(string Account, string KeyId, string VersionId, KeyType Type)
{
    /// <summary>
    /// How new material is to be protected. No field of the associated data: what is wrapped says by its format who
    /// opens it, and that is associated data.
    /// </summary>
    public KeyProtection Protection { get; init; }
}

/// <summary>Where the material of a key is in the clear while it is used.</summary>
public enum KeyProtection
{
    /// <summary>In this process's memory.</summary>
    Software,

    /// <summary>In a hardware module alone, if there is one.</summary>
    Hsm,
}

/// <summary>How a customer wraps key material for import (seed 001, 4.2).</summary>
public enum ImportWrapping
{
    /// <summary>RSAES_PKCS1_V1_5.</summary>
    Pkcs1,

    /// <summary>RSAES_OAEP_SHA_1.</summary>
    OaepSha1,

    /// <summary>RSAES_OAEP_SHA_256.</summary>
    OaepSha256,

    /// <summary>SM2PKE: the later documents' way for SM4 material.</summary>
    Sm2Pke,
}

/// <summary>A key pair for one import.</summary>
/// <param name="PublicKey">DER, SubjectPublicKeyInfo.</param>
/// <param name="WrappedPrivateKey">Good only inside this HSA.</param>
public sealed record ImportKeyPair(byte[] PublicKey, byte[] WrappedPrivateKey);

/// <summary>Imported material.</summary>
/// <param name="WrappedMaterial">As from <see cref="IHsa.GenerateKeyAsync"/>.</param>
/// <param name="Fingerprint">
/// 32 bytes that are equal exactly for equal material of the same account and key, and tell nothing else.
/// </param>
public sealed record WrappedImport(byte[] WrappedMaterial, byte[] Fingerprint);

/// <summary>
/// One key version, ready for use. Disposing it waits for nobody: calls under way finish, later ones
/// throw <see cref="ObjectDisposedException"/>, and the material is zeroed after the last. Whatever needs a hardware
/// module throws <see cref="HsaUnavailableException"/> while that is away, and works again when it is back.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
public interface IKeyHandle : IDisposable;

/// <summary>A version of a symmetric key.</summary>
/// <inheritdoc cref="IKeyHandle"/>
public interface ISymmetricKey : IKeyHandle
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

/// <summary>A version of an asymmetric key. The private key never leaves; the public one is anybody's.</summary>
/// <inheritdoc cref="IKeyHandle"/>
public interface IKeyPair : IKeyHandle
{
    /// <summary>The public key: DER, SubjectPublicKeyInfo. The caller does not write to it.</summary>
    byte[] PublicKey { get; }

    /// <summary>Encrypts with the public key.</summary>
    /// <param name="algorithm">One that the key's type has.</param>
    /// <param name="plaintext">1 to <see cref="KeyTypes.MostPlaintext"/> bytes.</param>
    byte[] Encrypt(EncryptionAlgorithm algorithm, ReadOnlySpan<byte> plaintext);

    /// <summary>
    /// Decrypts with the private key; the caller disposes the result. Null for whatever does not decrypt:
    /// one answer, so as to be no oracle.
    /// </summary>
    /// <param name="algorithm">One that the key's type has.</param>
    /// <param name="ciphertext">Any bytes.</param>
    SecretBytes? TryDecrypt(EncryptionAlgorithm algorithm, ReadOnlySpan<byte> ciphertext);

    /// <summary>The digest of a message that signatures by this key are of: 32 bytes.</summary>
    byte[] Digest(ReadOnlySpan<byte> message);

    /// <summary>Signs a digest with the private key.</summary>
    /// <param name="algorithm">One that the key's type has.</param>
    /// <param name="digest">32 bytes.</param>
    byte[] Sign(SignatureAlgorithm algorithm, ReadOnlySpan<byte> digest);

    /// <summary>Whether the signature is good; false for whatever is none.</summary>
    /// <param name="algorithm">One that the key's type has.</param>
    /// <param name="digest">32 bytes.</param>
    /// <param name="signature">Any bytes.</param>
    bool Verify(SignatureAlgorithm algorithm, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature);
}
