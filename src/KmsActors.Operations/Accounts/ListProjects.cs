using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Lists the IAM projects of the context's account, the first one first, then by name.</summary>
public sealed record ListProjects : IOperation<IReadOnlyList<ListProjects.Project>>
{
    /// <summary>A project.</summary>
    /// <param name="Id">32 lower-case hexadecimal digits.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="IsFirst">Whether it is the one that nobody had to create.</param>
    /// <param name="Enabled">Whether calls are served in it.</param>
    /// <param name="CreatedAt">When it was created, UTC.</param>
    public sealed record Project(string Id, string Name, bool IsFirst, bool Enabled, DateTimeOffset CreatedAt);

    /// <inheritdoc/>
    public async ValueTask<Outcome<IReadOnlyList<Project>>> RunAsync(OperationContext context)
    {
        if (await context.ReadAccountAsync() is not { } account) return new Refusal(RefusalCode.AccountNotFound);
        var region = context.Kms.Region;
        var first = new Project(
            AccountProject.IdOf(region, context.Account), region, true, true, account.CreatedAt);
        var others = account.Projects
            .OrderBy(project => project.Value.Name, StringComparer.Ordinal)
            .Select(project => new Project(
                project.Key, project.Value.Name, false, project.Value.Enabled, project.Value.CreatedAt));
        return new List<Project> { first }.Concat(others).ToList();
    }
}
