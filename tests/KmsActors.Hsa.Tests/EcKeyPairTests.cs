using System.Security.Cryptography;

namespace KmsActors.Hsa.Tests;

/// <summary>ECDSA against a published vector and OpenSSL's program, both ways.</summary>
public sealed class EcKeyPairTests
{
    private static readonly byte[] Digest = RandomNumberGenerator.GetBytes(32);

    /// <summary>RFC 6979, A.2.5: SHA-256 of "sample".</summary>
    [Fact]
    public void Verify_Rfc6979Vector_IsTrue()
    {
        using ECDsa ec = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            D = Convert.FromHexString("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721"),
            Q = new ECPoint
            {
                X = Convert.FromHexString("60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"),
                Y = Convert.FromHexString("7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299"),
            },
        });
        using EcKeyPair pair = new(KeyType.EcP256, ec.ExportPkcs8PrivateKey());
        byte[] signature = Convert.FromHexString(
            "3046"
            + "022100EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"
            + "022100F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8");
        Assert.True(pair.Verify(SignatureAlgorithm.EcdsaSha256, SHA256.HashData("sample"u8), signature));
        Assert.False(pair.Verify(SignatureAlgorithm.EcdsaSha256, SHA256.HashData("test"u8), signature));
    }

    [Theory]
    [InlineData(KeyType.EcP256, "prime256v1")]
    [InlineData(KeyType.EcP256K, "secp256k1")]
    public void SignAndVerify_AnyCurve_IsOpenSsls(KeyType type, string curve)
    {
        using OpenSsl openSsl = new();
        string path = openSsl.File(OpenSsl.Run("ecparam", "-name", curve, "-genkey", "-noout"));
        byte[] privateKey = OpenSsl.Run("pkcs8", "-topk8", "-nocrypt", "-outform", "DER", "-in", path);
        using EcKeyPair pair = new(type, privateKey);
        byte[] signature = pair.Sign(SignatureAlgorithm.EcdsaSha256, Digest);
        Assert.True(openSsl.Verifies(pair.PublicKey, signature, Digest));
        Assert.False(openSsl.Verifies(pair.PublicKey, signature, new byte[32]));
        Assert.True(pair.Verify(SignatureAlgorithm.EcdsaSha256, Digest, openSsl.Sign(privateKey, Digest)));
    }

    [Theory]
    [InlineData(KeyType.EcP256)]
    [InlineData(KeyType.EcP256K)]
    public void Verify_NotStrictlyDer_IsFalse(KeyType type)
    {
        IKeyPair pair = Fixtures.Pair(type);
        byte[] signature;
        do
            signature = pair.Sign(SignatureAlgorithm.EcdsaSha256, Digest);
        while (signature.Length != 70);
        byte[] r = signature[4..36];
        byte[] s = signature[38..];
        byte[][] refused =
        [
            [.. r, .. s],
            [0x31, .. signature[1..]],
            [0x30, 0x81, 68, .. signature[2..]],
            [0x30, 0x80, .. signature[2..], 0, 0],
            [0x30, 69, 2, 33, 0, .. r, 2, 32, .. s],
            [0x30, 69, 2, 0x81, 32, .. r, 2, 32, .. s],
            [0x30, 71, 2, 32, .. r, 2, 32, .. s, 2, 1, 1],
            [0x30, 34, 2, 32, .. r],
            [0x30, 6, 2, 1, 0, 2, 1, 0],
            [0x30, 4, 2, 0, 2, 0],
            [0x30, 0],
        ];
        foreach (byte[] bad in refused)
        {
            Assert.False(
                pair.Verify(SignatureAlgorithm.EcdsaSha256, Digest, bad), Convert.ToHexString(bad));
        }

        Assert.True(pair.Verify(SignatureAlgorithm.EcdsaSha256, Digest, signature));
    }
}
