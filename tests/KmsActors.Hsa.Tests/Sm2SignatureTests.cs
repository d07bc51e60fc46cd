using System.Formats.Asn1;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using KmsActors.Hsa.ShangMi;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;

namespace KmsActors.Hsa.Tests;

public sealed class Sm2SignatureTests
{
    private static readonly BigInteger Order = BigInteger.Parse(
        "0FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123", NumberStyles.HexNumber);

    private static readonly byte[] Pair = Sm2.StandardsPair;
    private static readonly byte[] PrivateKey = Pair[..32];
    private static readonly byte[] PublicKey = Pair[32..];
    private static readonly byte[] Digest = Sm2.Digest(Pair, "message digest"u8.ToArray());

    /// <summary>GB/T 32918.5-2017, A.2.</summary>
    [Fact]
    public void TrySign_StandardsExample_Matches()
    {
        Assert.Equal(
            "f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640", Convert.ToHexStringLower(Digest));
        byte[]? signature = Sm2Signature.TrySign(PrivateKey, Digest, Sm2.StandardsOnce);
        Assert.Equal(
            "3046"
            + "022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
            + "022100b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa",
            Convert.ToHexStringLower(signature!));
        Assert.True(Sm2Signature.Verify(PublicKey, Digest, signature));
    }

    /// <summary>GB/T 32918.5-2017, A.2: e.</summary>
    [Fact]
    public void Digest_StandardsExample_Matches() => Assert.Equal(
        "f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640",
        Convert.ToHexStringLower(Sm2Signature.Digest(PublicKey, "message digest"u8)));

    [Fact]
    public void Sign_OurPairs_VerifyWithOpenSslAndBouncyCastle()
    {
        using OpenSsl openSsl = new();
        for (int i = 0; i < 20; i++)
        {
            byte[] pair = Sm2.NewPair();
            byte[] message = RandomNumberGenerator.GetBytes(i);
            byte[] signature = Sm2Signature.Sign(pair.AsSpan(0, 32), Sm2.Digest(pair, message));
            Assert.True(BouncyVerifies(pair, message, signature));
            if (i is 0 or > 4)
                continue;
            Assert.True(openSsl.Verifies(Sm2.PublicInfo(pair), signature, message, Sm2.OpenSslOptions));
            Assert.False(openSsl.Verifies(Sm2.PublicInfo(pair), signature, [.. message, 0], Sm2.OpenSslOptions));
        }
    }

    [Fact]
    public void Verify_OpenSslsAndBouncyCastlesSignatures_IsTrue()
    {
        using OpenSsl openSsl = new();
        for (int i = 1; i <= 20; i++)
        {
            byte[] pair = Sm2.NewPair();
            byte[] message = RandomNumberGenerator.GetBytes(i);
            byte[] digest = Sm2.Digest(pair, message);
            SM2Signer signer = new();
            signer.Init(
                forSigning: true, new ParametersWithRandom(Sm2.BouncyPrivate(pair), new SecureRandom()));
            signer.BlockUpdate(message, 0, message.Length);
            Assert.True(Sm2Signature.Verify(pair.AsSpan(32), digest, signer.GenerateSignature()));
            if (i > 4)
                continue;
            byte[] signature = openSsl.Sign(Sm2.PrivateInfo(pair), message, Sm2.OpenSslOptions);
            Assert.True(Sm2Signature.Verify(pair.AsSpan(32), digest, signature));
        }
    }

    [Fact]
    public void Sign_Twice_UsesANumberOnce()
    {
        byte[] first = Sm2Signature.Sign(PrivateKey, Digest);
        byte[] second = Sm2Signature.Sign(PrivateKey, Digest);
        Assert.NotEqual(Read(first).R, Read(second).R);
        Assert.True(Sm2Signature.Verify(PublicKey, Digest, first));
        Assert.True(Sm2Signature.Verify(PublicKey, Digest, second));
    }

    // Each would show the private key, or be no signature.
    [Fact]
    public void TrySign_NumbersTheStandardRefuses_IsNull()
    {
        BigInteger x = Mod(Read(Sm2Signature.TrySign(PrivateKey, new byte[32], Sm2.StandardsOnce)!).R);
        BigInteger k = Number(Sm2.StandardsOnce);
        BigInteger d = Number(PrivateKey);
        BigInteger[] refused = [Mod(-x), Mod(-k - x), Mod((k * BigInteger.ModPow(d, Order - 2, Order)) - x)];
        foreach (BigInteger digest in refused)
        {
            Assert.Null(Sm2Signature.TrySign(PrivateKey, Bytes(digest), Sm2.StandardsOnce));
            Assert.NotNull(Sm2Signature.TrySign(PrivateKey, Bytes(digest + 1), Sm2.StandardsOnce));
        }
    }

