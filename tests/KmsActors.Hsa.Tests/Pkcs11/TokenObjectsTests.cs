using KmsActors.Hsa.Pkcs11;
using KmsActors.Hsa.Pkcs11.Cryptoki;
using KmsActors.Testing.SoftHsm;

namespace KmsActors.Hsa.Tests.Pkcs11;

/// <summary>What is in the token, of all that was made there.</summary>
public sealed class TokenObjectsTests : IDisposable
{
    private const int FewKeys = TokenOptions.FewestOpenKeys;
    private const uint PrivateExponent = 0x123;
    private const MechanismType AesCbc = (MechanismType)0x1082;

    private readonly SoftHsmToken _softHsm = new();
    private readonly Token _token;
    private readonly Pkcs11Hsa _hsa;

    public TokenObjectsTests()
    {
        _token = Tokens.WithRootKey(Tokens.Open(_softHsm, FewKeys));
        _hsa = new Pkcs11Hsa(new SoftwareHsa(Fixtures.RootKey(1), rsaPairs: 1), _token);
    }

    public void Dispose()
    {
        _hsa.Dispose();
        _softHsm.Dispose();
    }

    [Fact]
    public async Task EveryObject_OfKeysOfAllTypesInUse_CanNeitherBeReadNorExtracted()
    {
        using IMessageCipher seal = Tokens.OpenSealKey(_token, "seal");
        using ISymmetricKey aes = Tokens.OpenNewKey(_hsa);
        Fixtures.Encrypt(aes, [1]);
        List<IKeyPair> pairs = [];
        foreach (KeyType type in new[] { KeyType.Rsa2048, KeyType.EcP256, KeyType.EcP256K })
            pairs.Add(Tokens.OpenNewPair(type, _hsa));
        foreach (IKeyPair pair in pairs.Skip(1))
            pair.Sign(SignatureAlgorithm.EcdsaSha256, new byte[32]);
        pairs[0].Sign(SignatureAlgorithm.RsaPssSha256, new byte[32]);
        Fixtures.TryDecrypt(pairs[0], EncryptionAlgorithm.OaepSha256, new byte[256]);
        await _hsa.TakeImportKeyPairAsync(
            Fixtures.Account, "token", ImportWrapping.OaepSha1, KeyProtection.Hsm, CancellationToken.None);

        using SessionPool.Lease lease = _token.Sessions.Take();
        Session session = lease.Session;
        nuint wrapping = session.GenerateKey(
            MechanismType.AesKeyGen,
            new Template().With(AttributeType.Token, false).With(AttributeType.ValueLen, 32).With(AttributeType.Wrap, true));
        nuint[] objects = [.. session.FindObjects(new Template(), 1000).Where(found => found != wrapping)];

        // Root key, seal key, AES, RSA once to sign and once to decrypt, two of EC; and nothing that was in passing.
        Assert.Equal(7, objects.Length);
        foreach (nuint found in objects)
        {
            Assert.Equal([1], session.GetAttribute(found, AttributeType.Sensitive));
            Assert.Equal([0], session.GetAttribute(found, AttributeType.Extractable));
            Assert.Equal([1], session.GetAttribute(found, AttributeType.Private));
            bool isSecret = session.GetAttribute(found, AttributeType.Class)[0] == (byte)ObjectClass.SecretKey;
            bool isRsa = session.GetAttribute(found, AttributeType.KeyType)[0] == (byte)TokenKeyType.Rsa;
            AttributeType value = isSecret || !isRsa ? AttributeType.Value : (AttributeType)PrivateExponent;
            Refuses(ReturnValue.CKR_ATTRIBUTE_SENSITIVE, session, s => s.GetAttribute(found, value));
            Refuses(
                ReturnValue.CKR_KEY_UNEXTRACTABLE, session, s => s.Wrap(MechanismType.AesKeyWrapPad, wrapping, found));
        }
    }

    [Fact]
    public void Keys_ForOtherThanTheirUse_AreRefusedByTheToken()
    {
        using ISymmetricKey aes = Tokens.OpenNewKey(_hsa);
        Fixtures.Encrypt(aes, [1]);
        using IKeyPair signing = Tokens.OpenNewPair(KeyType.Rsa2048, _hsa);
        signing.Sign(SignatureAlgorithm.RsaPssSha256, new byte[32]);
        using IKeyPair decrypting = Tokens.OpenNewPair(KeyType.Rsa2048, _hsa);
        Fixtures.TryDecrypt(decrypting, EncryptionAlgorithm.OaepSha1, new byte[256]);
        using IKeyPair ec = Tokens.OpenNewPair(KeyType.EcP256, _hsa);
        ec.Sign(SignatureAlgorithm.EcdsaSha256, new byte[32]);
        using IMessageCipher seal = Tokens.OpenSealKey(_token, "seal");

        using SessionPool.Lease lease = _token.Sessions.Take();
        Session session = lease.Session;
        nuint[] objects = session.FindObjects(new Template(), 1000);
        Assert.Equal(
            ["Decrypt", "Derive", "Encrypt Derive", "Sign", "Sign", "Wrap Unwrap"],
            objects.Select(found => UsesOf(session, found)).Order(StringComparer.Ordinal));
        foreach (nuint found in objects.Where(found => UsesOf(session, found) is "Derive" or "Wrap Unwrap"))
            Refuses(ReturnValue.CKR_KEY_FUNCTION_NOT_PERMITTED, session, s => Encrypt(s, found, MechanismType.AesEcb));

        // Nor for their use by another mechanism.
        nuint sealing = Assert.Single(objects, found => UsesOf(session, found) == "Encrypt Derive");
        Encrypt(session, sealing, MechanismType.AesEcb);
        Refuses(ReturnValue.CKR_MECHANISM_INVALID, session, s => Encrypt(s, sealing, AesCbc));
    }

