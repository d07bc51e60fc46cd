namespace KmsActors.Grains.Hosting;

/// <summary>What every commit has to look like, whatever the database.</summary>
public static class CommitShape
{
    /// <summary>Checks it before anything is done.</summary>
    /// <exception cref="InvariantException">The caller made a commit that contradicts itself.</exception>
    public static void Check(GrainCommit commit)
    {
        Invariant.That(commit.Audit.Count > 0, "a commit has an audit record");
        var writes = commit.Writes;
        for (var i = 0; i < writes.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                Invariant.That(writes[i].Id != writes[j].Id, "a commit writes a grain at most once");
            }

            if (writes[i].Change is { } change) Check(writes[i].Id.Kind, change);
        }
    }

    /// <summary>Whether what the grain owns goes: it is a CMK that ceases to exist.</summary>
    public static bool Orphans(GrainWrite write) =>
        write is { Id.Kind: GrainKind.Cmk, Change: { ExistedBefore: true, ExistsNow: false } };

    private static void Check(GrainKind kind, GrainChange change)
    {
        Invariant.That(change.State is not null || !change.ExistsNow, "a grain that exists has state");
        // The total of a listing is the count of the kind, which costs one row to read.
        var listed = change.Listing is not null;
        switch (kind)
        {
            case GrainKind.Cmk:
                Invariant.That(change.Listing is null or KeyListing, "a CMK is listed as a key");
                Invariant.That(listed == change.ExistsNow, "a CMK is listed while it exists");
                break;
            case GrainKind.Alias:
                Invariant.That(change.Listing is null or AliasListing, "an alias is listed as such");
                Invariant.That(listed == change.ExistsNow, "an alias is listed while it exists");
                break;
            default:
                Invariant.That(!listed, "there are listings of keys and of aliases only");
                break;
        }
    }
}
