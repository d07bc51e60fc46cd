using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using Microsoft.Data.Sqlite;

namespace KmsActors.Storage.Sqlite;

/// <content>The versions of the root key.</content>
public sealed partial class SqliteGrainStore : IRootKeyTable
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredRootKey>> RootKeysAsync(CancellationToken cancellation) => Read(
        static (reader, _) => reader.RootKeys.All(), 0, cancellation);

    /// <inheritdoc/>
    public ValueTask<bool> AddRootKeyAsync(long version, byte[] sealedKey, CancellationToken cancellation) =>
        WriteAsync(connection =>
        {
            using var add = new Statement(
                connection, "INSERT INTO root_keys (version, sealed) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
            return add.Run(version, sealedKey) == 1;
        });

    /// <inheritdoc/>
    public ValueTask<bool> ResealRootKeysAsync(
        IReadOnlyList<ResealedRootKey> keys, CancellationToken cancellation) => WriteAsync(connection =>
        {
            using var begin = new Statement(connection, "BEGIN IMMEDIATE");
            using var commit = new Statement(connection, "COMMIT");
            using var count = new Statement(connection, "SELECT count(*) FROM root_keys");
            using var reseal = new Statement(
                connection, "UPDATE root_keys SET sealed = ?3 WHERE version = ?1 AND sealed = ?2");
            // Without a commit, closing the connection takes it back.
            begin.Run();
            if (count.Number() != keys.Count) return false;
            foreach (var (version, before, after) in keys)
            {
                if (reseal.Run(version, before, after) != 1) return false;
            }

            commit.Run();
            return true;
        });

    /// <inheritdoc/>
    public ValueTask<bool> RemoveRootKeysBeforeAsync(long version, CancellationToken cancellation) =>
        WriteAsync(connection =>
        {
            using var remove = new Statement(connection, """
                DELETE FROM root_keys WHERE version < ?1 AND EXISTS (SELECT 1 FROM root_keys WHERE version = ?1)
                AND NOT EXISTS (SELECT 1 FROM grains WHERE root_key_version < ?1)
                """);
            using var oldest = new Statement(connection, "SELECT coalesce(min(version), 0) FROM root_keys");
            remove.Run(version);
            return oldest.Number() == version;
        });

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<long, long>> CountByRootKeyAsync(CancellationToken cancellation) => Read(
        static (reader, _) => reader.RootKeys.Counts(), 0, cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<GrainId>> NeedingRootKeysBeforeAsync(
        long version, int most, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most);
        return Read(
            static (reader, asked) => reader.RootKeys.NeedingBefore(asked.version, asked.most),
            (version, most),
            cancellation);
    }
}
