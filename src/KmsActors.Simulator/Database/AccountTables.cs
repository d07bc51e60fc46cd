using KmsActors.Grains;

namespace KmsActors.Simulator;

/// <summary>The rows of one account, in the orders in which they are asked for.</summary>
internal sealed class AccountTables
{
    private readonly Dictionary<GrainKind, KindTable> _kinds = [];
    private readonly Dictionary<string, List<GrainRow>> _owned = [];

    /// <summary>Those listed as keys, by their creation.</summary>
    public SortedSet<GrainRow> Keys { get; } = new(Orders.ByCreation);

    /// <summary>Those listed as aliases, by name.</summary>
    public SortedSet<GrainRow> Aliases { get; } = new(Orders.ByName);

    /// <summary>The same, by the key they stand for.</summary>
    public SortedSet<GrainRow> AliasesByKey { get; } = new(Orders.ByKey);

    /// <summary>What there is or was of each kind.</summary>
    public IReadOnlyDictionary<GrainKind, KindTable> Kinds => _kinds;

    /// <summary>What there is of a kind.</summary>
    public KindTable Of(GrainKind kind)
    {
        if (!_kinds.TryGetValue(kind, out var table)) _kinds.Add(kind, table = new KindTable());
        return table;
    }

    /// <summary>What goes with a CMK.</summary>
    public IReadOnlyList<GrainRow> OwnedBy(string keyId) => _owned.GetValueOrDefault(keyId) ?? [];

    /// <summary>Adds a new row, which has no owner and is not listed yet.</summary>
    public void Add(GrainRow row) => Of(row.Id.Kind).Rows.Add(row);

    /// <summary>Removes a row from everywhere.</summary>
    public void Remove(GrainRow row)
    {
        Of(row.Id.Kind).Rows.Remove(row);
        SetOwner(row, null);
        SetListing(row, null);
    }

    /// <summary>Has a row go with another CMK, or with none.</summary>
    public void SetOwner(GrainRow row, string? owner)
    {
        if (row.Owner == owner) return;
        if (row.Owner is { } last)
        {
            var owned = _owned[last];
            owned.Remove(row);
            if (owned.Count == 0) _owned.Remove(last);
        }

        row.Owner = owner;
        if (owner is null) return;
        if (_owned.TryGetValue(owner, out var with)) with.Add(row);
        else _owned.Add(owner, [row]);
    }

    /// <summary>Lists a row so, or (null) no more.</summary>
    public void SetListing(GrainRow row, Listing? listing)
    {
        if (!IsMoved(row.Listing, listing))
        {
            row.Listing = listing;
            return;
        }

        if (row.Listing is KeyListing) Keys.Remove(row);
        if (row.Listing is AliasListing)
        {
            Aliases.Remove(row);
            AliasesByKey.Remove(row);
        }

        row.Listing = listing;
        if (listing is KeyListing) Keys.Add(row);
        if (listing is AliasListing)
        {
            Aliases.Add(row);
            AliasesByKey.Add(row);
        }
    }

    private static bool IsMoved(Listing? from, Listing? to) => (from, to) switch
    {
        (null, null) => false,
        (KeyListing left, KeyListing right) => left.CreatedAt != right.CreatedAt,
        (AliasListing left, AliasListing right) => left.KeyId != right.KeyId,
        _ => true,
    };
}

/// <summary>The rows of one account and kind.</summary>
internal sealed class KindTable
{
    /// <summary>How many of them exist, as commits have counted.</summary>
    public long Count { get; set; }

    /// <summary>All of them, tombstones too, by name.</summary>
    public SortedSet<GrainRow> Rows { get; } = new(Orders.ByName);
}
