using System.Security.Cryptography;
using KmsActors.Hsa.Pkcs11;

namespace KmsActors.Hsa;

/// <summary>
/// A key that stays in a token seals the root key. Nodes that start at once on an empty token may each make one, so
/// what is sealed says by which.
/// </summary>
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

    private protected override int ParametersSize => TokenBlob.RootIdSize;

    private protected override IMessageCipher MakeCipher(Span<byte> parameters)
    {
        token.MakeSealKey(KeyName).CopyTo(parameters);
        return OpenCipher(parameters);
    }

    // A token without the key has not sealed anything, and is not to have one made for that.
    private protected override IMessageCipher OpenCipher(ReadOnlySpan<byte> parameters) =>
        token.OpenSealKey(KeyName, parameters)
        ?? throw new CryptographicException("The token has not the key that seals.");
}
