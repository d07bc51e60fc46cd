using System.Security.Cryptography;

namespace KmsActors.Benchmarks.Libraries;

/// <summary>What .NET, which is OpenSSL, has of a server's algorithms: calls for one thread each.</summary>
internal sealed class DotNetCalls : IDisposable
{
    private static readonly byte[] s_digest = RandomNumberGenerator.GetBytes(32);

    // Kept to be disposed of; the keys of RSA also for their being slow to make.
    private readonly List<IDisposable> _made = [];
    private readonly Dictionary<int, byte[]> _rsaKeys = [];

    /// <summary>AES-256-GCM with a random nonce.</summary>
    public Func<Action> AesGcm(int bytes) => () =>
    {
        var gcm = Keep(new AesGcm(RandomNumberGenerator.GetBytes(32), 16));
        var (nonce, tag) = (new byte[12], new byte[16]);
        var (plaintext, ciphertext) = (new byte[bytes], new byte[bytes]);
        return () =>
        {
            RandomNumberGenerator.Fill(nonce);
            gcm.Encrypt(nonce, plaintext, ciphertext, tag);
        };
    };

    public Func<Action> RsaSign(int bits, RSASignaturePadding padding) => () =>
    {
        var rsa = Rsa(bits);
        return () => rsa.SignHash(s_digest, HashAlgorithmName.SHA256, padding);
    };

    public Func<Action> RsaVerify(int bits, RSASignaturePadding padding) => () =>
    {
        var rsa = Rsa(bits);
        var signature = rsa.SignHash(s_digest, HashAlgorithmName.SHA256, padding);
        return () => rsa.VerifyHash(s_digest, signature, HashAlgorithmName.SHA256, padding);
    };

    public Func<Action> RsaDecrypt(int bits, RSAEncryptionPadding padding) => () =>
    {
        var rsa = Rsa(bits);
        var ciphertext = rsa.Encrypt(s_digest, padding);
        return () => rsa.Decrypt(ciphertext, padding);
    };

    /// <summary>Writes a public key, which is at hand in DER, in PEM.</summary>
    public Func<Action> RsaPublicKey(int bits) => () =>
    {
        var publicKey = Rsa(bits).ExportSubjectPublicKeyInfo();
        return () => PemEncoding.WriteString("PUBLIC KEY", publicKey);
    };

    public Func<Action> EcdsaSign(ECCurve curve) => () =>
    {
        var ecdsa = Keep(ECDsa.Create(curve));
        return () => ecdsa.SignHash(s_digest, DSASignatureFormat.Rfc3279DerSequence);
    };

    public Func<Action> EcdsaVerify(ECCurve curve) => () =>
    {
        var ecdsa = Keep(ECDsa.Create(curve));
        var signature = ecdsa.SignHash(s_digest, DSASignatureFormat.Rfc3279DerSequence);
        return () => ecdsa.VerifyHash(s_digest, signature, DSASignatureFormat.Rfc3279DerSequence);
    };

    public void Dispose() => _made.ForEach(each => each.Dispose());

    private RSA Rsa(int bits)
    {
        if (!_rsaKeys.TryGetValue(bits, out var key))
        {
            using var made = RSA.Create(bits);
            _rsaKeys[bits] = key = made.ExportPkcs8PrivateKey();
        }

        var rsa = Keep(RSA.Create());
        rsa.ImportPkcs8PrivateKey(key, out _);
        return rsa;
    }

    private T Keep<T>(T made)
        where T : IDisposable
    {
        _made.Add(made);
        return made;
    }
}
