using System.Security.Cryptography;
using System.Text;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Operations;

/// <summary>A project as a caller names it: by id, by name, or by both. By neither it is the first.</summary>
public sealed record ProjectReference(string? Id, string? Name)
{
    /// <summary>The first project.</summary>
    public static ProjectReference First { get; } = new(null, null);
}

/// <summary>
/// An account's IAM projects in the region that this service is. The first is named like the region and nobody has
/// to create it: its id follows from the two. The operator can create more.
/// </summary>
public static class AccountProject
{
    private const int IdDigits = 32;

    /// <summary>The first project's id: 32 lower-case hexadecimal digits.</summary>
    public static string IdOf(string region, string account)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"kmsactors/project/{region}/{account}"));
        return Convert.ToHexStringLower(hash)[..IdDigits];
    }

    /// <summary>
    /// The id of a project in which calls are served, null for the first; or ProjectNotFound.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot answer.</exception>
    public static async ValueTask<Outcome<string?>> FindAsync(
        Kms kms, string account, ProjectReference project, CancellationToken cancellation)
    {
        var isFirst = (project.Id is null || project.Id == IdOf(kms.Region, account))
            && (project.Name is null || project.Name == kms.Region);
        if (isFirst) return (string?)null;
        var state = await kms.ReadAccountAsync(account, cancellation);
        var found = state?.Projects.FirstOrDefault(each =>
            (project.Id ?? each.Key) == each.Key && (project.Name ?? each.Value.Name) == each.Value.Name);
        return found is { Value.Enabled: true } ? found.Value.Key : new Refusal(RefusalCode.ProjectNotFound);
    }
}
