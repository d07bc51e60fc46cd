using System.Security.Cryptography;
using System.Text;
using KmsActors.Grains;

namespace KmsActors.Simulator;

/// <summary>What somebody calls with: an access key of the account or of one of its users, or a user's token.</summary>
/// <param name="AccessKeyId">The access key; null for a token.</param>
/// <param name="User">In whose name; null for the account itself.</param>
/// <param name="Token">The token; null for an access key.</param>
internal sealed record Credential(string? AccessKeyId, string? User = null, string? Token = null)
{
    /// <summary>The grain of the token, which is named by a hash of its secret; null for an access key.</summary>
    public GrainId? TokenId { get; } = Token is null ? null : IdOf(Token);

    /// <inheritdoc/>
    public override string ToString() => AccessKeyId ?? $"a token of {User}";

    private static GrainId IdOf(string token)
    {
        var dot = token.IndexOf('.', StringComparison.Ordinal);
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes(token[(dot + 1)..]));
        return GrainId.OfAuthToken(token[..dot], Convert.ToHexStringLower(hash));
    }
}
