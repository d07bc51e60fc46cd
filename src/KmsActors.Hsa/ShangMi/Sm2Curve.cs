using System.Security.Cryptography;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC.Multiplier;
using ECPoint = Org.BouncyCastle.Math.EC.ECPoint;

namespace KmsActors.Hsa.ShangMi;

/// <summary>The curve of GB/T 32918.5: its scalars and points, in bytes and in numbers.</summary>
/// <remarks>
/// BouncyCastle's numbers are immutable objects on the managed heap, so those made of secrets can't be zeroed;
/// nor is its arithmetic on them of constant time. The curve itself is a constant that all threads share.
/// </remarks>
internal static class Sm2Curve
{
    /// <summary>Bytes of a scalar, and of a coordinate.</summary>
    public const int ScalarSize = 32;

    /// <summary>Bytes of a point: x, then y.</summary>
    public const int PointSize = 2 * ScalarSize;

    private const int BlindingSize = 8;

    private static readonly X9ECParameters Curve = CustomNamedCurves.GetByName("sm2p256v1");
    private static readonly BigInteger Prime = Curve.Curve.Field.Characteristic;
    private static readonly BigInteger GreatestScalar = Curve.N.Subtract(BigInteger.Two);

    /// <summary>The number of points.</summary>
    public static BigInteger Order => Curve.N;

    /// <summary>The curve as signers hash it: a, b, and the generator's x and y, 32 bytes each.</summary>
    public static byte[] Description { get; } =
    [
        .. Curve.Curve.A.GetEncoded(),
        .. Curve.Curve.B.GetEncoded(),
        .. Curve.G.AffineXCoord.GetEncoded(),
        .. Curve.G.AffineYCoord.GetEncoded(),
    ];

    /// <summary>The generator.</summary>
    public static ECPoint Generator => Curve.G;

    /// <summary>Makes a private key, or a number to be used once: 1 to order - 2, all alike likely.</summary>
    public static void FillScalar(Span<byte> scalar)
    {
        do
            RandomNumberGenerator.Fill(scalar);
        while (!IsScalar(scalar));
    }

    /// <summary>Whether it is one that <see cref="FillScalar"/> may make.</summary>
    public static bool IsScalar(ReadOnlySpan<byte> scalar)
    {
        BigInteger number = Read(scalar);
        return number.SignValue > 0 && number.CompareTo(GreatestScalar) <= 0;
    }

    /// <summary>Reads a number, big-endian.</summary>
    public static BigInteger Read(ReadOnlySpan<byte> number)
    {
        byte[] copy = number.ToArray();
        try
        {
            return new BigInteger(1, copy);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(copy);
        }
    }

    /// <summary>Reads a point; null unless it is on the curve.</summary>
    public static ECPoint? TryReadPoint(ReadOnlySpan<byte> point)
    {
        BigInteger x = Read(point[..ScalarSize]);
        BigInteger y = Read(point[ScalarSize..]);
        if (x.CompareTo(Prime) >= 0 || y.CompareTo(Prime) >= 0)
            return null;
        ECPoint read = Curve.Curve.CreatePoint(x, y);
        return read.IsValid() ? read : null;
    }

    /// <summary>Writes a point other than the one at infinity.</summary>
    public static void WritePoint(ECPoint point, Span<byte> destination)
    {
        ECPoint affine = point.Normalize();
        byte[] x = affine.AffineXCoord.GetEncoded();
        byte[] y = affine.AffineYCoord.GetEncoded();
        x.CopyTo(destination);
        y.CopyTo(destination[ScalarSize..]);
        CryptographicOperations.ZeroMemory(x);
        CryptographicOperations.ZeroMemory(y);
    }

    /// <summary>The generator times <paramref name="scalar"/>, by a comb that no scalar hurries.</summary>
    public static ECPoint MultiplyGenerator(BigInteger scalar) =>
        new FixedPointCombMultiplier().Multiply(Curve.G, scalar).Normalize();

    /// <summary>Any point times a private key.</summary>
    public static ECPoint Multiply(ECPoint point, BigInteger privateKey)
    {
        // A multiple of the order more is the same point by other steps: their times, which an asker could
        // average over many points of his choice, tell nothing of the key.
        Span<byte> blinding = stackalloc byte[BlindingSize];
        RandomNumberGenerator.Fill(blinding);
        return point.Multiply(privateKey.Add(Curve.N.Multiply(Read(blinding)))).Normalize();
    }
}
