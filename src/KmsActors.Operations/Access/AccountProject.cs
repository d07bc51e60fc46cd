using System.Security.Cryptography;
using System.Text;

namespace KmsActors.Operations;

/// <summary>
/// An account's one IAM project in the region that this service is. Nobody has to create it: its id follows
/// from the two.
/// </summary>
public static class AccountProject
{
    private const int IdDigits = 32;

    /// <summary>The project's id: 32 lower-case hexadecimal digits.</summary>
    public static string IdOf(string region, string account)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"kmsactors/project/{region}/{account}"));
        return Convert.ToHexStringLower(hash)[..IdDigits];
    }
}
