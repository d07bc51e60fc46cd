using KmsActors.Grains;

namespace KmsActors.Grains.Hosting;

/// <summary>
/// The versions of the root key, and what needs which. A version that was removed is needed by nothing and never will
/// be: a commit that would need it is a <see cref="CommitStatus.Conflict"/>.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
public interface IRootKeyTable
{
    /// <summary>All versions, oldest first.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot answer now.</exception>
    ValueTask<IReadOnlyList<StoredRootKey>> RootKeysAsync(CancellationToken cancellation);

    /// <summary>Adds a version; false when there is one of this number, which stays as it is.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot answer now; it may have been added.</exception>
    ValueTask<bool> AddRootKeyAsync(long version, byte[] sealedKey, CancellationToken cancellation);

    /// <summary>
    /// Seals versions anew, all or none: false when they are not just those that there are, or one is sealed otherwise
    /// by now.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot answer now; it may have been done.</exception>
    ValueTask<bool> ResealRootKeysAsync(IReadOnlyList<ResealedRootKey> keys, CancellationToken cancellation);

    /// <summary>
    /// Removes all versions before one that there is, unless a grain needs one of them: then false, and nothing is
    /// done.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot answer now; it may have been done.</exception>
    ValueTask<bool> RemoveRootKeysBeforeAsync(long version, CancellationToken cancellation);

    /// <summary>How many grains need a version, and none older, by the versions that are needed.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot answer now.</exception>
    ValueTask<IReadOnlyDictionary<long, long>> CountByRootKeyAsync(CancellationToken cancellation);

    /// <summary>Up to <paramref name="most"/> grains that need a version before this one.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot answer now.</exception>
    ValueTask<IReadOnlyList<GrainId>> NeedingRootKeysBeforeAsync(
        long version, int most, CancellationToken cancellation);
}

/// <summary>A version of the root key.</summary>
/// <param name="Version">Its number, from 1 on.</param>
/// <param name="Sealed">The key, sealed by what keeps it.</param>
/// <param name="MadeAt">When it was added, by the store's clock, UTC.</param>
/// <param name="Age">How long ago that is, by the store's clock.</param>
public sealed record StoredRootKey(long Version, byte[] Sealed, DateTimeOffset MadeAt, TimeSpan Age);

/// <summary>A version of the root key that is to be sealed otherwise.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Before">As it is sealed.</param>
/// <param name="After">As it is to be.</param>
public sealed record ResealedRootKey(long Version, byte[] Before, byte[] After);
