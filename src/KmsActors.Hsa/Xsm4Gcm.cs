using System.Security.Cryptography;
using KmsActors.Hsa.ShangMi;

namespace KmsActors.Hsa;

/// <summary>
/// What <see cref="Xaes256Gcm"/> is for AES-256, for SM4, whose keys are one block: SM4-GCM under a key
/// derived for each message from a 192-bit nonce by <see cref="CmacKdf"/>.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
internal sealed class Xsm4Gcm : IMessageCipher
{
    public const int KeySize = Sm4.KeySize;

    // The key, then K1, which depends on the key alone.
    private readonly KeyMemory _memory = new(KeySize + CmacKdf.BlockSize);

    /// <summary>Copies <paramref name="key"/>, 16 bytes; the caller zeroes its own.</summary>
    public Xsm4Gcm(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeySize)
            throw new ArgumentException("The key must be 16 bytes.", nameof(key));
        using KeyMemory.Lease lease = _memory.Use();
        key.CopyTo(lease.Span);

        // New memory is the block of zeros that the derivation begins with.
        Span<byte> k1 = lease.Span[KeySize..];
        Sm4.EncryptBlocks(key, k1, k1);
        CmacKdf.Double(k1);
    }

    /// <inheritdoc/>
    public void Encrypt(
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> plaintext,
        Span<byte> ciphertext,
        Span<byte> tag,
        ReadOnlySpan<byte> associatedData)
    {
        Span<byte> subkey = stackalloc byte[KeySize];
        try
        {
            Derive(CmacKdf.MessageKeyLabel, nonce[..IMessageCipher.ContextSize], subkey);
            Sm4.Encrypt(
                subkey, nonce[IMessageCipher.ContextSize..], plaintext, ciphertext, tag, associatedData);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(subkey);
        }
    }

    /// <inheritdoc/>
    public bool TryDecrypt(
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> ciphertext,
        ReadOnlySpan<byte> tag,
        Span<byte> plaintext,
        ReadOnlySpan<byte> associatedData)
    {
        Span<byte> subkey = stackalloc byte[KeySize];
        try
        {
            Derive(CmacKdf.MessageKeyLabel, nonce[..IMessageCipher.ContextSize], subkey);
            return Sm4.TryDecrypt(
                subkey, nonce[IMessageCipher.ContextSize..], ciphertext, tag, plaintext, associatedData);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(subkey);
        }
    }

    /// <inheritdoc/>
    public void Derive(byte label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        Span<byte> blocks = stackalloc byte[output.Length];
        try
        {
            using KeyMemory.Lease lease = _memory.Use();
            CmacKdf.WriteBlocks(label, context, lease.Span[KeySize..], blocks);
            Sm4.EncryptBlocks(lease.Span[..KeySize], blocks, output);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(blocks);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();
}
