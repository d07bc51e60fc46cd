using KmsActors.Hsa.Pkcs11;
using KmsActors.Testing.SoftHsm;
using Microsoft.Extensions.Logging.Abstractions;

namespace KmsActors.Hsa.Tests.Pkcs11;

/// <summary>One token for most tests, and new ones for those that need their own.</summary>
internal static class Tokens
{
    private static readonly SoftHsmToken SoftHsm = new();

    public static readonly Token Token = WithRootKey(Open(SoftHsm));

    public static readonly Pkcs11Hsa Hsa = new(new SoftwareHsa(Fixtures.RootKey(1), rsaPairs: 1), Token);

    public static Token Open(SoftHsmToken token, int mostOpenKeys = 1000, TimeProvider? time = null) =>
        Token.Open(
            new TokenOptions { Library = token.Library, Label = token.Label, MostOpenKeys = mostOpenKeys },
            System.Text.Encoding.UTF8.GetBytes(SoftHsmToken.Pin),
            time ?? TimeProvider.System,
            NullLogger.Instance);

    public static Token WithRootKey(Token token)
    {
        token.MakeRootKey(1);
        return token;
    }

    public static IMessageCipher OpenSealKey(Token token, string name) =>
        token.OpenSealKey(name, token.MakeSealKey(name))!;

    public static KeyBinding BindingOf(KeyType type) =>
        Fixtures.BindingOf(type) with { Protection = KeyProtection.Hsm };

    public static byte[] Generate(KeyType type, Pkcs11Hsa? hsa = null) =>
        (hsa ?? Hsa).GenerateKeyAsync(BindingOf(type), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    public static ISymmetricKey OpenNewKey(Pkcs11Hsa? hsa = null) =>
        (ISymmetricKey)(hsa ?? Hsa).OpenKey(BindingOf(KeyType.Aes256), Generate(KeyType.Aes256, hsa));

    public static IKeyPair OpenNewPair(KeyType type, Pkcs11Hsa? hsa = null) =>
        (IKeyPair)(hsa ?? Hsa).OpenKey(BindingOf(type), Generate(type, hsa));

    public static TokenBlob MakeBlob(KeyType type, uint rootVersion)
    {
        using TokenKeyMaker maker = new(Token);
        return maker.GenerateAsync(type, rootVersion, CancellationToken.None).AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Something that is the same for the same key: a message by it, or that its public key verifies.</summary>
    public static byte[] UseOf(KeyType type, TokenBlob blob)
    {
        if (type != KeyType.Aes256)
        {
            using TokenEcKeyPair pair = new(type, Token, blob);
            byte[] signature = pair.Sign(SignatureAlgorithm.EcdsaSha256, new byte[32]);
            return [pair.Verify(SignatureAlgorithm.EcdsaSha256, new byte[32], signature) ? (byte)1 : (byte)0];
        }

        using TokenCipher cipher = new(new TokenKey(Token, blob, Templates.Aes), blob.Open);
        byte[] ciphertext = new byte[10];
        cipher.Encrypt(new byte[24], new byte[10], ciphertext, new byte[16], []);
        return ciphertext;
    }
}
