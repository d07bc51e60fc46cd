using System.Security.Cryptography;

namespace KmsActors.Hsa;

/// <summary>A version of a key on P-256 or secp256k1.</summary>
internal sealed class EcKeyPair : KeyPair
{
    /// <summary>Bytes of a coordinate, and of each half of a signature.</summary>
    public const int FieldSize = 32;

    /// <summary>Signatures are in DER.</summary>
    public const DSASignatureFormat Format = DSASignatureFormat.Rfc3279DerSequence;

    private readonly IdleObjects<ECDsa> _pairs;

    /// <summary>Copies <paramref name="privateKey"/>, PKCS#8.</summary>
    /// <exception cref="CryptographicException">It is no key on a curve.</exception>
    public EcKeyPair(KeyType type, ReadOnlySpan<byte> privateKey)
        : base(type)
    {
        _pairs = new IdleObjects<ECDsa>(KeyMemory.CopyOf(privateKey), Import);
        using IdleObjects<ECDsa>.Loan pair = _pairs.Take();
        PublicKey = pair.Value.ExportSubjectPublicKeyInfo();
    }

    /// <inheritdoc/>
    public override byte[] PublicKey { get; }

    /// <summary>Makes a pair; the caller disposes it.</summary>
    public static ECDsa Generate(KeyType type) => ECDsa.Create(CurveOf(type));

    /// <summary>The curve of a type, by its object identifier.</summary>
    public static ECCurve CurveOf(KeyType type) => type switch
    {
        KeyType.EcP256 => ECCurve.CreateFromValue("1.2.840.10045.3.1.7"),
        KeyType.EcP256K => ECCurve.CreateFromValue("1.3.132.0.10"),
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <inheritdoc/>
    public override void Dispose() => _pairs.Dispose();

    /// <inheritdoc/>
    protected override byte[] SignCore(SignatureAlgorithm algorithm, ReadOnlySpan<byte> digest)
    {
        using IdleObjects<ECDsa>.Loan pair = _pairs.Take();
        return pair.Value.SignHash(digest, Format);
    }

    /// <inheritdoc/>
    protected override bool VerifyCore(
        SignatureAlgorithm algorithm, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        using IdleObjects<ECDsa>.Loan pair = _pairs.Take();
        return pair.Value.VerifyHash(digest, signature, Format);
    }

    private static ECDsa Import(ReadOnlySpan<byte> privateKey) =>
        KeyImport.PrivateKey(ECDsa.Create(), privateKey);
}
