using System.Formats.Asn1;
using System.Security.Cryptography;
using KmsActors.Hsa.Pkcs11.Cryptoki;

namespace KmsActors.Hsa.Pkcs11;

/// <summary>A version of a key on P-256 or secp256k1 in the token; signatures are verified outside.</summary>
internal sealed class TokenEcKeyPair : KeyPair
{
    private readonly EcPublicKey _public;
    private readonly TokenKey _signing;

    /// <summary>Does not ask the token yet.</summary>
    /// <exception cref="CryptographicException">The blob has no public key.</exception>
    public TokenEcKeyPair(KeyType type, Token token, TokenBlob blob)
        : base(type)
    {
        _public = new EcPublicKey(blob.Open);
        PublicKey = blob.Open;
        _signing = new TokenKey(token, blob, Templates.SigningEc);
    }

    /// <inheritdoc/>
    public override byte[] PublicKey { get; }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _public.Dispose();
        _signing.Dispose();
    }

    /// <inheritdoc/>
    protected override byte[] SignCore(SignatureAlgorithm algorithm, ReadOnlySpan<byte> digest)
    {
        Span<byte> signature = stackalloc byte[2 * EcKeyPair.FieldSize];
        using (ObjectLease key = _signing.Use())
        {
            if (Sign(key, digest, signature) != signature.Length)
                throw new CryptographicException("The token's signature is of a wrong length.");
        }

        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(TrimZeros(signature[..EcKeyPair.FieldSize]));
            writer.WriteIntegerUnsigned(TrimZeros(signature[EcKeyPair.FieldSize..]));
        }

        return writer.Encode();
    }

    /// <inheritdoc/>
    protected override bool VerifyCore(
        SignatureAlgorithm algorithm, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature) =>
        _public.Verify(digest, signature);

    private static unsafe int Sign(in ObjectLease key, ReadOnlySpan<byte> digest, Span<byte> signature) =>
        key.Session.Sign(new CkMechanism(MechanismType.Ecdsa, null, 0), key.Handle, digest, signature);

    // DER's integers have none in front.
    private static ReadOnlySpan<byte> TrimZeros(ReadOnlySpan<byte> number)
    {
        int zeros = number.IndexOfAnyExcept((byte)0);
        return zeros < 0 ? number[^1..] : number[zeros..];
    }
}
