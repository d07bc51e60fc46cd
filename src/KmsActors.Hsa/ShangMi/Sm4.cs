using System.Buffers;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace KmsActors.Hsa.ShangMi;

/// <summary>The block cipher SM4 (GB/T 32907), alone and in Galois/counter mode (RFC 8998).</summary>
/// <remarks>
/// BouncyCastle keeps the key and what it expands to in arrays of its own, which can't be zeroed; and its
/// SM4 looks its substitutions up in a table.
/// </remarks>
internal static class Sm4
{
    public const int KeySize = 16;
    public const int BlockSize = 16;
    public const int TagSize = 16;

    /// <summary>Encrypts whole blocks, each by itself.</summary>
    public static void EncryptBlocks(ReadOnlySpan<byte> key, ReadOnlySpan<byte> blocks, Span<byte> output)
    {
        SM4Engine engine = new();
        engine.Init(forEncryption: true, ReadKey(key));
        byte[] buffer = blocks.ToArray();
        try
        {
            for (int at = 0; at < buffer.Length; at += BlockSize)
                engine.ProcessBlock(buffer, at, buffer, at);
            buffer.CopyTo(output);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }

    /// <summary>Encrypts under a key and nonce (12 bytes) that are used once.</summary>
    public static void Encrypt(
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> plaintext,
        Span<byte> ciphertext,
        Span<byte> tag,
        ReadOnlySpan<byte> associatedData)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(associatedData.Length + plaintext.Length + TagSize);
        try
        {
            GcmBlockCipher gcm = Start(forEncryption: true, key, nonce, associatedData, buffer);
            Span<byte> text = buffer.AsSpan(associatedData.Length);
            plaintext.CopyTo(text);
            Finish(gcm, buffer, associatedData.Length, plaintext.Length);
            text[..plaintext.Length].CopyTo(ciphertext);
            text.Slice(plaintext.Length, TagSize).CopyTo(tag);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Decrypts. False, with the plaintext zeroed, when anything differs.</summary>
    public static bool TryDecrypt(
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> ciphertext,
        ReadOnlySpan<byte> tag,
        Span<byte> plaintext,
        ReadOnlySpan<byte> associatedData)
    {
        int length = ciphertext.Length + TagSize;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(associatedData.Length + length);
        Span<byte> text = buffer.AsSpan(associatedData.Length, length);
        try
        {
            GcmBlockCipher gcm = Start(forEncryption: false, key, nonce, associatedData, buffer);
            ciphertext.CopyTo(text);
            tag.CopyTo(text[ciphertext.Length..]);
            Finish(gcm, buffer, associatedData.Length, length);
            text[..ciphertext.Length].CopyTo(plaintext);
            return true;
        }
        catch (InvalidCipherTextException)
        {
            CryptographicOperations.ZeroMemory(plaintext);
            return false;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static GcmBlockCipher Start(
        bool forEncryption,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> associatedData,
        byte[] buffer)
    {
        GcmBlockCipher gcm = new(new SM4Engine());
        gcm.Init(forEncryption, new ParametersWithIV(ReadKey(key), nonce.ToArray()));
        associatedData.CopyTo(buffer);
        gcm.ProcessAadBytes(buffer, 0, associatedData.Length);
        return gcm;
    }

    // In place: the mode never writes what it has yet to read.
    private static void Finish(GcmBlockCipher gcm, byte[] buffer, int at, int length)
    {
        int done = gcm.ProcessBytes(buffer, at, length, buffer, at);
        gcm.DoFinal(buffer, at + done);
    }

    private static KeyParameter ReadKey(ReadOnlySpan<byte> key)
    {
        byte[] copy = key.ToArray();
        try
        {
            return new KeyParameter(copy);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(copy);
        }
    }
}
