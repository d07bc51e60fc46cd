using System.Security.Cryptography;
using Org.BouncyCastle.Asn1.GM;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace KmsActors.Server.Tests;

/// <summary>A key pair of somebody outside, to whom data keys are exported.</summary>
/// <param name="Spec">The parameter WrappingKeySpec.</param>
/// <param name="PublicKey">DER, SubjectPublicKeyInfo.</param>
/// <param name="Decrypt">Decrypts, by algorithm.</param>
internal sealed record OutsidePair(string Spec, byte[] PublicKey, Func<string, byte[], byte[]> Decrypt)
{
    public static OutsidePair Rsa { get; } = NewRsa();

    public static OutsidePair Sm2 { get; } = NewSm2();

    /// <summary>The three parameters that say for whom a data key is exported.</summary>
    public Args Target(string algorithm) =>
    [
        ("PublicKeyBlob", Convert.ToBase64String(PublicKey)), ("WrappingKeySpec", Spec),
        ("WrappingAlgorithm", algorithm),
    ];

    private static OutsidePair NewRsa()
    {
        var rsa = RSA.Create(2048);
        return new OutsidePair("RSA_2048", rsa.ExportSubjectPublicKeyInfo(), (algorithm, ciphertext) => rsa.Decrypt(
            ciphertext,
            algorithm == "RSAES_OAEP_SHA_1" ? RSAEncryptionPadding.OaepSHA1 : RSAEncryptionPadding.OaepSHA256));
    }

    private static OutsidePair NewSm2()
    {
        var generator = new ECKeyPairGenerator();
        generator.Init(new ECKeyGenerationParameters(GMObjectIdentifiers.sm2p256v1, new SecureRandom()));
        AsymmetricCipherKeyPair pair = generator.GenerateKeyPair();
        var publicKey = SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(pair.Public).GetDerEncoded();
        return new OutsidePair("EC_SM2", publicKey, (_, ciphertext) =>
        {
            var engine = new SM2Engine();
            engine.Init(false, pair.Private);
            var old = Sm2Order.ToOld(ciphertext);
            return engine.ProcessBlock(old, 0, old.Length);
        });
    }
}
