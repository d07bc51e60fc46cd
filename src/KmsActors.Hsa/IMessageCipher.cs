namespace KmsActors.Hsa;

/// <summary>
/// A cipher that encrypts each message under a key derived for it from a nonce, which is so long that it may
/// be random without a limit on the number of messages that matters.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
internal interface IMessageCipher : IDisposable
{
    /// <summary>Bytes of a nonce.</summary>
    const int NonceSize = 24;

    /// <summary>Bytes of a tag.</summary>
    const int TagSize = 16;

    /// <summary>Bytes of context that <see cref="Derive"/> takes.</summary>
    const int ContextSize = 12;

    /// <summary>Encrypts. No two buffers may overlap.</summary>
    /// <param name="nonce">24 bytes, never used twice with this key.</param>
    /// <param name="plaintext">Any length.</param>
    /// <param name="ciphertext">As long as the plaintext.</param>
    /// <param name="tag">16 bytes.</param>
    /// <param name="associatedData">Authenticated, not encrypted.</param>
    /// <exception cref="ObjectDisposedException">This was disposed before the call.</exception>
    void Encrypt(
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> plaintext,
        Span<byte> ciphertext,
        Span<byte> tag,
        ReadOnlySpan<byte> associatedData);

    /// <summary>
    /// Decrypts what <see cref="Encrypt"/> made. False, and <paramref name="plaintext"/> zeroed, when
    /// anything differs.
    /// </summary>
    /// <exception cref="ObjectDisposedException">This was disposed before the call.</exception>
    bool TryDecrypt(
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> ciphertext,
        ReadOnlySpan<byte> tag,
        Span<byte> plaintext,
        ReadOnlySpan<byte> associatedData);

    /// <summary>Derives bytes from the key by <see cref="CmacKdf"/>.</summary>
    /// <param name="label">What the output is for. Labels keep their outputs apart.</param>
    /// <param name="context">12 bytes.</param>
    /// <param name="output">One block or two, 16 bytes each.</param>
    /// <exception cref="ObjectDisposedException">This was disposed before the call.</exception>
    void Derive(byte label, ReadOnlySpan<byte> context, Span<byte> output);
}
