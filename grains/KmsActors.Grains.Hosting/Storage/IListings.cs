namespace KmsActors.Grains.Hosting;

/// <summary>The queries behind the List operations. Each reads one committed snapshot, on an index.</summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
public interface IListings
{
    /// <summary>The account's keys in order of creation. A far page costs its offset.</summary>
    /// <param name="account">The account's number.</param>
    /// <param name="filter">Which of them; anything but <see cref="KeyFilter.None"/> costs a look at all.</param>
    /// <param name="offset">How many to pass over, 0 or more.</param>
    /// <param name="limit">The most to return, 1 or more.</param>
    /// <param name="cancellation">Gives up.</param>
    ValueTask<Page<string>> KeysAsync(
        string account, KeyFilter filter, long offset, int limit, CancellationToken cancellation);

    /// <summary>The account's aliases in ordinal order of their UTF-8 bytes.</summary>
    ValueTask<Page<AliasRow>> AliasesAsync(string account, long offset, int limit, CancellationToken cancellation);

    /// <summary>The aliases of one key, in the same order.</summary>
    ValueTask<Page<AliasRow>> AliasesOfKeyAsync(
        string account, string keyId, long offset, int limit, CancellationToken cancellation);
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
}
