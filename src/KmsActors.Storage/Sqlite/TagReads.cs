using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using Microsoft.Data.Sqlite;

namespace KmsActors.Storage.Sqlite;

/// <summary>Reads by tag, in a snapshot that is the caller's.</summary>
internal sealed class TagReads(SqliteConnection connection) : IDisposable
{
    private readonly Statement _count = new(connection, TagQueries.Count);
    private readonly Statement _keys = new(connection, TagQueries.Keys);
    private readonly Statement _next = new(connection, TagQueries.Next);
    private readonly Statement _nextOfProjects = new(connection, TagQueries.NextOfProjects);

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

    /// <summary>The first tags of the account's keys in these projects.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Tags(string account, ProjectSet projects, int limit)
    {
        List<KeyValuePair<string, string>> tags = [];
        while (tags.Count < limit && Next(account, projects, tags) is { } tag) tags.Add(tag);
        return tags;
    }

    public void Dispose()
    {
        foreach (var statement in (Statement[])[_count, _keys, _next, _nextOfProjects]) statement.Dispose();
    }

    /// <summary>The tag after the last of these: past all keys that have it, as bytes come after numbers.</summary>
    private KeyValuePair<string, string>? Next(
        string account, ProjectSet projects, List<KeyValuePair<string, string>> tags)
    {
        object[] last = tags is [.., (var key, var value)] ? [key, value, Array.Empty<byte>()] : ["", "", -1L];
        using var rows = projects.IsAll
            ? _next.Read([account, .. last])
            : _nextOfProjects.Read([account, .. KeyQueries.Arguments(projects), .. last]);
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
