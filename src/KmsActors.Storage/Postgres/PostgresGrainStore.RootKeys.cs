using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Storage.Postgres;

/// <content>The versions of the root key.</content>
public sealed partial class PostgresGrainStore : IRootKeyTable
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredRootKey>> RootKeysAsync(CancellationToken cancellation) =>
        RootKeyTable.AllAsync(_server, cancellation);

    /// <inheritdoc/>
    public ValueTask<bool> AddRootKeyAsync(long version, byte[] sealedKey, CancellationToken cancellation) =>
        RootKeyTable.AddAsync(_server, version, sealedKey, cancellation);

    /// <inheritdoc/>
    public ValueTask<bool> ResealRootKeysAsync(
        IReadOnlyList<ResealedRootKey> keys, CancellationToken cancellation) =>
        RootKeyTable.ResealAsync(_server, keys, cancellation);

    /// <inheritdoc/>
    public ValueTask<bool> RemoveRootKeysBeforeAsync(long version, CancellationToken cancellation) =>
        RootKeyTable.RemoveBeforeAsync(_server, version, cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<long, long>> CountByRootKeyAsync(CancellationToken cancellation) =>
        RootKeyTable.CountAsync(_server, cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<GrainId>> NeedingRootKeysBeforeAsync(
        long version, int most, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most);
        return RootKeyTable.NeedingAsync(_server, version, most, cancellation);
    }
}
