using System.Security.Cryptography;

namespace KmsActors.Hsa;

/// <summary>
/// XAES-256-GCM (C2SP): AES-256-GCM under a key derived for each message from a 192-bit nonce, which may
/// therefore be random without a limit on the number of messages that matters.
/// </summary>
/// <remarks>
/// Every call makes its own AES and GCM objects: a GCM object that two threads share gives wrong answers in
/// silence. Keeping AES transforms would save some 1.6 of 5 µs, and keep expanded keys for their owner's life.
/// </remarks>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
internal sealed class Xaes256Gcm : IMessageCipher
{
    public const int KeySize = 32;

    // The key, then K1 of the specification, which depends on the key alone.
    private readonly KeyMemory _memory = new(KeySize + CmacKdf.BlockSize);

    /// <summary>Copies <paramref name="key"/>, 32 bytes; the caller zeroes its own.</summary>
    public Xaes256Gcm(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeySize)
            throw new ArgumentException("The key must be 32 bytes.", nameof(key));
        using KeyMemory.Lease lease = _memory.Use();
        key.CopyTo(lease.Span);
        DeriveK1(key, lease.Span[KeySize..]);
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
            using AesGcm gcm = new(subkey, IMessageCipher.TagSize);
            gcm.Encrypt(nonce[IMessageCipher.ContextSize..], plaintext, ciphertext, tag, associatedData);
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
            using AesGcm gcm = new(subkey, IMessageCipher.TagSize);
            gcm.Decrypt(nonce[IMessageCipher.ContextSize..], ciphertext, tag, plaintext, associatedData);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            CryptographicOperations.ZeroMemory(plaintext);
            return false;
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
            using Aes aes = Aes.Create();
            aes.SetKey(lease.Span[..KeySize]);
            aes.EncryptEcb(blocks, output, PaddingMode.None);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(blocks);
        }
    }

    /// <summary>Steps 1 and 2 of the specification: AES of a zero block, doubled in GF(2^128).</summary>
    internal static void DeriveK1(ReadOnlySpan<byte> key, Span<byte> k1)
    {
        using Aes aes = Aes.Create();
        aes.SetKey(key);
        Span<byte> zero = stackalloc byte[CmacKdf.BlockSize];
        zero.Clear();
        aes.EncryptEcb(zero, k1, PaddingMode.None);
        CmacKdf.Double(k1);
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();
}
