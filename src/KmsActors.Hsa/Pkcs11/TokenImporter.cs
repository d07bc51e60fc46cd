using System.Security.Cryptography;
using KmsActors.Hsa.Pkcs11.Cryptoki;

namespace KmsActors.Hsa.Pkcs11;

/// <summary>
/// Imports into keys that are in the token. What is encrypted by OAEP with SHA-1 or by PKCS#1 v1.5 goes from the token
/// to the token; with SHA-256, too, where the token has that. Otherwise it is in this process's memory for a moment.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
internal sealed class TokenImporter(Token token, TokenKeyMaker maker)
{
    // RFC 5649 adds eight bytes to what fills its blocks.
    private const int WrappedSize = Xaes256Gcm.KeySize + 8;

    /// <summary>Imports what is encrypted for a pair in the token; null for whatever is no AES-256 key.</summary>
    /// <param name="privateKey">The pair.</param>
    /// <param name="algorithm">Not SM2.</param>
    /// <param name="encrypted">Any bytes.</param>
    /// <param name="rootVersion">The version that wraps the key.</param>
    /// <param name="context">Of the fingerprint.</param>
    /// <param name="fingerprint">Filled.</param>
    public TokenBlob? TryImport(
        TokenBlob privateKey,
        ImportWrapping algorithm,
        ReadOnlySpan<byte> encrypted,
        uint rootVersion,
        ReadOnlySpan<byte> context,
        Span<byte> fingerprint)
    {
        using RsaPublicKey publicKey = new(privateKey.Open);
        if (encrypted.Length != publicKey.ModulusSize)
            return null;
        using TokenKey pair = new(token, privateKey, Templates.ImportingRsa);
        using ObjectLease lease = pair.Use();
        try
        {
            if (TryUnwrap(lease, algorithm, encrypted) is not { } key)
                return null;
            TokenBlob blob = WrapAndDiscard(lease.Session, key, rootVersion, context, fingerprint);

            // Tokens do not all say how long a key is that they have unwrapped. AES takes one of 16, 24 or 32 bytes,
            // and what is wrapped of those differs in length.
            return blob.Wrapped.Length == WrappedSize ? blob : null;
        }
        catch (CryptokiException refused) when (refused.Value != ReturnValue.CKR_KEY_FUNCTION_NOT_PERMITTED)
        {
            // It does not decrypt, or to no key, for which tokens have many words, some also for failures of their own.
            lease.Session.Probe();
            return null;
        }
    }

    /// <summary>Lets a key in that is in this process's memory; the caller zeroes it.</summary>
    public TokenBlob Import(
        ReadOnlySpan<byte> material, uint rootVersion, ReadOnlySpan<byte> context, Span<byte> fingerprint)
    {
        using SessionPool.Lease lease = token.Sessions.Take();
        nuint key = lease.Session.CreateKey(Templates.NewAes, material);
        return WrapAndDiscard(lease.Session, key, rootVersion, context, fingerprint);
    }

    private TokenBlob WrapAndDiscard(
        Session session, nuint key, uint rootVersion, ReadOnlySpan<byte> context, Span<byte> fingerprint)
    {
        try
        {
            return maker.WrapAes(session, key, rootVersion, Fingerprint.Label, context, fingerprint);
        }
        finally
        {
            session.Discard(key);
        }
    }

    private static nuint? TryUnwrap(in ObjectLease pair, ImportWrapping algorithm, ReadOnlySpan<byte> encrypted) =>
        algorithm switch
        {
            ImportWrapping.Pkcs1 => UnwrapPkcs1(pair, encrypted),
            ImportWrapping.OaepSha1 => UnwrapOaep(pair, EncryptionAlgorithm.OaepSha1, encrypted),
            ImportWrapping.OaepSha256 => TryUnwrapSha256(pair, encrypted),
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
        };

    private static unsafe nuint UnwrapPkcs1(in ObjectLease pair, ReadOnlySpan<byte> encrypted) =>
        pair.Session.Unwrap(
            new CkMechanism(MechanismType.RsaPkcs, null, 0), pair.Handle, encrypted, Templates.NewAes);

    private static unsafe nuint UnwrapOaep(
        in ObjectLease pair, EncryptionAlgorithm algorithm, ReadOnlySpan<byte> encrypted)
    {
        CkOaepParameters parameters = TokenRsa.Parameters(algorithm);
        return pair.Session.Unwrap(
            new CkMechanism(MechanismType.RsaPkcsOaep, &parameters, sizeof(CkOaepParameters)),
            pair.Handle,
            encrypted,
            Templates.NewAes);
    }

    private static nuint? TryUnwrapSha256(in ObjectLease pair, ReadOnlySpan<byte> encrypted)
    {
        try
        {
            return UnwrapOaep(pair, EncryptionAlgorithm.OaepSha256, encrypted);
        }
        catch (CryptokiException refused) when (TokenRsa.RefusesParameters(refused.Value))
        {
            using SecretBytes? material =
                TokenRsa.TryDecrypt(pair, EncryptionAlgorithm.OaepSha256, encrypted, encrypted.Length);
            return material?.Span.Length == Xaes256Gcm.KeySize
                ? pair.Session.CreateKey(Templates.NewAes, material.Span)
                : null;
        }
    }
}
