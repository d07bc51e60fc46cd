using FsCheck.Xunit;

namespace KmsActors.Hsa.Tests;

/// <summary>Bytes that anybody may send never throw, and never pass.</summary>
public sealed class HostileBytesProperties
{
    private static readonly (KeyType Type, SignatureAlgorithm Algorithm)[] Signatures =
    [
        (KeyType.Rsa2048, SignatureAlgorithm.RsaPssSha256),
        (KeyType.Rsa2048, SignatureAlgorithm.RsaPkcs1Sha256),
        (KeyType.EcP256, SignatureAlgorithm.EcdsaSha256),
        (KeyType.EcP256K, SignatureAlgorithm.EcdsaSha256),
        (KeyType.EcSm2, SignatureAlgorithm.Sm2Dsa),
    ];

    private static readonly (KeyType Type, EncryptionAlgorithm Algorithm)[] Encryptions =
    [
        (KeyType.Rsa2048, EncryptionAlgorithm.OaepSha1),
        (KeyType.Rsa2048, EncryptionAlgorithm.OaepSha256),
        (KeyType.EcSm2, EncryptionAlgorithm.Sm2Pke),
    ];

    [Property]
    public bool Verify_AnyBytes_IsFalse(byte[] signature, byte fill) =>
        Signatures.All(one => !Fixtures.Pair(one.Type).Verify(
            one.Algorithm, Fixtures.Filled(32, fill), signature));

    [Property]
    public bool Verify_AnyNumbersInDer_IsFalse(byte[] r, byte[] s)
    {
        byte[] numbers = [2, (byte)(r.Length % 100), .. r.Take(100), 2, (byte)(s.Length % 100), .. s.Take(100)];
        byte[] signature = [0x30, (byte)numbers.Length, .. numbers];
        return Signatures.All(one => !Fixtures.Pair(one.Type).Verify(one.Algorithm, new byte[32], signature));
    }

    [Property]
    public bool Verify_GoodSignatureWithAnyBytesPut_IsFalse(int at, byte[] put, byte fill)
    {
        byte[] digest = Fixtures.Filled(32, fill);
        return Signatures.All(one =>
        {
            byte[] good = Fixtures.Pair(one.Type).Sign(one.Algorithm, digest);
            byte[] changed = Put(good, at, put);
            return good.AsSpan().SequenceEqual(changed)
                == Fixtures.Pair(one.Type).Verify(one.Algorithm, digest, changed);
        });
    }

    [Property]
    public bool TryDecrypt_AnyBytes_IsNull(byte[] ciphertext, byte fill) =>
        Encryptions.All(one =>
            Fixtures.Pair(one.Type).TryDecrypt(one.Algorithm, ciphertext) is null
            && Fixtures.Pair(one.Type).TryDecrypt(
                one.Algorithm, Put(Fixtures.Filled(256, fill), fill, ciphertext)) is null
            && Fixtures.Pair(one.Type).TryDecrypt(one.Algorithm, [4, .. ciphertext, .. new byte[97]]) is null);

    [Property]
    public bool TryDecrypt_GoodCiphertextWithAnyBytesPut_IsNull(int at, byte[] put)
    {
        return Encryptions.All(one =>
        {
            byte[] good = Fixtures.Pair(one.Type).Encrypt(one.Algorithm, [1, 2, 3]);
            byte[] changed = Put(good, at, put);
            return good.AsSpan().SequenceEqual(changed)
                == Fixtures.TryDecrypt(Fixtures.Pair(one.Type), one.Algorithm, changed) is not null;
        });
    }

    [Property]
    public bool EncryptFor_AnyBytes_IsNull(byte[] publicKey) =>
        Encryptions.All(one =>
            Fixtures.Hsa.EncryptFor(one.Type, one.Algorithm, publicKey, [1]) is null
            && Fixtures.Hsa.EncryptFor(
                one.Type, one.Algorithm, [0x30, (byte)(publicKey.Length & 0x7F), .. publicKey], [1]) is null);

    // Another modulus is as good as any; all that is asked is that nothing throws.
    [Property]
    public void EncryptFor_GoodKeyWithAnyBytesPut_Returns(int at, byte[] put)
    {
        foreach ((KeyType type, EncryptionAlgorithm algorithm) in Encryptions)
            Fixtures.Hsa.EncryptFor(type, algorithm, Put(Fixtures.Pair(type).PublicKey, at, put), [1]);
    }

    [Property]
    public bool TryReadHeader_AnyBytesAfterAGoodStart_IsFalse(byte[] bytes, bool sm4) =>
        !Envelope.TryReadHeader(bytes, Fixtures.Account, out _)
        && !Envelope.TryReadHeader(
            [.. "KMSA\x01"u8, (byte)(sm4 ? 2 : 1), 0, 0, .. bytes, .. new byte[140]], Fixtures.Account, out _);

    private static byte[] Put(byte[] into, int at, byte[] put)
    {
        byte[] changed = [.. into];
        for (int i = 0; i < put.Length; i++)
            changed[((at & 0xFFFF) + i) % into.Length] = put[i];
        return changed;
    }
}
