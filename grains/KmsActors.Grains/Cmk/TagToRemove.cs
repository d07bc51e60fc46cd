using System.Collections.Immutable;

namespace KmsActors.Grains;

/// <summary>A tag that a key is to lose.</summary>
/// <param name="Key">Its key.</param>
public readonly record struct TagToRemove(string Key)
{
    /// <summary>The value without which it may stay; null for any.</summary>
    public string? Value { get; init; }

    /// <summary>Of any value.</summary>
    public static implicit operator TagToRemove(string key) => new(key);

    /// <summary>Whether these tags have it.</summary>
    internal bool IsOf(ImmutableSortedDictionary<string, string> tags) =>
        tags.TryGetValue(Key, out var value) && (Value ?? value) == value;
}
