using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>
/// Creates an IAM project of the context's account, with keys of its own. It tells the project's id.
/// </summary>
/// <param name="Name">The region's name, <c>_</c>, and 1 or more letters, digits, <c>-_</c>; 64 in all.</param>
public sealed record CreateProject(string Name) : IOperation<string>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<string>> RunAsync(OperationContext context)
    {
        var prefix = context.Kms.Region + "_";
        var isNamed = Name.StartsWith(prefix, StringComparison.Ordinal) && Name.Length > prefix.Length;
        if (!isNamed) return Refusal.Invalid(nameof(Name));
        var id = context.Kms.NewHexId();
        var created = await context.InAccountTurn(account => account.CreateProject(id, Name));
        return created.Refused(out var refusal) ? refusal : id;
    }
}
