using System.Text.Json;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Protocols.Aliyun;

/// <summary>
/// The JSON of ListKeys' Filters: <c>[{"Key":"KeyState","Values":["Enabled"]}]</c>, up to 10 entries of up
/// to 10 values. Different Keys must all match; of the values of one Key, wherever they stand, any. A Key
/// without values says nothing.
/// </summary>
internal static class KeyFilterText
{
    /// <summary>The most characters of the JSON.</summary>
    public const int LongestJson = 8 * 1024;

    private const int MostEntries = 10;
    private const int MostValues = 10;

    // The array, its entries, their values.
    private const int Depth = 3;

    private static readonly (string Word, bool Meaning)[] Creators = [("User", true), ("Service", false)];

    /// <summary>The filter, or null for whatever is none.</summary>
    public static KeyFilter? Parse(string json)
    {
        var states = new HashSet<KeyState>();
        var specs = new HashSet<KeySpec>();
        var usages = new HashSet<KeyUsage>();
        var levels = new HashSet<ProtectionLevel>();
        var creators = new HashSet<bool>();
        var good = JsonArrayText.TryRead(json, Depth, 0, MostEntries, entry =>
            JsonArrayText.IsObject(entry, 2)
            && entry.TryGetProperty("Values", out var values)
            && JsonArrayText.String(entry, "Key") switch
            {
                "KeyState" => AddAll(values, KeySpecText.States, states),
                "KeySpec" => AddAll(values, KeySpecText.Specs, specs),
                "KeyUsage" => AddAll(values, KeySpecText.Usages, usages),
                "ProtectionLevel" => AddAll(values, KeySpecText.ProtectionLevels, levels),
                "CreatorType" => AddAll(values, Creators, creators),
                _ => false,
            });
        if (!good) return null;

        // All keys are their users'; those that a cloud's other services make do not exist here.
        var isOfNobody = creators.Count > 0 && !creators.Contains(true);
        return new KeyFilter
        {
            States = isOfNobody ? [] : NullIfEmpty(states),
            Specs = NullIfEmpty(specs),
            Usages = NullIfEmpty(usages),
            ProtectionLevels = NullIfEmpty(levels),
        };
    }

    private static HashSet<T>? NullIfEmpty<T>(HashSet<T> values) => values.Count == 0 ? null : values;

    private static bool AddAll<T>(JsonElement values, (string Word, T Meaning)[] words, HashSet<T> chosen)
    {
        if (values.ValueKind != JsonValueKind.Array || values.GetArrayLength() > MostValues) return false;
        foreach (var value in values.EnumerateArray())
        {
            if (value.ValueKind != JsonValueKind.String) return false;
            var word = value.GetString();
            var place = Array.FindIndex(words, each => each.Word == word);
            if (place < 0) return false;
            chosen.Add(words[place].Meaning);
        }

        return true;
    }
}
