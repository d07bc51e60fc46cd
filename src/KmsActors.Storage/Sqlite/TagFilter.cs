using System.Text.Json;
using KmsActors.Grains.Hosting;

namespace KmsActors.Storage.Sqlite;

/// <summary>What a filter asks of a key's tags, in the form that <see cref="TagQueries"/> take.</summary>
/// <param name="Wanted">Each tag once: its key, and its values as a JSON array or null for any.</param>
/// <param name="Json">All of them as a JSON object; the values of one for which any will do are empty.</param>
internal sealed record TagFilter(IReadOnlyList<(string Key, string? Values)> Wanted, string Json)
{
    /// <summary>Null when no key can match.</summary>
    public static TagFilter? Of(IReadOnlyCollection<TagCondition> conditions)
    {
        if (FilterShape.Wanted(conditions) is not { } wanted) return null;
        return new TagFilter(
            [.. wanted.Select(tag => (tag.Key, tag.Value.Count == 0 ? null : JsonSerializer.Serialize(tag.Value)))],
            JsonSerializer.Serialize(wanted));
    }
}