    [Fact]
    public void TenThousandKeys_TokenOfBoundedSize_AllGoRound()
    {
        const int count = 10_000;
        byte[][] blobs = new byte[count][];
        ISymmetricKey[] keys = new ISymmetricKey[count];
        byte[][] envelopes = new byte[count][];
        for (int i = 0; i < count; i++)
        {
            blobs[i] = Tokens.Generate(KeyType.Aes256, _hsa);
            keys[i] = (ISymmetricKey)_hsa.OpenKey(Tokens.BindingOf(KeyType.Aes256), blobs[i]);
            envelopes[i] = Fixtures.Encrypt(keys[i], BitConverter.GetBytes(i));
            if (i % 1000 == 0)
                Assert.InRange(CountObjects(), 1, FewKeys + 1);
        }

        // All are open to their users, few in the token; each comes back when it is used.
        Assert.Equal(FewKeys, _token.OpenKeys.Count);
        Assert.Equal(FewKeys + 1, CountObjects());
        for (int i = 0; i < count; i++)
        {
            Assert.True(Fixtures.TryDecrypt(keys[i], envelopes[i], null, out byte[] opened));
            Assert.Equal(i, BitConverter.ToInt32(opened));
        }

        Assert.Equal(FewKeys + 1, CountObjects());
        foreach (ISymmetricKey key in keys)
            key.Dispose();
        Assert.Equal(0, _token.OpenKeys.Count);
        Assert.Equal(1, CountObjects());
    }

    [Fact]
    public void Keys_ManyThreadsMoreThanSessionsAndRoom_AreNeverMixedUp()
    {
        const int count = 200;
        ISymmetricKey[] keys = [.. Enumerable.Range(0, count).Select(_ => Tokens.OpenNewKey(_hsa))];
        byte[][] envelopes = [.. keys.Select((key, i) => Fixtures.Encrypt(key, BitConverter.GetBytes(i)))];
        Fixtures.OnThreads(SessionPool.Most + 8, thread =>
        {
            Random random = new(thread);
            for (int turn = 0; turn < 150; turn++)
            {
                int i = random.Next(count);
                Assert.True(Fixtures.TryDecrypt(keys[i], envelopes[i], null, out byte[] opened));
                Assert.Equal(i, BitConverter.ToInt32(opened));
                byte[] made = Fixtures.Encrypt(keys[i], opened);
                Assert.True(Fixtures.TryDecrypt(keys[i], made, null, out _));
                if (turn % 50 == 0)
                    Tokens.OpenNewKey(_hsa).Dispose();
            }
        });
        Assert.InRange(CountObjects(), 1, FewKeys + 1);
    }

    [Fact]
    public void Dispose_KeyInUseByThreads_EndsWithoutAnObjectLeft()
    {
        for (int round = 0; round < 20; round++)
        {
            ISymmetricKey key = Tokens.OpenNewKey(_hsa);
            Fixtures.OnThreads(4, thread =>
            {
                if (thread == 0)
                {
                    key.Dispose();
                    return;
                }

                try
                {
                    for (int i = 0; i < 100; i++)
                        Fixtures.Encrypt(key, [1]);
                }
                catch (ObjectDisposedException)
                {
                    // What is to be expected from then on.
                }
            });
        }

        Assert.Equal(1, CountObjects());
    }

    private int CountObjects()
    {
        using SessionPool.Lease lease = _token.Sessions.Take();
        return lease.Session.FindObjects(new Template(), 20_000).Length;
    }

    private static string UsesOf(Session session, nuint found)
    {
        bool isSecret = session.GetAttribute(found, AttributeType.Class)[0] == (byte)ObjectClass.SecretKey;
        AttributeType[] uses = isSecret
            ?
            [
                AttributeType.Encrypt, AttributeType.Decrypt, AttributeType.Sign, AttributeType.Verify, AttributeType.Wrap,
                AttributeType.Unwrap, AttributeType.Derive,
            ]
            :
            [
                AttributeType.Decrypt, AttributeType.Sign, AttributeType.SignRecover, AttributeType.Unwrap,
                AttributeType.Derive,
            ];
        return string.Join(' ', uses.Where(use => session.GetAttribute(found, use)[0] == 1));
    }

    private static unsafe void Encrypt(Session session, nuint key, MechanismType type)
    {
        byte* iv = stackalloc byte[16];
        int ivLength = type == AesCbc ? 16 : 0;
        session.Encrypt(new CkMechanism(type, ivLength == 0 ? null : iv, ivLength), key, new byte[16], new byte[16]);
    }

    private static void Refuses(ReturnValue expected, Session session, Action<Session> call) =>
        Assert.Equal(expected, Assert.Throws<CryptokiException>(() => call(session)).Value);
}
