using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;

namespace KmsActors.Benchmarks.Libraries;

/// <summary>What BouncyCastle has of a server's algorithms: calls for one thread each.</summary>
internal static class BouncyCastleCalls
{
    private static readonly byte[] s_message = RandomNumberGenerator.GetBytes(32);

    /// <summary>SM4-GCM with a random nonce.</summary>
    public static Func<Action> Sm4Gcm(int bytes) => () =>
    {
        var key = new KeyParameter(RandomNumberGenerator.GetBytes(16));
        var gcm = new GcmBlockCipher(new SM4Engine());
        var plaintext = new byte[bytes];
        var ciphertext = new byte[bytes + 16];
        return () =>
        {
            gcm.Init(forEncryption: true, new AeadParameters(key, 128, RandomNumberGenerator.GetBytes(12)));
            var done = gcm.ProcessBytes(plaintext, 0, bytes, ciphertext, 0);
            gcm.DoFinal(ciphertext, done);
        };
    };

    public static Func<Action> Sm2Sign() => () =>
    {
        var signer = new SM2Signer();
        signer.Init(forSigning: true, Random(NewPair().Private));
        return () =>
        {
            signer.BlockUpdate(s_message, 0, s_message.Length);
            signer.GenerateSignature();
        };
    };

    public static Func<Action> Sm2Verify() => () =>
    {
        var pair = NewPair();
        var signer = new SM2Signer();
        signer.Init(forSigning: true, Random(pair.Private));
        signer.BlockUpdate(s_message, 0, s_message.Length);
        var signature = signer.GenerateSignature();
        var verifier = new SM2Signer();
        verifier.Init(forSigning: false, pair.Public);
        return () =>
        {
            verifier.BlockUpdate(s_message, 0, s_message.Length);
            verifier.VerifySignature(signature);
        };
    };

    public static Func<Action> Sm2Encrypt() => () =>
    {
        var engine = new SM2Engine();
        engine.Init(forEncryption: true, Random(NewPair().Public));
        return () => engine.ProcessBlock(s_message, 0, s_message.Length);
    };

    public static Func<Action> Sm2Decrypt() => () =>
    {
        var pair = NewPair();
        var engine = new SM2Engine();
        engine.Init(forEncryption: true, Random(pair.Public));
        var ciphertext = engine.ProcessBlock(s_message, 0, s_message.Length);
        engine.Init(forEncryption: false, pair.Private);
        return () => engine.ProcessBlock(ciphertext, 0, ciphertext.Length);
    };

    private static AsymmetricCipherKeyPair NewPair()
    {
        var curve = CustomNamedCurves.GetByName("sm2p256v1");
        var domain = new ECDomainParameters(curve.Curve, curve.G, curve.N, curve.H);
        var generator = new ECKeyPairGenerator();
        generator.Init(new ECKeyGenerationParameters(domain, new SecureRandom()));
        return generator.GenerateKeyPair();
    }

    private static ParametersWithRandom Random(AsymmetricKeyParameter key) => new(key, new SecureRandom());
}
