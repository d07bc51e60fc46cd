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
}
