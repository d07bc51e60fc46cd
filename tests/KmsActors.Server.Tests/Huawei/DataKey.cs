using System.Security.Cryptography;

namespace KmsActors.Server.Tests.Huawei;

/// <summary>Data keys as they are written.</summary>
internal static class DataKey
{
    /// <summary>With its SHA-256 behind it, in hexadecimal.</summary>
    public static string Hashed(byte[] dataKey) => Convert.ToHexString([.. dataKey, .. SHA256.HashData(dataKey)]);

    /// <summary>The hash alone.</summary>
    public static string HashOf(string hex) =>
        Convert.ToHexString(SHA256.HashData(Convert.FromHexString(hex)));
}
