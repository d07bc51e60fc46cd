using System.Security.Cryptography;
using System.Text;

namespace KmsActors.Protocols.Huawei;

/// <summary>
/// An account has one project, that of the region, which is named like it (seed 003, 1.5). Its id follows
/// from the account, so that there is nothing to store and nothing to look up.
/// </summary>
internal static class Projects
{
    private const int IdLength = 32;

    /// <summary>The id of the account's project: 32 digits in lower case.</summary>
    public static string IdOf(string region, string account) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"kmsactors/project/{region}/{account}")))[..IdLength];
}
