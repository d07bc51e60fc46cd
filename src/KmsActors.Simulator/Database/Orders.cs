using KmsActors.Grains;

namespace KmsActors.Simulator;

/// <summary>The orders of PostgreSQL's indexes. Text is ordered by its UTF-8 bytes.</summary>
internal static class Orders
{
    /// <summary>Rows of one account and kind, by name.</summary>
    public static Comparer<GrainRow> ByName { get; } =
        Comparer<GrainRow>.Create((left, right) => Compare(left.Id.Name, right.Id.Name));

    /// <summary>Keys of one account, by their creation.</summary>
    public static Comparer<GrainRow> ByCreation { get; } = Comparer<GrainRow>.Create((left, right) =>
    {
        var byCreation = Key(left).CreatedAt.CompareTo(Key(right).CreatedAt);
        return byCreation != 0 ? byCreation : Compare(left.Id.Name, right.Id.Name);

        static KeyListing Key(GrainRow row) => (KeyListing)row.Listing!;
    });

    /// <summary>Aliases of one account, by the key they stand for.</summary>
    public static Comparer<GrainRow> ByKey { get; } = Comparer<GrainRow>.Create((left, right) =>
    {
        var byKey = Compare(KeyId(left), KeyId(right));
        return byKey != 0 ? byKey : Compare(left.Id.Name, right.Id.Name);

        static string KeyId(GrainRow row) => ((AliasListing)row.Listing!).KeyId;
    });

    /// <summary>Reminders, the earliest first.</summary>
    public static Comparer<ReminderRow> ByDueAt { get; } = Comparer<ReminderRow>.Create((left, right) =>
    {
        var byDueAt = left.DueAt.CompareTo(right.DueAt);
        if (byDueAt != 0) return byDueAt;
        var byId = Compare(left.Grain.Id, right.Grain.Id);
        return byId != 0 ? byId : left.Reminder.CompareTo(right.Reminder);
    });

    /// <summary>Tags by key, then value.</summary>
    public static Comparer<KeyValuePair<string, string>> ByTag { get; } =
        Comparer<KeyValuePair<string, string>>.Create((left, right) =>
        {
            var byKey = Compare(left.Key, right.Key);
            return byKey != 0 ? byKey : Compare(left.Value, right.Value);
        });

    /// <summary>By code points, which is the order of UTF-8 bytes.</summary>
    public static int Compare(string left, string right)
    {
        var same = left.AsSpan().CommonPrefixLength(right);
        if (same == left.Length || same == right.Length) return left.Length - right.Length;
        // Surrogates stand for code points past U+FFFF.
        var (l, r) = (left[same], right[same]);
        return char.IsSurrogate(l) == char.IsSurrogate(r) ? l - r : char.IsSurrogate(l) ? 1 : -1;
    }

    private static int Compare(GrainId left, GrainId right)
    {
        var byKind = left.Kind.CompareTo(right.Kind);
        if (byKind != 0) return byKind;
        var byAccount = Compare(left.Account, right.Account);
        return byAccount != 0 ? byAccount : Compare(left.Name, right.Name);
    }
}
