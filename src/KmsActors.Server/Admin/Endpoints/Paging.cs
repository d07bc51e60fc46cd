using KmsActors.Operations;

namespace KmsActors.Server;

/// <summary>Lists by name, a page at a time.</summary>
internal static class Paging
{
    /// <summary>How many a page has unless the call says it.</summary>
    public const int Default = 100;

    private const int Most = 1000;
    private const int LongestName = 128;

    /// <summary>Answers with a page.</summary>
    public static async Task<IResult> ListAsync<TState, TBody>(
        this AdminCall call,
        string? after,
        int limit,
        Func<(string After, int Limit), IOperation<IReadOnlyList<KeyValuePair<string, TState>>>> operation,
        Func<string, TState, TBody> body)
    {
        if (limit is < 1 or > Most) return call.Refuse(AdminErrors.Invalid("limit"));
        if (after?.Length > LongestName) return call.Refuse(AdminErrors.Invalid("after"));
        // One more than are shown says whether there are more.
        return await call.AnswerAsync(operation((after ?? "", limit + 1)), listed => new ListBody<TBody>(
            listed.Take(limit).Select(each => body(each.Key, each.Value)).ToList(),
            listed.Count > limit ? listed[limit - 1].Key : null));
    }
}
