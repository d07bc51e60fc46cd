using KmsActors.Hsa;

namespace KmsActors.Simulator;

/// <summary>A version of a symmetric key. What it encrypts is only sealed.</summary>
internal sealed class SimulatedSymmetricKey(KeyBinding binding, byte[] material, Chance chance) : ISymmetricKey
{
    private readonly byte[] _header = Envelope.MakeHeader(binding);
    private bool _isDisposed;

    /// <inheritdoc/>
    public void Encrypt(
        ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> context, PlaintextForm form, Span<byte> envelope)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _header.CopyTo(envelope);
        envelope[Envelope.FormAt] = (byte)form;
        chance.Fill(envelope[Envelope.NonceAt..Envelope.TagAt]);
        plaintext.CopyTo(envelope[Envelope.Overhead..]);
        SealOf(envelope, context, envelope[Envelope.TagAt..Envelope.Overhead]);
    }

    /// <inheritdoc/>
    public bool TryDecrypt(ReadOnlySpan<byte> envelope, ReadOnlySpan<byte> context, Span<byte> plaintext)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        plaintext.Clear();
        Span<byte> seal = stackalloc byte[Seal.Size];
        SealOf(envelope, context, seal);
        var isGood = envelope[..Envelope.FormAt].SequenceEqual(_header.AsSpan(0, Envelope.FormAt))
            && seal.SequenceEqual(envelope[Envelope.TagAt..Envelope.Overhead]);
        if (isGood) envelope[Envelope.Overhead..].CopyTo(plaintext);
        return isGood;
    }

    /// <inheritdoc/>
    public void Dispose() => _isDisposed = true;

    private void SealOf(ReadOnlySpan<byte> envelope, ReadOnlySpan<byte> context, Span<byte> seal)
    {
        byte[] key = [.. material, .. envelope[..Envelope.TagAt], .. context];
        Seal.Of(key, envelope[Envelope.Overhead..], seal);
    }
}

/// <summary>A version of an asymmetric key, whatever its type.</summary>
internal sealed class SimulatedKeyPair : IKeyPair
{
    /// <summary>A public key's length in bytes.</summary>
    public const int PublicKeySize = 32;

    private bool _isDisposed;

    /// <summary>The pair of some material.</summary>
    public SimulatedKeyPair(byte[] material)
    {
        PublicKey = new byte[PublicKeySize];
        Seal.Of("public"u8, material, PublicKey);
    }

    /// <inheritdoc/>
    public byte[] PublicKey { get; }

    /// <inheritdoc/>
    public byte[] Encrypt(EncryptionAlgorithm algorithm, ReadOnlySpan<byte> plaintext) =>
        Seal.Close(Convert.ToHexString(PublicKey), plaintext);

    /// <inheritdoc/>
    public SecretBytes? TryDecrypt(EncryptionAlgorithm algorithm, ReadOnlySpan<byte> ciphertext)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return Seal.TryOpen(Convert.ToHexString(PublicKey), ciphertext) is { } plaintext ? new(plaintext) : null;
    }

    /// <inheritdoc/>
    public byte[] Digest(ReadOnlySpan<byte> message)
    {
        var digest = new byte[KeyTypes.DigestSize];
        Seal.Of(PublicKey, message, digest);
        return digest;
    }

    /// <inheritdoc/>
    public byte[] Sign(SignatureAlgorithm algorithm, ReadOnlySpan<byte> digest)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return Seal.Close(Convert.ToHexString(PublicKey), digest)[..Seal.Size];
    }

    /// <inheritdoc/>
    public bool Verify(SignatureAlgorithm algorithm, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature) =>
        signature.SequenceEqual(Sign(algorithm, digest));

    /// <inheritdoc/>
    public void Dispose() => _isDisposed = true;
}
