using System.Text.Json;

namespace KmsActors.Grains.Hosting;

/// <summary>
/// Goes through all there is, a page at a time, for jobs. Each page is of one commit: what belongs together is read
/// together, whatever is written meanwhile. Pages are in the order of UTF-8 bytes, each behind the last of the one
/// before; the last one is empty.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
public interface IStoreScan
{
    /// <summary>All grains, by kind, account and name.</summary>
    /// <param name="after">Only those behind this one; <see langword="default"/> for all.</param>
    /// <param name="limit">The most to return, 1 or more.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The store cannot answer now.</exception>
    ValueTask<IReadOnlyList<GrainRow>> GrainsAsync(GrainId after, int limit, CancellationToken cancellation);

    /// <summary>Those of them that do not exist for their users; an index has them.</summary>
    /// <inheritdoc cref="GrainsAsync"/>
    ValueTask<IReadOnlyList<GrainRow>> TombstonesAsync(GrainId after, int limit, CancellationToken cancellation);

    /// <summary>
    /// All CMKs of which there is anything, be it no more than a tag or a reminder, by account and id, with what is
    /// beside their rows.
    /// </summary>
    /// <inheritdoc cref="GrainsAsync"/>
    ValueTask<IReadOnlyList<KeyRecord>> KeyRecordsAsync(GrainId after, int limit, CancellationToken cancellation);

    /// <summary>All aliases of which there is a grain or a row, by account and name.</summary>
    /// <inheritdoc cref="GrainsAsync"/>
    ValueTask<IReadOnlyList<AliasRecord>> AliasRecordsAsync(
        GrainId after, int limit, CancellationToken cancellation);

    /// <summary>The grains, CMKs aside, that have a reminder and no row, by kind, account and name.</summary>
    /// <inheritdoc cref="GrainsAsync"/>
    ValueTask<IReadOnlyList<GrainId>> RemindedOfNothingAsync(
        GrainId after, int limit, CancellationToken cancellation);

    /// <summary>
    /// The next kind and account that has grains or a count of them, by kind and account; null behind the last.
    /// </summary>
    /// <param name="after">The one before, as of no name; <see langword="default"/> for the first.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The store cannot answer now.</exception>
    ValueTask<CountRecord?> NextCountAsync(GrainId after, CancellationToken cancellation);
}

/// <summary>A grain's row with all that it has.</summary>
/// <param name="Id">Whose.</param>
/// <param name="ETag">As <see cref="StoredGrain.ETag"/>.</param>
/// <param name="Exists">Whether it is part of its account's count.</param>
/// <param name="OwnerKeyId">The CMK it goes with, or null.</param>
/// <param name="RootKeyVersion">The version of the root key that it is not given up before; null if none.</param>
/// <param name="State">The state as JSON in UTF-8.</param>
public sealed record GrainRow(
    GrainId Id, long ETag, bool Exists, string? OwnerKeyId, long? RootKeyVersion, byte[] State)
{
    /// <summary>The state; null if it is of another type.</summary>
    /// <exception cref="JsonException">The state cannot be read.</exception>
    public TState? ReadState<TState>()
        where TState : class =>
        JsonSerializer.Deserialize(State, GrainCatalog.StateJson(Id.Kind)) as TState;
}

/// <summary>What is stored of a CMK.</summary>
/// <param name="Id">Which.</param>
/// <param name="Grain">Its row; null if there is none.</param>
/// <param name="Listing">Its row for listings; null if there is none.</param>
/// <param name="Tags">Its rows of tags, by key; no more than a hundred.</param>
/// <param name="Reminders">Its reminders, when each is due in ticks, by number.</param>
/// <param name="KeyOfOwnName">
/// The CMK that the alias goes with which the listing has as its own name; null if there is none.
/// </param>
public sealed record KeyRecord(
    GrainId Id,
    GrainRow? Grain,
    ListedKey? Listing,
    IReadOnlyList<ListedTag> Tags,
    IReadOnlyDictionary<int, long> Reminders,
    string? KeyOfOwnName);

/// <summary>A CMK's row for listings, as it is stored: ticks, and numbers of enumerations.</summary>
public sealed record ListedKey(
    long CreatedAt, int KeyState, int Spec, int Usage, int ProtectionLevel, string Alias, string EnterpriseProject);

/// <summary>A tag's row, with the time that its key was created at, in ticks.</summary>
public sealed record ListedTag(string Key, string Value, long CreatedAt);

/// <summary>What is stored of an alias.</summary>
/// <param name="Id">Which.</param>
/// <param name="Grain">Its row; null if there is none.</param>
/// <param name="ListedKeyId">The CMK that its row for listings has; null if there is none.</param>
/// <param name="KeyExists">Whether the CMK exists that its grain, or else its row for listings, goes with.</param>
public sealed record AliasRecord(GrainId Id, GrainRow? Grain, string? ListedKeyId, bool KeyExists);

/// <summary>How many grains of a kind an account has.</summary>
/// <param name="Of">The kind and the account; of no name.</param>
/// <param name="Counted">How many there are by the count.</param>
/// <param name="Rows">How many rows there are that are part of it.</param>
public sealed record CountRecord(GrainId Of, long Counted, long Rows);
