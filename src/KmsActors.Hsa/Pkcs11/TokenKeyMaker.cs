using System.Formats.Asn1;
using System.Security.Cryptography;
using KmsActors.Hsa.Pkcs11.Cryptoki;

namespace KmsActors.Hsa.Pkcs11;

/// <summary>
/// Makes keys in the token, or lets them in, and takes them out wrapped. Until then each is an object of a session's,
/// which is sensitive and can be extracted by a key of the token's alone.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
internal sealed class TokenKeyMaker(Token token) : IDisposable
{
    private const byte Uncompressed = 4;

    // A pair of RSA-3072 takes the token a second, in which it does little else.
    private readonly SemaphoreSlim _rsa = new(1, 1);

    /// <summary>Makes a key, wrapped by the root key of a version. RSA pairs take up to seconds.</summary>
    public async ValueTask<TokenBlob> GenerateAsync(KeyType type, uint rootVersion, CancellationToken cancellation)
    {
        switch (type)
        {
            case KeyType.Rsa2048 or KeyType.Rsa3072:
                await _rsa.WaitAsync(cancellation);
                try
                {
                    return await Task.Factory.StartNew(
                        () => GeneratePair(TokenKeyType.Rsa, Templates.PublicRsa(Bits(type)), type, rootVersion),
                        CancellationToken.None,
                        TaskCreationOptions.LongRunning,
                        TaskScheduler.Default);
                }
                finally
                {
                    _rsa.Release();
                }

            case KeyType.EcP256 or KeyType.EcP256K:
                return GeneratePair(TokenKeyType.Ec, Templates.PublicEc(CurveOf(type)), type, rootVersion);
            default:
                return GenerateAes(rootVersion);
        }
    }

    /// <summary>
    /// Takes out a new AES key, with the fingerprint of it: as <see cref="IMessageCipher.Derive"/>.
    /// </summary>
    public TokenBlob WrapAes(
        Session session, nuint key, uint rootVersion, byte label, ReadOnlySpan<byte> context, Span<byte> fingerprint)
    {
        byte[] k1 = new byte[CmacKdf.BlockSize];
        TokenCipher.DeriveK1(session, key, k1);
        if (!fingerprint.IsEmpty)
            TokenCipher.Derive(session, key, k1, label, context, fingerprint);
        return token.RootKeys.Wrap(session, rootVersion, TokenKeyType.Aes, k1, key);
    }

    /// <inheritdoc/>
    public void Dispose() => _rsa.Dispose();

    private TokenBlob GenerateAes(uint rootVersion)
    {
        using SessionPool.Lease lease = token.Sessions.Take();
        nuint key = lease.Session.GenerateKey(MechanismType.AesKeyGen, Templates.GeneratedAes);
        try
        {
            return WrapAes(lease.Session, key, rootVersion, label: 0, context: [], fingerprint: []);
        }
        finally
        {
            lease.Session.Discard(key);
        }
    }

    private TokenBlob GeneratePair(TokenKeyType kind, Template publicTemplate, KeyType type, uint rootVersion)
    {
        using SessionPool.Lease lease = token.Sessions.Take();
        Session session = lease.Session;
        bool isRsa = kind == TokenKeyType.Rsa;
        (nuint publicKey, nuint privateKey) = session.GenerateKeyPair(
            isRsa ? MechanismType.RsaPkcsKeyPairGen : MechanismType.EcKeyPairGen,
            publicTemplate,
            isRsa ? Templates.NewRsa : Templates.NewEc);
        try
        {
            byte[] info = isRsa ? ReadRsa(session, publicKey) : ReadEc(session, publicKey, type);
            return token.RootKeys.Wrap(session, rootVersion, kind, info, privateKey);
        }
        finally
        {
            session.Discard(privateKey);
            session.Discard(publicKey);
        }
    }

    private static byte[] ReadRsa(Session session, nuint publicKey)
    {
        using RSA rsa = RSA.Create(new RSAParameters
        {
            Modulus = session.GetAttribute(publicKey, AttributeType.Modulus),
            Exponent = session.GetAttribute(publicKey, AttributeType.PublicExponent),
        });
        return rsa.ExportSubjectPublicKeyInfo();
    }

    private static byte[] ReadEc(Session session, nuint publicKey, KeyType type)
    {
        byte[] point = AsnDecoder.ReadOctetString(
            session.GetAttribute(publicKey, AttributeType.EcPoint), AsnEncodingRules.DER, out _);
        int size = (point.Length - 1) / 2;
        if (point.Length != 1 + (2 * EcKeyPair.FieldSize) || point[0] != Uncompressed)
            throw new CryptographicException("The token gives a public key in an unknown form.");
        using ECDsa pair = ECDsa.Create(new ECParameters
        {
            Curve = EcKeyPair.CurveOf(type),
            Q = new ECPoint { X = point[1..(1 + size)], Y = point[(1 + size)..] },
        });
        return pair.ExportSubjectPublicKeyInfo();
    }

    private static byte[] CurveOf(KeyType type)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        writer.WriteObjectIdentifier(EcKeyPair.CurveOf(type).Oid.Value!);
        return writer.Encode();
    }

    private static int Bits(KeyType type) => type == KeyType.Rsa2048 ? 2048 : 3072;
}
