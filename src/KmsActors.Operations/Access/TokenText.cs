using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using KmsActors.Grains;
using KmsActors.Hsa;

namespace KmsActors.Operations;

/// <summary>
/// The form of a user's token: the account's number, a dot, and a secret of 32 random bytes in Base64 for
/// URLs. Nobody can find a token by what is stored of it, the secret's SHA-256.
/// </summary>
internal static class TokenText
{
    private const int SecretBytes = 32;
    private const int SecretLength = 43;
    private const int LongestAccount = 32;

    private static readonly SearchValues<char> SecretCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>A new token of the account, and where its grain is.</summary>
    public static (string Text, GrainId Id) New(IHsa hsa, string account)
    {
        Span<byte> random = stackalloc byte[SecretBytes];
        hsa.GenerateRandom(random);
        var secret = Base64Url.EncodeToString(random);
        CryptographicOperations.ZeroMemory(random);
        return ($"{account}.{secret}", IdOf(account, secret));
    }

    /// <summary>The grain of a token; null for what cannot be one.</summary>
    public static GrainId? IdOf(string token)
    {
        var dot = token.Length - SecretLength - 1;
        if (dot is < 1 or > LongestAccount || token[dot] != '.') return null;
        var secret = token.AsSpan(dot + 1);
        var account = token.AsSpan(0, dot);
        var isWellFormed = !secret.ContainsAnyExcept(SecretCharacters) && !account.ContainsAnyExceptInRange('!', '~');
        return isWellFormed ? IdOf(account.ToString(), secret) : null;
    }

    private static GrainId IdOf(string account, ReadOnlySpan<char> secret)
    {
        Span<byte> bytes = stackalloc byte[SecretLength];
        Encoding.ASCII.GetBytes(secret, bytes);
        var id = GrainId.OfAuthToken(account, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        CryptographicOperations.ZeroMemory(bytes);
        return id;
    }
}
