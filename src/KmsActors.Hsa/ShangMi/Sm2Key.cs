namespace KmsActors.Hsa.ShangMi;

/// <summary>
/// SM2 keys in bytes. A pair is the private key (32 bytes), then the public one (a point, 64): to open it
/// takes no arithmetic. A public key by itself is a SubjectPublicKeyInfo of one form, 91 bytes of DER.
/// </summary>
internal static class Sm2Key
{
    /// <summary>Bytes of a pair.</summary>
    public const int PairSize = PublicKeyAt + Sm2Curve.PointSize;

    private const int PublicKeyAt = Sm2Curve.ScalarSize;

    // SEQUENCE of SEQUENCE of ecPublicKey and curve 1.2.156.10197.1.301, and BIT STRING of an uncompressed point.
    private static ReadOnlySpan<byte> Prefix =>
    [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x81,
        0x1C, 0xCF, 0x55, 0x01, 0x82, 0x2D, 0x03, 0x42, 0x00, 0x04,
    ];

    /// <summary>Makes a pair.</summary>
    public static void Generate(Span<byte> pair)
    {
        Span<byte> privateKey = pair[..PublicKeyAt];
        Sm2Curve.FillScalar(privateKey);
        Sm2Curve.WritePoint(Sm2Curve.MultiplyGenerator(Sm2Curve.Read(privateKey)), pair[PublicKeyAt..]);
    }

    /// <summary>A pair's private key.</summary>
    public static ReadOnlySpan<byte> PrivateKey(ReadOnlySpan<byte> pair) => pair[..PublicKeyAt];

    /// <summary>A pair's public key.</summary>
    public static ReadOnlySpan<byte> PublicKey(ReadOnlySpan<byte> pair) => pair[PublicKeyAt..];

    /// <summary>A public key as SubjectPublicKeyInfo.</summary>
    public static byte[] WriteInfo(ReadOnlySpan<byte> publicKey) => [.. Prefix, .. publicKey];

    /// <summary>Reads a SubjectPublicKeyInfo; false for all but what <see cref="WriteInfo"/> writes.</summary>
    /// <param name="info">Any bytes.</param>
    /// <param name="publicKey">A point on the curve.</param>
    public static bool TryReadInfo(ReadOnlySpan<byte> info, out ReadOnlySpan<byte> publicKey)
    {
        publicKey = default;
        if (info.Length != Prefix.Length + Sm2Curve.PointSize || !info.StartsWith(Prefix))
            return false;
        publicKey = info[Prefix.Length..];
        return Sm2Curve.TryReadPoint(publicKey) is not null;
    }
}
