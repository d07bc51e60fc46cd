using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Simulator;

/// <summary>The queries of <see cref="IListings"/>. None looks at another account's rows.</summary>
internal sealed class SimulatedListings(IReadOnlyDictionary<string, AccountTables> accounts)
{
    private const int MostTags = 10;
    private const int MostValues = 20;

    private static readonly AccountTables s_none = new();

    /// <inheritdoc cref="IListings.KeysAsync"/>
    public Page<string> Keys(string account, KeyFilter filter, long offset, int limit)
    {
        CheckPage(offset, limit);
        Check(filter);
        var tables = Of(account);
        var keys = tables.Keys.AsEnumerable();
        var total = Count(tables, GrainKind.Cmk);
        if (filter.EnterpriseProjects is { IsAll: true }) filter = filter with { EnterpriseProjects = null };
        if (filter != KeyFilter.None)
        {
            var matches = keys.Where(row => Matches(filter, (KeyListing)row.Listing!)).ToList();
            (keys, total) = (matches, matches.Count);
        }

        return new Page<string>([.. PageOf(keys, offset, limit).Select(row => row.Id.Name)], total);
    }

    /// <inheritdoc cref="IListings.TagsAsync"/>
    /// <remarks>It looks at every key of the account.</remarks>
    public IReadOnlyList<KeyValuePair<string, string>> Tags(string account, ProjectSet projects, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        SortedSet<KeyValuePair<string, string>> tags = new(Orders.ByTag);
        foreach (var row in Of(account).Keys)
        {
            var key = (KeyListing)row.Listing!;
            if (projects.Contains(key.EnterpriseProject)) tags.UnionWith(key.Tags);
        }

        return [.. tags.Take(limit)];
    }

    /// <inheritdoc cref="IListings.AliasesAsync"/>
    public Page<AliasRow> Aliases(string account, long offset, int limit)
    {
        CheckPage(offset, limit);
        var tables = Of(account);
        return AliasPage(tables.Aliases, offset, limit, Count(tables, GrainKind.Alias));
    }

    /// <inheritdoc cref="IListings.AliasesOfKeyAsync"/>
    public Page<AliasRow> AliasesOfKey(string account, string keyId, long offset, int limit)
    {
        CheckPage(offset, limit);
        var first = new GrainRow(GrainId.OfAlias(account, ""), new StoredGrain(0, []))
        {
            Listing = new AliasListing(keyId),
        };
        var aliases = From(Of(account).AliasesByKey, first)
            .TakeWhile(row => ((AliasListing)row.Listing!).KeyId == keyId).ToList();
        return AliasPage(aliases, offset, limit, aliases.Count);
    }

    /// <inheritdoc cref="IListings.NamesAsync"/>
    public IReadOnlyList<string> Names(GrainKind kind, string account, Rows which, string after, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        if (!Of(account).Kinds.TryGetValue(kind, out var table)) return [];
        var last = new GrainRow(new GrainId(kind, account, after), new StoredGrain(0, []));
        return
        [
            .. From(table.Rows, last).Where(row => (row.Exists || which == Rows.All) && row.Id.Name != after)
                .Take(limit).Select(row => row.Id.Name),
        ];
    }

    /// <inheritdoc cref="IListings.CountsAsync"/>
    public IReadOnlyDictionary<GrainKind, long> Counts(string account) =>
        Of(account).Kinds.ToDictionary(kind => kind.Key, kind => kind.Value.Count);

    private static Page<AliasRow> AliasPage(IEnumerable<GrainRow> rows, long offset, int limit, long total) => new(
        [
            .. PageOf(rows, offset, limit)
                .Select(row => new AliasRow(row.Id.Name, ((AliasListing)row.Listing!).KeyId)),
        ],
        total);

    private static long Count(AccountTables tables, GrainKind kind) =>
        tables.Kinds.TryGetValue(kind, out var table) ? table.Count : 0;

    private static IEnumerable<GrainRow> PageOf(IEnumerable<GrainRow> rows, long offset, int limit) =>
        rows.Skip((int)Math.Min(offset, int.MaxValue)).Take(limit);

    private static SortedSet<GrainRow> From(SortedSet<GrainRow> rows, GrainRow first) =>
        rows.Max is { } last && rows.Comparer.Compare(first, last) <= 0
            ? rows.GetViewBetween(first, last)
            : s_none.Keys;

    private static bool Matches(KeyFilter filter, KeyListing key) =>
        filter.States?.Contains(key.KeyState) != false
        && filter.Specs?.Contains(key.Spec) != false
        && filter.Usages?.Contains(key.Usage) != false
        && filter.ProtectionLevels?.Contains(key.ProtectionLevel) != false
        && filter.EnterpriseProjects?.Contains(key.EnterpriseProject) != false
        && (filter.AliasPart is null || key.Alias.Contains(filter.AliasPart, StringComparison.Ordinal))
        && (filter.Tags is null || (filter.Tags.Count > 0 && filter.Tags.All(tag => Has(key, tag))));

    private static bool Has(KeyListing key, TagCondition tag) =>
        key.Tags.TryGetValue(tag.Key, out var value) && (tag.Values.Count == 0 || tag.Values.Contains(value));

    private static void CheckPage(long offset, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
    }

    private static void Check(KeyFilter filter)
    {
        if (filter.Tags is not { } tags) return;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tags.Count, MostTags, nameof(filter));
        foreach (var tag in tags)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(tag.Values.Count, MostValues, nameof(filter));
        }
    }

    private AccountTables Of(string account) => accounts.GetValueOrDefault(account) ?? s_none;
}
