using KmsActors.Hsa.Pkcs11.Cryptoki;

namespace KmsActors.Hsa.Pkcs11;

/// <summary>
/// What keys are allowed in the token. Each can do what its owner's operations need and nothing else, which has to be
/// said of each use, as some tokens allow what is not mentioned; none can be read, and none be extracted but, for a
/// moment, one that is about to be wrapped.
/// </summary>
internal static class Templates
{
    // 65537.
    private static readonly byte[] PublicExponent = [1, 0, 1];

    private static readonly AttributeType[] SecretUses =
    [
        AttributeType.Encrypt, AttributeType.Decrypt, AttributeType.Sign, AttributeType.Verify, AttributeType.Wrap,
        AttributeType.Unwrap, AttributeType.Derive,
    ];

    private static readonly AttributeType[] PrivateUses =
    [
        AttributeType.Decrypt, AttributeType.Sign, AttributeType.SignRecover, AttributeType.Unwrap,
        AttributeType.Derive,
    ];

    /// <summary>An AES key that was unwrapped: it derives message keys.</summary>
    public static readonly Template Aes = Secret(extractable: false, AttributeType.Derive)
        .Allowing(MechanismType.AesEcbEncryptData);

    /// <summary>
    /// An AES key between its making and its wrapping: it encrypts the constants that are kept with it, by ECB, which
    /// lets whoever may derive a message key compute it.
    /// </summary>
    public static readonly Template NewAes = Secret(extractable: true, AttributeType.Encrypt)
        .Allowing(MechanismType.AesEcb);

    /// <summary>The same, where the length is not known by the value.</summary>
    public static readonly Template GeneratedAes = Secret(extractable: true, AttributeType.Encrypt)
        .With(AttributeType.ValueLen, Xaes256Gcm.KeySize)
        .Allowing(MechanismType.AesEcb);

    /// <summary>A message's key, for encrypting.</summary>
    public static readonly Template EncryptingMessage = Secret(extractable: false, AttributeType.Encrypt)
        .With(AttributeType.ValueLen, Xaes256Gcm.KeySize)
        .Allowing(MechanismType.AesGcm);

    /// <summary>A message's key, for decrypting.</summary>
    public static readonly Template DecryptingMessage = Secret(extractable: false, AttributeType.Decrypt)
        .With(AttributeType.ValueLen, Xaes256Gcm.KeySize)
        .Allowing(MechanismType.AesGcm);

    /// <summary>An RSA private key that was unwrapped, to sign.</summary>
    public static readonly Template SigningRsa = Private(TokenKeyType.Rsa, extractable: false, AttributeType.Sign)
        .Allowing(MechanismType.RsaPkcsPss, MechanismType.RsaPkcs);

    /// <summary>An RSA private key that was unwrapped, to decrypt.</summary>
    public static readonly Template DecryptingRsa = Private(TokenKeyType.Rsa, extractable: false, AttributeType.Decrypt)
        .Allowing(MechanismType.RsaPkcsOaep, MechanismType.RsaX509);

    /// <summary>
    /// An RSA private key of an import that was unwrapped: what it decrypts need not leave the token.
    /// </summary>
    public static readonly Template ImportingRsa =
        Private(TokenKeyType.Rsa, extractable: false, AttributeType.Decrypt, AttributeType.Unwrap)
        .Allowing(MechanismType.RsaPkcsOaep, MechanismType.RsaPkcs, MechanismType.RsaX509);

    /// <summary>An EC private key that was unwrapped.</summary>
    public static readonly Template SigningEc = Private(TokenKeyType.Ec, extractable: false, AttributeType.Sign)
        .Allowing(MechanismType.Ecdsa);

    /// <summary>An RSA private key that is only to be wrapped.</summary>
    public static readonly Template NewRsa = Private(TokenKeyType.Rsa, extractable: true);

    /// <summary>An EC private key that is only to be wrapped.</summary>
    public static readonly Template NewEc = Private(TokenKeyType.Ec, extractable: true);

    /// <summary>An AES key that is only to be wrapped.</summary>
    public static readonly Template PassingAes = Secret(extractable: true);

    /// <summary>A key of that kind that goes from one root key to another.</summary>
    public static Template Passing(TokenKeyType kind) => kind switch
    {
        TokenKeyType.Aes => PassingAes,
        TokenKeyType.Rsa => NewRsa,
        _ => NewEc,
    };

    /// <summary>An RSA public key of so many bits.</summary>
    public static Template PublicRsa(int bits) => Public(TokenKeyType.Rsa)
        .With(AttributeType.ModulusBits, (uint)bits)
        .With(AttributeType.PublicExponent, PublicExponent);

    /// <summary>A public key on a curve.</summary>
    /// <param name="curve">Its object identifier, DER.</param>
    public static Template PublicEc(ReadOnlySpan<byte> curve) => Public(TokenKeyType.Ec)
        .With(AttributeType.EcParams, curve);

    /// <summary>A root key: it wraps and unwraps keys, and neither encrypts nor decrypts.</summary>
    public static Template Root(ReadOnlySpan<byte> label, ReadOnlySpan<byte> id) =>
        Kept(label, id, AttributeType.Wrap, AttributeType.Unwrap).Allowing(MechanismType.AesKeyWrapPad);

    /// <summary>A key that seals something outside: it encrypts constants and derives message keys.</summary>
    public static Template Seal(ReadOnlySpan<byte> label, ReadOnlySpan<byte> id) =>
        Kept(label, id, AttributeType.Encrypt, AttributeType.Derive)
        .Allowing(MechanismType.AesEcb, MechanismType.AesEcbEncryptData);

    /// <summary>How keys that stay in the token are found.</summary>
    public static Template FindKept(ReadOnlySpan<byte> label) => new Template()
        .With(ObjectClass.SecretKey)
        .With(AttributeType.Token, true)
        .With(AttributeType.Label, label);

    private static Template Kept(
        ReadOnlySpan<byte> label, ReadOnlySpan<byte> id, params ReadOnlySpan<AttributeType> uses) =>
        Secret(kept: true, extractable: false, uses)
            .With(AttributeType.ValueLen, Xaes256Gcm.KeySize)
            .With(AttributeType.Label, label)
            .With(AttributeType.Id, id)
            .With(AttributeType.Modifiable, false);

    private static Template Public(TokenKeyType type) => new Template()
        .With(ObjectClass.PublicKey)
        .With(type)
        .With(AttributeType.Token, false)
        .With(AttributeType.Private, false);

    private static Template Private(TokenKeyType type, bool extractable, params ReadOnlySpan<AttributeType> uses) =>
        Key(ObjectClass.PrivateKey, type, kept: false, extractable).Using(PrivateUses, uses);

    private static Template Secret(bool extractable, params ReadOnlySpan<AttributeType> uses) =>
        Secret(kept: false, extractable, uses);

    private static Template Secret(bool kept, bool extractable, ReadOnlySpan<AttributeType> uses) =>
        Key(ObjectClass.SecretKey, TokenKeyType.Aes, kept, extractable).Using(SecretUses, uses);

    private static Template Key(ObjectClass kind, TokenKeyType type, bool kept, bool extractable) => new Template()
        .With(kind)
        .With(type)
        .With(AttributeType.Token, kept)
        .With(AttributeType.Private, true)
        .With(AttributeType.Sensitive, true)
        .With(AttributeType.Extractable, extractable);

    private static Template Using(
        this Template template, ReadOnlySpan<AttributeType> all, ReadOnlySpan<AttributeType> allowed)
    {
        foreach (AttributeType use in all)
            template.With(use, allowed.Contains(use));
        return template;
    }
}
