using KmsActors.Operations;

namespace KmsActors.Protocols.Huawei;

/// <summary>The IAM projects: each account has one, which is named like the region.</summary>
internal static class Projects
{
    /// <summary>The id of the account's project in the region: 32 lower-case hexadecimal digits.</summary>
    public static string IdOf(string region, string account) => AccountProject.IdOf(region, account);
}
