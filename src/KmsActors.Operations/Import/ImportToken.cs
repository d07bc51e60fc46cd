using System.Security.Cryptography;
using KmsActors.Hsa;

namespace KmsActors.Operations;

/// <summary>
/// The form of an import token: random bytes, of which the first name the grain and the rest cannot be
/// guessed. Long enough for the longest minimum among the protocols (Huawei: 200 Base64 characters).
/// </summary>
internal static class ImportToken
{
    /// <summary>A token's length in bytes.</summary>
    public const int Length = 160;

    private const int NameLength = 16;

    public static byte[] New(IHsa hsa)
    {
        var token = new byte[Length];
        hsa.GenerateRandom(token);
        return token;
    }

    /// <summary>The grain's name.</summary>
    public static string NameOf(ReadOnlySpan<byte> token) => Convert.ToHexStringLower(token[..NameLength]);

    /// <summary>What is stored of the token.</summary>
    public static byte[] HashOf(ReadOnlySpan<byte> token) => SHA256.HashData(token);
}
