using KmsActors.Hsa.Pkcs11;

namespace KmsActors.Hsa;

/// <summary>A key that stays in a token seals the root key.</summary>
/// <param name="token">The token, which is not this one's to close.</param>
public sealed class TokenCustody(Token token) : RootKeyCustody
{
    private const string KeyName = "seal";

    /// <inheritdoc/>
    public override string Name => "a token";

    /// <inheritdoc/>
    public override void Dispose()
    {
        // The key stays where it is.
    }

    private protected override How Mark => How.Token;

    private protected override IMessageCipher MakeCipher(Span<byte> parameters) => token.OpenSealKey(KeyName);

    // A token without the key has not sealed anything, and is not to have one made for that.
    private protected override IMessageCipher OpenCipher(ReadOnlySpan<byte> parameters) => token.HasSealKey(KeyName)
        ? token.OpenSealKey(KeyName)
        : throw new System.Security.Cryptography.CryptographicException("The token has no key that seals.");
}
