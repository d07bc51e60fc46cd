using KmsActors.Grains.Hosting;

namespace KmsActors.Storage;

/// <summary>What every filter has to look like, whatever the database.</summary>
internal static class FilterShape
{
    /// <summary>The most tags one may ask for.</summary>
    public const int MostTags = 10;

    /// <summary>The most values one may allow of a tag.</summary>
    public const int MostValues = 20;

    /// <summary>Checks it before anything is read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It asks for more tags or values than that.</exception>
    public static void Check(KeyFilter filter)
    {
        if (filter.Tags is not { } tags) return;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tags.Count, MostTags, nameof(filter));
        foreach (var tag in tags)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(tag.Values.Count, MostValues, nameof(filter));
        }
    }

    /// <summary>
    /// What conditions on tags ask together: of each tag its values, none for any. Null when no key can match.
    /// </summary>
    public static Dictionary<string, HashSet<string>>? Wanted(IReadOnlyCollection<TagCondition> conditions)
    {
        Dictionary<string, HashSet<string>> wanted = [];
        foreach (var (key, values) in conditions)
        {
            if (!wanted.TryGetValue(key, out var both) || both.Count == 0)
            {
                wanted[key] = [.. values];
            }
            else if (values.Count > 0)
            {
                both.IntersectWith(values);
                if (both.Count == 0) return null;
            }
        }

        return wanted.Count == 0 ? null : wanted;
    }
}
