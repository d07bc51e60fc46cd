using System.Security.Cryptography;
using System.Text;

namespace KmsActors.Protocols.Huawei;

/// <summary>
/// The IAM projects. An account has one a region, which nobody has to create: its id follows from the two.
/// </summary>
internal static class Projects
{
    private const int IdDigits = 32;

    /// <summary>The id of the account's project in the region: 32 digits, lower-case hexadecimal.</summary>
    public static string IdOf(string region, string account)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"kmsactors/project/{region}/{account}"));
        return Convert.ToHexStringLower(hash)[..IdDigits];
    }
}
