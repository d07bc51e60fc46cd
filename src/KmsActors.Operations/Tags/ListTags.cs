using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Lists the tags that the account's CMKs have, each once, in ordinal order (seed 003, 4.1.24).</summary>
public sealed record ListTags : IOperation<ListTags.Result>
{
    /// <summary>The most that are listed.</summary>
    public const int Most = 10_000;

    /// <summary>The tags.</summary>
    /// <param name="Tags">Key and value.</param>
    public sealed record Result(IReadOnlyList<KeyValuePair<string, string>> Tags);

    /// <inheritdoc/>
    public async ValueTask<Outcome<Result>> RunAsync(OperationContext context)
    {
        if (context.Rights.ForbidsKeyless() is { } refusal) return refusal;
        var projects = context.Rights.Projects;
        return new Result(await context.Kms.Listings.TagsAsync(context.Owner, projects, Most, context.Cancellation));
    }
}
