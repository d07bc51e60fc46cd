using System.Globalization;
using System.Numerics;
using KmsActors.Hsa.ShangMi;

namespace KmsActors.Hsa.Tests;

public sealed class Sm2KeyTests
{
    private const string Order = "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123";

    [Fact]
    public void Generate_ManyPairs_PublicKeysAreBouncyCastlesOfThePrivateOnes()
    {
        HashSet<string> seen = [];
        for (int i = 0; i < 50; i++)
        {
            byte[] pair = Sm2.NewPair();
            Org.BouncyCastle.Math.EC.ECPoint point =
                Sm2.BouncyPublic(pair).Parameters.G.Multiply(Sm2.BouncyPrivate(pair).D);
            Assert.Equal(point.Normalize().GetEncoded(false)[1..], pair[32..]);
            Assert.True(Sm2Curve.IsScalar(pair.AsSpan(0, 32)));
            Assert.True(seen.Add(Convert.ToHexString(pair)));
        }
    }

    [Theory]
    [InlineData("0", 0, false)]
    [InlineData("0", 1, true)]
    [InlineData(Order, -2, true)]
    [InlineData(Order, -1, false)]
    [InlineData(Order, 0, false)]
    [InlineData(Order, 1, false)]
    public void IsScalar_Limits_AreOneAndOrderLessTwo(string from, int offset, bool expected)
    {
        BigInteger number = BigInteger.Parse("0" + from, NumberStyles.HexNumber) + offset;
        byte[] bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        Assert.Equal(expected, Sm2Curve.IsScalar([.. new byte[32 - bytes.Length], .. bytes]));
    }

    [Fact]
    public void WriteInfo_AnyPair_IsAPublicKeyToOpenSsl()
    {
        byte[] pair = Sm2.NewPair();
        byte[] info = Sm2.PublicInfo(pair);
        Assert.Equal(91, info.Length);
        using OpenSsl openSsl = new();
        Assert.Equal(info, OpenSsl.Run("pkey", "-pubin", "-inform", "DER", "-outform", "DER", "-in", openSsl.File(info)));
        Assert.Equal(
            info,
            OpenSsl.Run("pkey", "-inform", "DER", "-pubout", "-outform", "DER", "-in", openSsl.File(Sm2.PrivateInfo(pair))));
        Assert.True(Sm2Key.TryReadInfo(info, out ReadOnlySpan<byte> publicKey));
        Assert.Equal(pair[32..], publicKey.ToArray());
    }

    [Fact]
    public void TryReadInfo_AnyByteChangedCutOrMore_IsFalse()
    {
        byte[] info = Sm2.PublicInfo(Sm2.NewPair());
        for (int at = 0; at < info.Length; at++)
        {
            byte[] changed = [.. info];
            changed[at] ^= 1;
            Assert.False(Sm2Key.TryReadInfo(changed, out _), $"byte {at}");
            Assert.False(Sm2Key.TryReadInfo(info.AsSpan(0, at), out _));
        }

        Assert.False(Sm2Key.TryReadInfo([.. info, 0], out _));
    }
}
