using System.Buffers.Binary;
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
internal sealed class Xaes256Gcm : IDisposable
{
    public const int KeySize = 32;
    public const int NonceSize = 24;
    public const int TagSize = 16;

    /// <summary>Bytes of context that <see cref="Derive"/> takes.</summary>
    public const int ContextSize = 12;

    private const int BlockSize = 16;

    /// <summary>The derivation label of the C2SP specification.</summary>
    private const byte SubkeyLabel = (byte)'X';

    // The key, then K1 of the specification, which depends on the key alone.
    private readonly KeyMemory _memory = new(KeySize + BlockSize);

    /// <summary>Copies <paramref name="key"/>, 32 bytes; the caller zeroes its own.</summary>
    public Xaes256Gcm(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeySize)
            throw new ArgumentException("The key must be 32 bytes.", nameof(key));
        using KeyMemory.Lease lease = _memory.Use();
        key.CopyTo(lease.Span);
        DeriveK1(key, lease.Span[KeySize..]);
    }

    /// <summary>Encrypts. No two buffers may overlap.</summary>
    /// <param name="nonce">24 bytes, never used twice with this key.</param>
    /// <param name="plaintext">Any length.</param>
    /// <param name="ciphertext">As long as the plaintext.</param>
    /// <param name="tag">16 bytes.</param>
    /// <param name="associatedData">Authenticated, not encrypted.</param>
    /// <exception cref="ObjectDisposedException">This was disposed before the call.</exception>
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
            Derive(SubkeyLabel, nonce[..ContextSize], subkey);
            using AesGcm gcm = new(subkey, TagSize);
            gcm.Encrypt(nonce[ContextSize..], plaintext, ciphertext, tag, associatedData);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(subkey);
        }
    }

    /// <summary>
    /// Decrypts what <see cref="Encrypt"/> made. False, and <paramref name="plaintext"/> zeroed, when
    /// anything differs.
    /// </summary>
    /// <exception cref="ObjectDisposedException">This was disposed before the call.</exception>
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
            Derive(SubkeyLabel, nonce[..ContextSize], subkey);
            using AesGcm gcm = new(subkey, TagSize);
            gcm.Decrypt(nonce[ContextSize..], ciphertext, tag, plaintext, associatedData);
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

    /// <summary>
    /// The specification's key derivation (SP 800-108r1 in counter mode with CMAC) under any one-byte
    /// label: two AES blocks, so a token that has AES can do it too. Labels keep their outputs apart.
    /// </summary>
    /// <param name="label">What the output is for; 'X' is a message's subkey.</param>
    /// <param name="context">12 bytes.</param>
    /// <param name="output">32 bytes.</param>
    /// <exception cref="ObjectDisposedException">This was disposed before the call.</exception>
    internal void Derive(byte label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        Span<byte> blocks = stackalloc byte[2 * BlockSize];
        blocks.Clear();
        blocks[1] = 1;
        blocks[2] = label;
        context.CopyTo(blocks[4..BlockSize]);
        blocks[..BlockSize].CopyTo(blocks[BlockSize..]);
        blocks[BlockSize + 1] = 2;
        try
        {
            using KeyMemory.Lease lease = _memory.Use();
            ReadOnlySpan<byte> k1 = lease.Span[KeySize..];
            for (int i = 0; i < blocks.Length; i++)
                blocks[i] ^= k1[i % BlockSize];
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
        Span<byte> zero = stackalloc byte[BlockSize];
        zero.Clear();
        aes.EncryptEcb(zero, k1, PaddingMode.None);
        UInt128 l = BinaryPrimitives.ReadUInt128BigEndian(k1);
        // A mask in place of a branch: the top bit of L is secret.
        UInt128 carry = unchecked(UInt128.Zero - (l >> 127)) & 0x87;
        BinaryPrimitives.WriteUInt128BigEndian(k1, (l << 1) ^ carry);
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();
}
