using System.Security.Cryptography;
using KmsActors.Hsa.Pkcs11.Cryptoki;

namespace KmsActors.Hsa.Pkcs11;

/// <summary>What RSA private keys in the token do.</summary>
internal static unsafe class TokenRsa
{
    private const nuint SourceIsData = 1;

    // DigestInfo of SHA-256 (RFC 8017, 9.2, note 1), up to the digest.
    private static ReadOnlySpan<byte> Sha256Info =>
    [
        0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
        0x05, 0x00, 0x04, 0x20,
    ];

    /// <summary>OAEP's parameters.</summary>
    public static CkOaepParameters Parameters(EncryptionAlgorithm algorithm)
    {
        bool isSha1 = algorithm == EncryptionAlgorithm.OaepSha1;
        return new CkOaepParameters
        {
            Hash = (nuint)(isSha1 ? MechanismType.Sha1 : MechanismType.Sha256),
            MaskFunction = (nuint)(isSha1 ? MaskFunction.Sha1 : MaskFunction.Sha256),
            Source = SourceIsData,
        };
    }

    /// <summary>
    /// Decrypts; the caller disposes the result. Null for whatever does not decrypt. By OAEP with SHA-256 where the
    /// token has it, which cannot be asked beforehand, and else by bare RSA, the padding taken off outside.
    /// </summary>
    /// <param name="key">The private key.</param>
    /// <param name="algorithm">Which OAEP.</param>
    /// <param name="ciphertext">Any bytes.</param>
    /// <param name="modulusSize">Bytes of the modulus.</param>
    public static SecretBytes? TryDecrypt(
        in ObjectLease key, EncryptionAlgorithm algorithm, ReadOnlySpan<byte> ciphertext, int modulusSize)
    {
        if (ciphertext.Length != modulusSize)
            return null;
        Span<byte> opened = stackalloc byte[modulusSize];
        try
        {
            CkOaepParameters parameters = Parameters(algorithm);
            CkMechanism oaep = new(MechanismType.RsaPkcsOaep, &parameters, sizeof(CkOaepParameters));
            int? length;
            try
            {
                length = key.Session.TryDecrypt(oaep, key.Handle, ciphertext, opened);
            }
            catch (CryptokiException refused)
                when (algorithm == EncryptionAlgorithm.OaepSha256 && RefusesParameters(refused.Value))
            {
                length = key.Session.TryDecrypt(
                    new CkMechanism(MechanismType.RsaX509, null, 0), key.Handle, ciphertext, opened);
                return length == modulusSize ? Oaep.TryDecode(opened) : null;
            }

            return length is > 0 ? SecretBytes.CopyOf(opened[..length.Value]) : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(opened);
        }
    }

    /// <summary>Whether a mechanism is refused for its parameters.</summary>
    public static bool RefusesParameters(ReturnValue value) => value
        is ReturnValue.CKR_ARGUMENTS_BAD
        or ReturnValue.CKR_MECHANISM_PARAM_INVALID
        or ReturnValue.CKR_MECHANISM_INVALID;

    /// <summary>Signs a digest of SHA-256.</summary>
    public static byte[] Sign(
        in ObjectLease key, SignatureAlgorithm algorithm, ReadOnlySpan<byte> digest, int modulusSize)
    {
        byte[] signature = new byte[modulusSize];
        int length;
        if (algorithm == SignatureAlgorithm.RsaPssSha256)
        {
            CkPssParameters parameters = new()
            {
                Hash = (nuint)MechanismType.Sha256,
                MaskFunction = (nuint)MaskFunction.Sha256,
                SaltLength = KeyTypes.DigestSize,
            };
            length = key.Session.Sign(
                new CkMechanism(MechanismType.RsaPkcsPss, &parameters, sizeof(CkPssParameters)),
                key.Handle,
                digest,
                signature);
        }
        else
        {
            length = key.Session.Sign(
                new CkMechanism(MechanismType.RsaPkcs, null, 0), key.Handle, [.. Sha256Info, .. digest], signature);
        }

        return length == modulusSize
            ? signature
            : throw new CryptographicException("The token's signature is of a wrong length.");
    }
}
