using KmsActors.Grains.Hosting;
using Microsoft.Data.Sqlite;

namespace KmsActors.Storage.Sqlite;

/// <summary>Reads by tag, in a snapshot that is the caller's.</summary>
internal sealed class TagReads(SqliteConnection connection) : IDisposable
{
    private readonly Statement _count = new(connection, TagQueries.Count);
    private readonly Statement _keys = new(connection, TagQueries.Keys);
    private readonly Statement _next = new(connection, TagQueries.Next);

    /// <summary>A page of the keys that match the filter, whose tags are these.</summary>
    public Page<string> Keys(
        string account, KeyFilter filter, IReadOnlyCollection<TagCondition> conditions, long offset, int limit)
    {
        if (TagFilter.Of(conditions) is not { } tags) return new Page<string>([], 0);
        var (key, values) = Rarest(account, tags.Wanted);
        using var rows = _keys.Read(
            [.. KeyQueries.Arguments(account, filter), key, values, (long)tags.Wanted.Count, tags.Json]);
        // Counted here, because to find them again for a page costs more than to sort them all.
        List<string> page = [];
        var total = 0L;
        for (; rows.Read(); total++)
        {
            if (total >= offset && page.Count < limit) page.Add(rows.GetString(0));
        }

        return new Page<string>(page, total);
    }

    /// <summary>The account's first tags.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Tags(string account, int limit)
    {
        List<KeyValuePair<string, string>> tags = [];
        while (tags.Count < limit && Next(account, tags) is { } tag) tags.Add(tag);
        return tags;
    }

    public void Dispose()
    {
        foreach (var statement in (Statement[])[_count, _keys, _next]) statement.Dispose();
    }

    /// <summary>The tag after the last of these: past all keys that have it, as bytes are greater than text.</summary>
    private KeyValuePair<string, string>? Next(string account, List<KeyValuePair<string, string>> tags)
    {
        using var rows = tags is [.., (var key, var value)]
            ? _next.Read(account, key, value, Array.Empty<byte>())
            : _next.Read(account, "", "", "");
        return rows.Read() ? new(rows.GetString(0), rows.GetString(1)) : null;
    }

    /// <summary>
    /// The tag that the fewest keys have. None is counted much further than that one: the bound grows until
    /// one of them stays below it.
    /// </summary>
    private (string Key, string? Values) Rarest(string account, IReadOnlyList<(string Key, string? Values)> wanted)
    {
        if (wanted.Count == 1) return wanted[0];
        for (var bound = 100L; ; bound *= 10)
        {
            var (count, tag) = wanted
                .Select(tag => (Count: _count.Number(account, tag.Key, tag.Values, bound)!.Value, tag))
                .MinBy(counted => counted.Count);
            if (count < bound) return tag;
        }
    }
}