    [Fact]
    public void Verify_AnyBitOfSignatureDigestOrKeyChanged_IsFalse()
    {
        byte[] signature = Sm2Signature.Sign(PrivateKey, Digest);
        foreach (byte[] part in new[] { signature, [.. Digest], [.. PublicKey] })
        {
            for (int bit = 0; bit < 8 * part.Length; bit += 3)
            {
                byte[] changed = [.. part];
                changed[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.False(part.Length switch
                {
                    32 => Sm2Signature.Verify(PublicKey, changed, signature),
                    64 => Sm2Signature.Verify(changed, Digest, signature),
                    _ => Sm2Signature.Verify(PublicKey, Digest, changed),
                });
            }
        }
    }

    // A multiple of the order more or less, and the mirrored s, are other numbers: SM2 takes none of them.
    [Fact]
    public void Verify_EquivalentNumbers_IsFalse()
    {
        (BigInteger r, BigInteger s) = Read(Sm2Signature.Sign(PrivateKey, Digest));
        Assert.True(Sm2Signature.Verify(PublicKey, Digest, Write(r, s)));
        foreach ((BigInteger R, BigInteger S) other in new[]
        {
            (r + Order, s), (r, s + Order), (r - Order, s), (r, s - Order), (r, Order - s), (s, r), (-r, s), (r, -s),
        })
            Assert.False(Sm2Signature.Verify(PublicKey, Digest, Write(other.R, other.S)));
    }

    [Fact]
    public void Verify_NumbersOutOfRange_IsFalse()
    {
        BigInteger[] numbers = [0, 1, 2, Order - 1, Order, Order + 1, -1, BigInteger.One << 256];
        foreach (BigInteger r in numbers)
        {
            foreach (BigInteger s in numbers)
                Assert.False(Sm2Signature.Verify(PublicKey, Digest, Write(r, s)));
        }
    }

    // The next three anybody could forge, for a digest at least.
    [Fact]
    public void Verify_ZeroS_IsFalseThoughTheEquationHolds()
    {
        // t = r: the x of [r]P is what BouncyCastle gives, and e = r - x makes the equation true.
        BigInteger r = 12345;
        byte[] point = Sm2.BouncyPublic(Pair).Q.Multiply(new Org.BouncyCastle.Math.BigInteger("12345"))
            .Normalize().AffineXCoord.GetEncoded();
        Assert.False(Sm2Signature.Verify(PublicKey, Bytes(Mod(r - Number(point))), Write(r, 0)));
    }

    [Fact]
    public void Verify_ZeroR_IsFalseThoughTheEquationHolds()
    {
        // t = s: [s]G + [s]P = [s(1 + d)]G, and e = -x makes the equation true.
        BigInteger s = 54321;
        byte[] point = Sm2.BouncyPublic(Pair).Q.Add(Sm2.BouncyPublic(Pair).Parameters.G)
            .Multiply(new Org.BouncyCastle.Math.BigInteger("54321")).Normalize().AffineXCoord.GetEncoded();
        Assert.False(Sm2Signature.Verify(PublicKey, Bytes(Mod(-Number(point))), Write(0, s)));
    }

    [Fact]
    public void Verify_SumOfNumbersZero_IsFalseThoughTheEquationHolds()
    {
        // t = 0: only [s]G is left, which anybody can make.
        BigInteger s = 777;
        BigInteger r = Order - s;
        byte[] point = Sm2.BouncyPublic(Pair).Parameters.G.Multiply(new Org.BouncyCastle.Math.BigInteger("777"))
            .Normalize().AffineXCoord.GetEncoded();
        Assert.False(Sm2Signature.Verify(PublicKey, Bytes(Mod(r - Number(point))), Write(r, s)));
    }

    [Fact]
    public void Verify_SumAtInfinity_IsFalse()
    {
        // s + td = 0: s(1 + d) = -rd.
        BigInteger d = Number(PrivateKey);
        BigInteger r = 99;
        BigInteger s = Mod(-r * d * BigInteger.ModPow(1 + d, Order - 2, Order));
        Assert.False(Sm2Signature.Verify(PublicKey, Digest, Write(r, s)));
    }

    [Fact]
    public void Verify_NotStrictlyDer_IsFalse()
    {
        byte[] signature;
        do
            signature = Sm2Signature.Sign(PrivateKey, Digest);
        while (signature.Length != 70);
        byte[] r = signature[4..36];
        byte[] s = signature[38..];
        byte[][] refused =
        [
            [],
            [.. signature, 0],
            signature[..^1],
            [.. r, .. s],
            [0x31, .. signature[1..]],
            [0x30, 0x81, 68, .. signature[2..]],
            [0x30, 0x82, 0, 68, .. signature[2..]],
            [0x30, 0x80, .. signature[2..], 0, 0],
            [0x30, 69, 2, 33, 0, .. r, 2, 32, .. s],
            [0x30, 69, 2, 32, .. r, 2, 33, 0, .. s],
            [0x30, 70, 2, 34, 0, 0, .. r, 2, 32, .. s],
            [0x30, 69, 2, 0x81, 32, .. r, 2, 32, .. s],
            [0x30, 68, 4, 32, .. r, 4, 32, .. s],
            [0x30, 71, 2, 32, .. r, 2, 32, .. s, 2, 1, 1],
            [0x30, 70, 2, 32, .. r, 2, 32, .. s, 5, 0],
            [0x30, 34, 2, 32, .. r],
            [0x30, 4, 2, 0, 2, 0],
            [0x30, 0],
            .. Enumerable.Range(0, signature.Length).Select(length => signature[..length]),
        ];
        foreach (byte[] bad in refused)
            Assert.False(Sm2Signature.Verify(PublicKey, Digest, bad), Convert.ToHexString(bad));
        Assert.True(Sm2Signature.Verify(PublicKey, Digest, signature));
    }

    private static bool BouncyVerifies(byte[] pair, byte[] message, byte[] signature)
    {
        SM2Signer signer = new();
        signer.Init(forSigning: false, Sm2.BouncyPublic(pair));
        signer.BlockUpdate(message, 0, message.Length);
        return signer.VerifySignature(signature);
    }

    private static (BigInteger R, BigInteger S) Read(byte[] signature)
    {
        AsnReader reader = new AsnReader(signature, AsnEncodingRules.DER).ReadSequence();
        return (reader.ReadInteger(), reader.ReadInteger());
    }

    private static byte[] Write(BigInteger r, BigInteger s)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(r);
            writer.WriteInteger(s);
        }

        return writer.Encode();
    }

    private static BigInteger Mod(BigInteger number) => ((number % Order) + Order) % Order;

    private static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static byte[] Bytes(BigInteger number)
    {
        byte[] bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[32 - bytes.Length], .. bytes];
    }
}
