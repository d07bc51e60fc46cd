using System.Security.Cryptography;
using KmsActors.Hsa.Pkcs11.Cryptoki;

namespace KmsActors.Hsa.Pkcs11;

/// <summary>
/// XAES-256-GCM (C2SP) wholly in the token: of the key and of messages' keys nothing leaves it. Outside is K1 of the
/// specification alone: it masks what the key encrypts, and does not tell what it encrypts to.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
internal sealed unsafe class TokenCipher : IMessageCipher
{
    private const int LongestMessage = Envelope.MostPlaintext + IMessageCipher.TagSize;

    private readonly ITokenObject _key;
    private readonly KeyMemory _k1;

    /// <summary>Owns the key; copies <paramref name="k1"/>.</summary>
    public TokenCipher(ITokenObject key, ReadOnlySpan<byte> k1)
    {
        _key = key;
        _k1 = KeyMemory.CopyOf(k1);
    }

    /// <summary>Steps 1 and 2 of the specification, with a key that may encrypt by ECB.</summary>
    public static void DeriveK1(in ObjectLease key, Span<byte> k1) => DeriveK1(key.Session, key.Handle, k1);

    /// <inheritdoc cref="DeriveK1(in ObjectLease, Span{byte})"/>
    public static void DeriveK1(Session session, nuint key, Span<byte> k1)
    {
        Span<byte> zero = stackalloc byte[CmacKdf.BlockSize];
        zero.Clear();
        EncryptBlocks(session, key, zero, k1);
        CmacKdf.Double(k1);
    }

    /// <summary>As <see cref="IMessageCipher.Derive"/>, with a key that may encrypt by ECB.</summary>
    public static void Derive(
        Session session, nuint key, ReadOnlySpan<byte> k1, byte label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        Span<byte> blocks = stackalloc byte[output.Length];
        CmacKdf.WriteBlocks(label, context, k1, blocks);
        EncryptBlocks(session, key, blocks, output);
    }

    /// <inheritdoc/>
    public void Encrypt(
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> plaintext,
        Span<byte> ciphertext,
        Span<byte> tag,
        ReadOnlySpan<byte> associatedData)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plaintext.Length, Envelope.MostPlaintext, nameof(plaintext));
        Span<byte> sealedMessage = stackalloc byte[LongestMessage];
        sealedMessage = sealedMessage[..(plaintext.Length + IMessageCipher.TagSize)];
        using (ObjectLease key = _key.Use())
        {
            nuint messageKey = DeriveMessageKey(key, nonce, Templates.EncryptingMessage);
            try
            {
                fixed (byte* iv = nonce[IMessageCipher.ContextSize..])
                fixed (byte* associated = associatedData)
                {
                    CkGcmParameters parameters = Gcm(iv, associated, associatedData.Length);
                    int length = key.Session.Encrypt(
                        new CkMechanism(MechanismType.AesGcm, &parameters, sizeof(CkGcmParameters)),
                        messageKey,
                        plaintext,
                        sealedMessage);
                    if (length != sealedMessage.Length)
                        throw new CryptographicException("The token encrypts to a wrong length.");
                }
            }
            finally
            {
                key.Session.Discard(messageKey);
            }
        }

        sealedMessage[..plaintext.Length].CopyTo(ciphertext);
        sealedMessage[plaintext.Length..].CopyTo(tag);
    }

    /// <inheritdoc/>
    public bool TryDecrypt(
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> ciphertext,
        ReadOnlySpan<byte> tag,
        Span<byte> plaintext,
        ReadOnlySpan<byte> associatedData)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ciphertext.Length, Envelope.MostPlaintext, nameof(ciphertext));
        Span<byte> sealedMessage = stackalloc byte[LongestMessage];
        sealedMessage = sealedMessage[..(ciphertext.Length + IMessageCipher.TagSize)];
        ciphertext.CopyTo(sealedMessage);
        tag.CopyTo(sealedMessage[ciphertext.Length..]);

        // Some tokens want room for the tag, too.
        Span<byte> opened = stackalloc byte[LongestMessage];
        opened = opened[..sealedMessage.Length];
        try
        {
            int? length = TryOpen(nonce, sealedMessage, opened, associatedData);
            if (length == plaintext.Length)
                opened[..plaintext.Length].CopyTo(plaintext);
            else
                CryptographicOperations.ZeroMemory(plaintext);
            return length == plaintext.Length;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(opened);
        }
    }

    /// <inheritdoc/>
    public void Derive(byte label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        using KeyMemory.Lease k1 = _k1.Use();
        using ObjectLease key = _key.Use();
        Derive(key.Session, key.Handle, k1.Span, label, context, output);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _k1.Dispose();
        _key.Dispose();
    }

    private int? TryOpen(
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> sealedMessage,
        Span<byte> opened,
        ReadOnlySpan<byte> associatedData)
    {
        using ObjectLease key = _key.Use();
        nuint messageKey = DeriveMessageKey(key, nonce, Templates.DecryptingMessage);
        try
        {
            fixed (byte* iv = nonce[IMessageCipher.ContextSize..])
            fixed (byte* associated = associatedData)
            {
                CkGcmParameters parameters = Gcm(iv, associated, associatedData.Length);
                return key.Session.TryDecrypt(
                    new CkMechanism(MechanismType.AesGcm, &parameters, sizeof(CkGcmParameters)),
                    messageKey,
                    sealedMessage,
                    opened);
            }
        }
        finally
        {
            key.Session.Discard(messageKey);
        }
    }

    // Steps 3 to 5 of the specification.
    private nuint DeriveMessageKey(in ObjectLease key, ReadOnlySpan<byte> nonce, Template template)
    {
        byte* blocks = stackalloc byte[Xaes256Gcm.KeySize];
        using (KeyMemory.Lease k1 = _k1.Use())
        {
            CmacKdf.WriteBlocks(
                CmacKdf.MessageKeyLabel,
                nonce[..IMessageCipher.ContextSize],
                k1.Span,
                new Span<byte>(blocks, Xaes256Gcm.KeySize));
        }

        CkStringData data = new() { Data = blocks, Length = Xaes256Gcm.KeySize };
        return key.Session.Derive(
            new CkMechanism(MechanismType.AesEcbEncryptData, &data, sizeof(CkStringData)), key.Handle, template);
    }

    private static CkGcmParameters Gcm(byte* iv, byte* associated, int associatedLength) => new()
    {
        Iv = iv,
        IvLength = IMessageCipher.NonceSize - IMessageCipher.ContextSize,
        IvBits = 8 * (IMessageCipher.NonceSize - IMessageCipher.ContextSize),
        AssociatedData = associated,
        AssociatedDataLength = (nuint)associatedLength,
        TagBits = 8 * IMessageCipher.TagSize,
    };

    private static void EncryptBlocks(Session session, nuint key, ReadOnlySpan<byte> blocks, Span<byte> output)
    {
        if (session.Encrypt(new CkMechanism(MechanismType.AesEcb, null, 0), key, blocks, output) != output.Length)
            throw new CryptographicException("The token encrypts to a wrong length.");
    }
}
