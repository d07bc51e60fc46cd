using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Simulator;

/// <summary>What every commit has to look like: what the real stores insist on.</summary>
internal static class CommitShape
{
    /// <summary>Checks it before anything is done.</summary>
    /// <exception cref="InvariantException">The caller made a commit that contradicts itself.</exception>
    public static void Check(GrainCommit commit)
    {
        var writes = commit.Writes;
        for (var i = 0; i < writes.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                Invariant.That(writes[i].Id != writes[j].Id, "a commit writes a grain at most once");
            }

            if (writes[i].Change is not { } change) continue;
            var (isKey, isAlias) = (writes[i].Id.Kind == GrainKind.Cmk, writes[i].Id.Kind == GrainKind.Alias);
            Invariant.That(change.State is not null || !change.ExistsNow, "a grain that exists has state");
            Invariant.That(
                (change.Listing is not null) == ((isKey || isAlias) && change.ExistsNow),
                "a CMK and an alias are listed while they exist, others never");
            Invariant.That(!isKey || change.Listing is null or KeyListing, "a CMK is listed as a key");
            Invariant.That(!isAlias || change.Listing is null or AliasListing, "an alias is listed as such");
        }
    }

    /// <summary>Whether what the grain owns goes: it is a CMK that ceases to exist.</summary>
    public static bool Orphans(GrainWrite write) =>
        write is { Id.Kind: GrainKind.Cmk, Change: { ExistedBefore: true, ExistsNow: false } };
}
