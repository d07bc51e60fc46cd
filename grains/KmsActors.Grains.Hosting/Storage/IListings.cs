namespace KmsActors.Grains.Hosting;

/// <summary>The queries behind the List operations. Each reads one committed snapshot, on an index.</summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
public interface IListings
{
    /// <summary>The account's keys in order of creation. A far page costs its offset.</summary>
    /// <param name="account">The account's number.</param>
    /// <param name="filter">
    /// Which of them. Tags cost a look at the keys that have them; all else but <see cref="KeyFilter.None"/> a
    /// look at all.
    /// </param>
    /// <param name="offset">How many to pass over, 0 or more.</param>
    /// <param name="limit">The most to return, 1 or more.</param>
    /// <param name="cancellation">Gives up.</param>
    ValueTask<Page<string>> KeysAsync(
        string account, KeyFilter filter, long offset, int limit, CancellationToken cancellation);

    /// <summary>
    /// The tags that keys of the account have, each once, by key and value in ordinal order.
    /// </summary>
    /// <param name="account">The account's number.</param>
    /// <param name="projects">
    /// The enterprise projects whose keys are looked at. All of them cost what there are tags; others may cost
    /// a look at every key that has one.
    /// </param>
    /// <param name="limit">The most to return, 1 or more.</param>
    /// <param name="cancellation">Gives up.</param>
    ValueTask<IReadOnlyList<KeyValuePair<string, string>>> TagsAsync(
        string account, ProjectSet projects, int limit, CancellationToken cancellation);

    /// <summary>The account's aliases in ordinal order of their UTF-8 bytes.</summary>
    ValueTask<Page<AliasRow>> AliasesAsync(string account, long offset, int limit, CancellationToken cancellation);

    /// <summary>The names of grains of one kind, in ordinal order of their UTF-8 bytes.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="account">The account in their ids; empty for accounts themselves.</param>
    /// <param name="which">Whether tombstones are among them.</param>
    /// <param name="after">Only those behind this name; empty for all.</param>
    /// <param name="limit">The most to return, 1 or more.</param>
    /// <param name="cancellation">Gives up.</param>
    ValueTask<IReadOnlyList<string>> NamesAsync(
        GrainKind kind, string account, Rows which, string after, int limit, CancellationToken cancellation);

    /// <summary>How many grains of each kind an account has; a kind it has none of may be left out.</summary>
    ValueTask<IReadOnlyDictionary<GrainKind, long>> CountsAsync(string account, CancellationToken cancellation);

    /// <summary>The aliases of one key, in the same order.</summary>
    ValueTask<Page<AliasRow>> AliasesOfKeyAsync(
        string account, string keyId, long offset, int limit, CancellationToken cancellation);
}

/// <summary>Which rows of grains.</summary>
public enum Rows
{
    /// <summary>Of those that exist.</summary>
    Existing,

    /// <summary>Tombstones too.</summary>
    All,
}

/// <summary>One page of a listing.</summary>
/// <param name="Items">The rows of this page.</param>
/// <param name="TotalCount">How many there are on all pages together.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, long TotalCount);

/// <summary>An alias in a listing.</summary>
/// <param name="Alias">The alias, without a protocol's prefix.</param>
/// <param name="KeyId">The CMK it stands for.</param>
public sealed record AliasRow(string Alias, string KeyId);

/// <summary>
/// Which keys a listing is to have: those that match in everything that is not null. An empty collection
/// matches no key.
/// </summary>
public sealed record KeyFilter
{
    /// <summary>All keys.</summary>
    public static KeyFilter None { get; } = new();

    /// <summary>In one of these states, as last committed.</summary>
    public IReadOnlyCollection<KeyState>? States { get; init; }

    /// <summary>Of one of these kinds.</summary>
    public IReadOnlyCollection<KeySpec>? Specs { get; init; }

    /// <summary>For one of these usages.</summary>
    public IReadOnlyCollection<KeyUsage>? Usages { get; init; }

    /// <summary>Protected in one of these ways.</summary>
    public IReadOnlyCollection<ProtectionLevel>? ProtectionLevels { get; init; }

    /// <summary>Of these enterprise projects; all of them ask nothing.</summary>
    public ProjectSet? EnterpriseProjects { get; init; }

    /// <summary>With an own name that has this text in it, by ordinal comparison.</summary>
    public string? AliasPart { get; init; }

    /// <summary>With a tag for each of these.</summary>
    public IReadOnlyCollection<TagCondition>? Tags { get; init; }
}

/// <summary>A tag that a key is to have.</summary>
/// <param name="Key">The tag's key.</param>
/// <param name="Values">Of which values it may have any; none means whatever it has.</param>
public sealed record TagCondition(string Key, IReadOnlyCollection<string> Values);
