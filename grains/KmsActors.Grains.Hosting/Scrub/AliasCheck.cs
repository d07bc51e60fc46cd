namespace KmsActors.Grains.Hosting;

/// <summary>Whether an alias, its row for listings and the CMK that it stands for agree.</summary>
public static class AliasCheck
{
    /// <summary>What is wrong with an alias.</summary>
    /// <param name="record">All that is stored of it, as of one commit.</param>
    public static IEnumerable<Flaw> Of(AliasRecord record)
    {
        if (record.Grain is not { } row)
        {
            yield return new Flaw("alias-orphan", $"a row of {record.ListedKeyId} without a grain");
            yield break;
        }

        var (read, why) = Flaw.Read(row);
        foreach (var flaw in Flaw.OfRow(row, read, why)) yield return flaw;
        if ((read as AliasGrain)?.Listing is not AliasListing { KeyId: var keyId }) yield break;
        if (record.ListedKeyId is null) yield return new Flaw("alias-missing", "the alias is in no listing");
        else if (record.ListedKeyId != keyId)
            yield return new Flaw("alias-differs", $"key_id is {record.ListedKeyId}, by the state {keyId}");
        if (!record.KeyExists) yield return new Flaw("alias-of-no-key", $"there is no key {keyId}");
    }
}
