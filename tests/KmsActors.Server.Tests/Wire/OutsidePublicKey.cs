using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;

namespace KmsActors.Server.Tests;

/// <summary>
/// What the holder of a public key does with it, outside and sharing nothing with the server: .NET's own
/// arithmetic, and BouncyCastle's for SM2.
/// </summary>
internal abstract class OutsidePublicKey
{
    /// <summary>DER, SubjectPublicKeyInfo.</summary>
    public required byte[] Der { get; init; }

    /// <summary>By the OID within.</summary>
    public static OutsidePublicKey Of(byte[] der)
    {
        if (der.AsSpan().IndexOf(Convert.FromHexString("06082A811CCF5501822D")) >= 0) return new Sm2 { Der = der };
        return der.AsSpan().IndexOf(Convert.FromHexString("06072A8648CE3D0201")) >= 0
            ? new EllipticCurve { Der = der }
            : new Rsa { Der = der };
    }

    /// <summary>Of PEM, as GetPublicKey has it.</summary>
    public static OutsidePublicKey Of(string pem)
    {
        Assert.StartsWith("-----BEGIN PUBLIC KEY-----\n", pem, StringComparison.Ordinal);
        Assert.EndsWith("\n-----END PUBLIC KEY-----\n", pem, StringComparison.Ordinal);
        return Of(Convert.FromBase64String(pem[PemEncoding.Find(pem).Base64Data]));
    }

    /// <summary>What is signed in place of the message.</summary>
    public virtual byte[] Digest(byte[] message) => SHA256.HashData(message);

    public virtual byte[] Encrypt(string algorithm, byte[] plaintext) => throw new NotSupportedException(algorithm);

    public virtual bool Verify(string algorithm, byte[] message, byte[] signature) =>
        throw new NotSupportedException(algorithm);

    private sealed class Rsa : OutsidePublicKey
    {
        public override byte[] Encrypt(string algorithm, byte[] plaintext)
        {
            using var rsa = Open();
            return rsa.Encrypt(plaintext, algorithm switch
            {
                "RSAES_PKCS1_V1_5" => RSAEncryptionPadding.Pkcs1,
                "RSAES_OAEP_SHA_1" => RSAEncryptionPadding.OaepSHA1,
                _ => RSAEncryptionPadding.OaepSHA256,
            });
        }

        public override bool Verify(string algorithm, byte[] message, byte[] signature)
        {
            using var rsa = Open();
            var padding = algorithm == "RSA_PSS_SHA_256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
            return rsa.VerifyData(message, signature, HashAlgorithmName.SHA256, padding);
        }

        private RSA Open()
        {
            var rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(Der, out _);
            return rsa;
        }
    }

    private sealed class EllipticCurve : OutsidePublicKey
    {
        public override bool Verify(string algorithm, byte[] message, byte[] signature)
        {
            using var curve = ECDsa.Create();
            curve.ImportSubjectPublicKeyInfo(Der, out _);
            return curve.VerifyData(
                message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
    }

    private sealed class Sm2 : OutsidePublicKey
    {
        private static readonly byte[] s_userId = "1234567812345678"u8.ToArray();

        private ECPublicKeyParameters Key => (ECPublicKeyParameters)PublicKeyFactory.CreateKey(Der);

        /// <summary>SM3 over Z and the message: GB/T 32918.2, 5.5 and 6.1.</summary>
        public override byte[] Digest(byte[] message)
        {
            var curve = Key.Parameters;
            return Sm3(
            [
                .. Sm3(
                [
                    0, (byte)(8 * s_userId.Length), .. s_userId,
                    .. curve.Curve.A.GetEncoded(), .. curve.Curve.B.GetEncoded(),
                    .. curve.G.GetEncoded(false)[1..], .. Key.Q.GetEncoded(false)[1..],
                ]),
                .. message,
            ]);
        }

        public override byte[] Encrypt(string algorithm, byte[] plaintext)
        {
            var engine = new SM2Engine();
            engine.Init(true, new ParametersWithRandom(Key, new SecureRandom()));
            return Sm2Order.ToNew(engine.ProcessBlock(plaintext, 0, plaintext.Length));
        }

        public override bool Verify(string algorithm, byte[] message, byte[] signature)
        {
            var signer = new SM2Signer();
            signer.Init(false, new ParametersWithID(Key, s_userId));
            signer.BlockUpdate(message, 0, message.Length);
            return signer.VerifySignature(signature);
        }

        private static byte[] Sm3(byte[] bytes)
        {
            var digest = new SM3Digest();
            digest.BlockUpdate(bytes, 0, bytes.Length);
            var hash = new byte[digest.GetDigestSize()];
            digest.DoFinal(hash, 0);
            return hash;
        }
    }
}

/// <summary>
/// The two orders of an SM2 ciphertext: C1, C2, C3 of 2010, which BouncyCastle writes, and C1, C3, C2 of
/// GB/T 32918.4-2016.
/// </summary>
internal static class Sm2Order
{
    private const int PointSize = 65;
    private const int HashSize = 32;

    public static byte[] ToNew(byte[] old) =>
        [.. old[..PointSize], .. old[^HashSize..], .. old[PointSize..^HashSize]];

    public static byte[] ToOld(byte[] @new) =>
        [.. @new[..PointSize], .. @new[(PointSize + HashSize)..], .. @new[PointSize..(PointSize + HashSize)]];
}
