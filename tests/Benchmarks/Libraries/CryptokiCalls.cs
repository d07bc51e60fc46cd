using System.Security.Cryptography;
using KmsActors.Hsa.Pkcs11;
using KmsActors.Hsa.Pkcs11.Cryptoki;

namespace KmsActors.Benchmarks.Libraries;

/// <summary>
/// What a token is called for by one Encrypt of an AES key in it, and nothing else: the same calls with the same
/// templates, each thread on a session of its own, without a look at what they answer but for the last.
/// </summary>
internal static unsafe class CryptokiCalls
{
    private static readonly Template MessageKey = Templates.EncryptingMessage;

    // As one that was unwrapped.
    private static readonly Template Key = new Template()
        .With(ObjectClass.SecretKey)
        .With(TokenKeyType.Aes)
        .With(AttributeType.Token, false)
        .With(AttributeType.Private, true)
        .With(AttributeType.Sensitive, true)
        .With(AttributeType.Extractable, false)
        .With(AttributeType.ValueLen, 32)
        .With(AttributeType.Derive, true)
        .Allowing(MechanismType.AesEcbEncryptData);

    /// <summary>The message key derived, the message encrypted, the message key destroyed.</summary>
    /// <param name="library">Loaded already, and logged in to.</param>
    /// <param name="label">The token's.</param>
    /// <param name="bytes">Of the message.</param>
    public static Func<Action> Xaes(string library, string label, int bytes) => () =>
    {
        var module = Module.Load(library);
        var session = module.OpenSession(module.SlotsOf(label)[0]);
        var key = new Session(module, session, new TokenLife()).GenerateKey(MechanismType.AesKeyGen, Key);
        var derive = (delegate* unmanaged[Cdecl]<nuint, CkMechanism*, nuint, CkAttribute*, nuint, nuint*, nuint>)
            module[Function.DeriveKey];
        var encryptInit = (delegate* unmanaged[Cdecl]<nuint, CkMechanism*, nuint, nuint>)module[Function.EncryptInit];
        var encrypt = (delegate* unmanaged[Cdecl]<nuint, byte*, nuint, byte*, nuint*, nuint>)module[Function.Encrypt];
        var destroy = (delegate* unmanaged[Cdecl]<nuint, nuint, nuint>)module[Function.DestroyObject];
        var plaintext = Pinned(bytes);
        var sealedMessage = Pinned(bytes + 16);
        var blocks = Pinned(32);
        var iv = Pinned(12);
        var associated = Pinned(100);
        return () =>
        {
            fixed (byte* data = blocks, start = iv, header = associated, message = plaintext, output = sealedMessage)
            {
                var text = new CkStringData { Data = data, Length = 32 };
                var deriving = new CkMechanism(MechanismType.AesEcbEncryptData, &text, sizeof(CkStringData));
                nuint messageKey;
                derive(session, &deriving, key, MessageKey.Attributes, MessageKey.Count, &messageKey);
                var parameters = new CkGcmParameters
                {
                    Iv = start, IvLength = 12, IvBits = 96, AssociatedData = header, AssociatedDataLength = 100, TagBits = 128,
                };
                var gcm = new CkMechanism(MechanismType.AesGcm, &parameters, sizeof(CkGcmParameters));
                encryptInit(session, &gcm, messageKey);
                var length = (nuint)sealedMessage.Length;
                var answer = encrypt(session, message, (nuint)plaintext.Length, output, &length);
                destroy(session, messageKey);
                if (answer != 0 || length != (nuint)sealedMessage.Length) throw new CryptographicException("C_Encrypt");
            }
        };
    };

    private static byte[] Pinned(int length) => GC.AllocateArray<byte>(length, pinned: true);
}
