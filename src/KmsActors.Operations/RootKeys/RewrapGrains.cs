using System.Security.Cryptography;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Hsa;

namespace KmsActors.Operations;

/// <summary>
/// Wraps anew, under the root key's current version, what grains have under older ones. A grain is found by the version
/// that it needs, for as long as it does: whatever ends this, what is left is found again.
/// </summary>
public static class RewrapGrains
{
    /// <summary>How many grains share a commit.</summary>
    public const int Batch = 64;

    /// <summary>How many grains one run rewraps at most; the commits are made side by side.</summary>
    public const int MostGrains = 8 * Batch;

    private static readonly TurnContext Turn = new("rewrap", "");

    /// <summary>Rewraps some of the grains that need a version before this one.</summary>
    /// <param name="kms">With an HSA that wraps under <paramref name="version"/>.</param>
    /// <param name="table">Where those grains are found.</param>
    /// <param name="version">The current version.</param>
    /// <param name="failed">Grains to leave alone; those that cannot be rewrapped are added.</param>
    /// <param name="cancellation">Gives up; what was committed stays.</param>
    /// <returns>How many were rewrapped; 0 when all that is left has failed.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot answer; it is to be tried again.</exception>
    public static async ValueTask<int> RunAsync(
        Kms kms, IRootKeyTable table, long version, ISet<GrainId> failed, CancellationToken cancellation)
    {
        var found = await table.NeedingRootKeysBeforeAsync(version, MostGrains + failed.Count, cancellation);
        var batches = found.Where(id => !failed.Contains(id)).Chunk(Batch).ToList();
        var done = await Task.WhenAll(batches.Select(batch => RewrapAsync(kms, batch, cancellation)));
        failed.UnionWith(done.SelectMany(each => each.Failed));
        return done.Sum(each => each.Rewrapped);
    }

    private static async Task<(int Rewrapped, IReadOnlyList<GrainId> Failed)> RewrapAsync(
        Kms kms, GrainId[] ids, CancellationToken cancellation)
    {
        Dictionary<string, byte[]> rewrapped = [];
        List<GrainId> failed = [];
        foreach (var id in ids)
        {
            var snapshot = await kms.Host.ReadAsync(id, cancellation);
            try
            {
                foreach (var (before, after) in Rewrap(kms.Hsa, id, snapshot.State<object>()))
                    rewrapped[Convert.ToBase64String(before)] = after;
            }
            catch (CryptographicException)
            {
                failed.Add(id);
            }
        }

        // What has changed since is not found among them, and so is left for another time.
        GrainId[] good = [.. ids.Except(failed)];
        if (good.Length == 0) return (0, failed);
        var done = await kms.Host.InTurns(
            good,
            Turn,
            grain => grain.Rewrap(blob => rewrapped.GetValueOrDefault(Convert.ToBase64String(blob), blob)),
            cancellation);
        return (done.Refused(out _) ? 0 : good.Length, failed);
    }

    private static List<(byte[] Before, byte[] After)> Rewrap(IHsa hsa, GrainId id, object? state) => state switch
    {
        CmkState key => Rewrap(hsa, id, key),
        ImportTokenState token => Rewrap(token, blob => hsa.RewrapImportKey(
            id.Account, id.Name, Enum.Parse<ImportWrapping>(token.Wrapping), blob)),
        AccessKeyState secret => Rewrap(secret, blob => hsa.RewrapSecret(id.Name, blob)),
        AccountState account => Rewrap(
            account, blob => hsa.RewrapSecret(AppliedCredentials.OwnerOf(id.Name), blob)),
        _ => [],
    };

    private static List<(byte[] Before, byte[] After)> Rewrap(IHsa hsa, GrainId id, CmkState key)
    {
        List<(byte[], byte[])> rewrapped = [];
        foreach (var version in key.Versions)
        {
            if (version.WrappedMaterial is not { } blob) continue;
            var binding = KeyMaterial.BindingOf(id.Account, id.Name, version.Id, key.Spec, key.ProtectionLevel);
            rewrapped.Add((blob, hsa.RewrapKey(binding, blob)));
        }

        return rewrapped;
    }

    private static List<(byte[] Before, byte[] After)> Rewrap(IHoldsWrapped state, Func<byte[], byte[]> rewrap) =>
        [.. state.Wrapped.Select(blob => (blob, rewrap(blob)))];
}
