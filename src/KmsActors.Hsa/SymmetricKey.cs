using System.Buffers;
using System.Security.Cryptography;

namespace KmsActors.Hsa;

/// <summary>A version of a symmetric key.</summary>
internal sealed class SymmetricKey : ISymmetricKey
{
    private readonly byte[] _header;
    private readonly IMessageCipher _cipher;

    /// <summary>Copies <paramref name="material"/>, of the length that the type bound to has.</summary>
    public SymmetricKey(KeyBinding binding, ReadOnlySpan<byte> material)
        : this(binding, MakeCipher(binding.Type, material))
    {
    }

    /// <summary>Owns the cipher, of the type bound to.</summary>
    public SymmetricKey(KeyBinding binding, IMessageCipher cipher)
    {
        _header = Envelope.MakeHeader(binding);
        _cipher = cipher;
    }

    /// <summary>The cipher of a type, with a copy of <paramref name="material"/>.</summary>
    /// <exception cref="ArgumentException">The type is no symmetric one, or the length not its.</exception>
    public static IMessageCipher MakeCipher(KeyType type, ReadOnlySpan<byte> material) => type switch
    {
        KeyType.Aes256 => new Xaes256Gcm(material),
        KeyType.Sm4 => new Xsm4Gcm(material),
        _ => throw new ArgumentException("Keys of this type are pairs.", nameof(type)),
    };

    /// <inheritdoc/>
    public void Encrypt(
        ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> context, PlaintextForm form, Span<byte> envelope)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            plaintext.Length, Envelope.MostPlaintext, nameof(plaintext));
        if (envelope.Length != plaintext.Length + Envelope.Overhead)
            throw new ArgumentException("The envelope must be plaintext plus overhead.", nameof(envelope));
        if (!Enum.IsDefined(form))
            throw new ArgumentOutOfRangeException(nameof(form));

        _header.CopyTo(envelope);
        envelope[Envelope.FormAt] = (byte)form;
        RandomNumberGenerator.Fill(envelope[Envelope.NonceAt..Envelope.TagAt]);
        byte[] associated = RentAssociatedData(envelope, context, out int length);
        try
        {
            _cipher.Encrypt(
                envelope[Envelope.NonceAt..Envelope.TagAt],
                plaintext,
                envelope[Envelope.Overhead..],
                envelope[Envelope.TagAt..Envelope.Overhead],
                associated.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(associated);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">
    /// The envelope's length is possible, but <paramref name="plaintext"/> is not of the length it asks for.
    /// </exception>
    public bool TryDecrypt(ReadOnlySpan<byte> envelope, ReadOnlySpan<byte> context, Span<byte> plaintext)
    {
        CryptographicOperations.ZeroMemory(plaintext);
        if (!Envelope.IsPossibleLength(envelope.Length))
            return false;
        if (plaintext.Length != envelope.Length - Envelope.Overhead)
            throw new ArgumentException("The plaintext must be envelope minus overhead.", nameof(plaintext));
        if (!IsOwnHeader(envelope))
            return false;

        byte[] associated = RentAssociatedData(envelope, context, out int length);
        try
        {
            return _cipher.TryDecrypt(
                envelope[Envelope.NonceAt..Envelope.TagAt],
                envelope[Envelope.Overhead..],
                envelope[Envelope.TagAt..Envelope.Overhead],
                plaintext,
                associated.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(associated);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _cipher.Dispose();

    // GCM doesn't commit to its key: a header checked only by the tag could be made to pass under two.
    private bool IsOwnHeader(ReadOnlySpan<byte> envelope) =>
        envelope[..Envelope.FormAt].SequenceEqual(_header.AsSpan(0, Envelope.FormAt))
        && envelope[(Envelope.FormAt + 1)..Envelope.HeaderSize].SequenceEqual(
            _header.AsSpan(Envelope.FormAt + 1));

    // The header has one length, so the two parts can't be mistaken for others.
    private static byte[] RentAssociatedData(
        ReadOnlySpan<byte> envelope, ReadOnlySpan<byte> context, out int length)
    {
        length = Envelope.HeaderSize + context.Length;
        byte[] associated = ArrayPool<byte>.Shared.Rent(length);
        envelope[..Envelope.HeaderSize].CopyTo(associated);
        context.CopyTo(associated.AsSpan(Envelope.HeaderSize));
        return associated;
    }
}
