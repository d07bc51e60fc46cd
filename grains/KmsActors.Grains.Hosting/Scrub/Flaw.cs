using System.Text.Json;

namespace KmsActors.Grains.Hosting;

/// <summary>Something that is stored as it must not be.</summary>
/// <param name="Kind">What is wrong, for programs.</param>
/// <param name="Detail">What differs, for people; no secret is in it.</param>
public sealed record Flaw(string Kind, string Detail)
{
    /// <summary>Of a grain that its row does not agree with, or that cannot be read.</summary>
    internal static IEnumerable<Flaw> OfRow(GrainRow row, Grain? grain, string? why)
    {
        if (grain is null)
        {
            yield return new Flaw("state-unreadable", why!);
            yield break;
        }

        if (row.Exists != grain.Exists)
            yield return new Flaw("row-differs", $"counted is {row.Exists}, by the state {grain.Exists}");
        if (row.OwnerKeyId != grain.OwnerKeyId)
            yield return new Flaw("row-differs", $"owner is {row.OwnerKeyId}, by the state {grain.OwnerKeyId}");
        // One that is too old keeps a version for longer than is needed, as databases of before versions do.
        var needed = WrappedBlob.OldestRootKeyVersion(grain.StateObject);
        if (needed is not null && !(row.RootKeyVersion <= needed))
        {
            yield return new Flaw(
                "root-key-differs", $"its root key is version {row.RootKeyVersion}, by the state {needed}");
        }
    }

    /// <summary>The grain that a row is of; null, and why, if its state cannot be read or contradicts itself.</summary>
    internal static (Grain? Grain, string? Why) Read(GrainRow row)
    {
        var grain = GrainCatalog.New(row.Id.Kind);
        grain.Id = row.Id;
        try
        {
            grain.StateObject = JsonSerializer.Deserialize(row.State, GrainCatalog.StateJson(row.Id.Kind));
            grain.CheckState();
            return grain.StateObject is null ? (null, "no state") : (grain, null);
        }
        catch (InvariantException broken)
        {
            return (null, broken.Message);
        }
        catch (Exception malformed)
        {
            // It may be anything, and what is in it is nobody's business.
            return (null, $"no state of this program ({malformed.GetType().Name})");
        }
    }
}
