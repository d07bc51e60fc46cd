using System.Text;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Storage.Tests;

/// <summary>The store's contract put plainly: sets of rows, copied for every commit.</summary>
internal sealed class StoreModel
{
    private Tables _tables = new();

    public sealed record Row(long ETag, GrainChange Change);

    public IReadOnlyDictionary<GrainId, Row> Rows => _tables.Rows;

    /// <summary>What the commit has to answer; when it succeeds, done as <paramref name="etag"/>.</summary>
    public (CommitStatus Status, IReadOnlyList<GrainId> Cascaded) Apply(GrainCommit commit, long etag)
    {
        if (commit.Writes.Any(w => ETag(w.Id) != w.ExpectedETag)) return (CommitStatus.Conflict, []);
        var next = _tables.Copy();
        foreach (var write in commit.Writes) next.Write(write, etag);
        var cascaded = commit.Writes
            .Where(w => w is { Id.Kind: GrainKind.Cmk, Change: { ExistedBefore: true, ExistsNow: false } })
            .SelectMany(w => next.OwnedBy(w.Id))
            .ToList();
        foreach (var id in cascaded) next.Delete(id);
        foreach (var write in commit.Writes)
        {
            if (write.Change is { ExistedBefore: false, ExistsNow: true } change
                && next.Count(write.Id.Account, write.Id.Kind) > change.CountLimit)
            {
                return (CommitStatus.LimitExceeded, []);
            }
        }

        _tables = next;
        return (CommitStatus.Committed, cascaded);
    }

    public long ETag(GrainId id) => _tables.Rows.TryGetValue(id, out var row) ? row.ETag : 0;

    public bool Exists(GrainId id) => _tables.Rows.TryGetValue(id, out var row) && row.Change.ExistsNow;

    public IReadOnlyList<string> Keys(string account, KeyFilter filter) =>
        [.. Listed<KeyListing>(account).Where(r => Matches(filter, r.Listing)).OrderBy(r => r.Listing.CreatedAt)
            .ThenBy(r => r.Name, StringComparer.Ordinal).Select(r => r.Name)];

    public IReadOnlyList<KeyValuePair<string, string>> Tags(string account, ProjectSet projects) =>
        [.. Listed<KeyListing>(account).Where(r => projects.Contains(r.Listing.EnterpriseProject))
            .SelectMany(r => r.Listing.Tags).Distinct()
            .OrderBy(tag => Utf8(tag.Key), StringComparer.Ordinal)
            .ThenBy(tag => Utf8(tag.Value), StringComparer.Ordinal)];

    public IReadOnlyList<AliasRow> Aliases(string account) =>
        [.. Listed<AliasListing>(account).OrderBy(r => r.Name, StringComparer.Ordinal)
            .Select(r => new AliasRow(r.Name, r.Listing.KeyId))];

    public IReadOnlyList<DueReminder> Due(DateTimeOffset now) =>
        [.. _tables.Reminders.Where(r => r.Value <= now)
            .Select(r => new DueReminder(r.Key.Id, r.Key.Reminder, r.Value))
            .OrderBy(due => due.DueAt).ThenBy(due => due.Id).ThenBy(due => due.Reminder)];

    private static bool Matches(KeyFilter filter, KeyListing key) =>
        filter.States?.Contains(key.KeyState) != false
        && filter.Specs?.Contains(key.Spec) != false
        && filter.Usages?.Contains(key.Usage) != false
        && filter.ProtectionLevels?.Contains(key.ProtectionLevel) != false
        && filter.EnterpriseProjects?.Contains(key.EnterpriseProject) != false
        && (filter.AliasPart is null || key.Alias.Contains(filter.AliasPart, StringComparison.Ordinal))
        && (filter.Tags is null || (filter.Tags.Count > 0 && filter.Tags.All(tag => Has(key, tag))));

    private static bool Has(KeyListing key, TagCondition tag) =>
        key.Tags.TryGetValue(tag.Key, out var value) && (tag.Values.Count == 0 || tag.Values.Contains(value));

    /// <summary>Text that compares by its units as the other does by its bytes.</summary>
    private static string Utf8(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    private IEnumerable<(string Name, T Listing)> Listed<T>(string account) where T : Listing =>
        from row in _tables.Rows
        where row.Key.Account == account && row.Value.Change.Listing is T
        select (row.Key.Name, (T)row.Value.Change.Listing!);

    private sealed class Tables
    {
        public Dictionary<GrainId, Row> Rows { get; private init; } = [];

        public Dictionary<(GrainId Id, Reminder Reminder), DateTimeOffset> Reminders { get; private init; } =
            [];

        public Tables Copy() => new() { Rows = new(Rows), Reminders = new(Reminders) };

        public int Count(string account, GrainKind kind) =>
            Rows.Count(r => r.Key.Account == account && r.Key.Kind == kind && r.Value.Change.ExistsNow);

        public IEnumerable<GrainId> OwnedBy(GrainId key) =>
            from row in Rows
            where row.Key.Account == key.Account && row.Value.Change.OwnerKeyId == key.Name
            select row.Key;

        public void Write(GrainWrite write, long etag)
        {
            if (write.Change is not { } change) return;
            if (change.State is null)
            {
                Delete(write.Id);
                return;
            }

            Rows[write.Id] = new Row(etag, change);
            foreach (var (reminder, at) in change.Reminders)
            {
                if (at is { } due) Reminders[(write.Id, reminder)] = due;
                else Reminders.Remove((write.Id, reminder));
            }
        }

        public void Delete(GrainId id)
        {
            Rows.Remove(id);
            foreach (var reminder in Enum.GetValues<Reminder>()) Reminders.Remove((id, reminder));
        }
    }
}
