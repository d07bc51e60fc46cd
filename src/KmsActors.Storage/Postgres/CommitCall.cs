using System.Text.Json;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using Npgsql;

namespace KmsActors.Storage.Postgres;

/// <summary>A commit as the server's procedure takes it, and what that answers.</summary>
internal static class CommitCall
{
    private const int Arguments = 32;

    private static readonly string s_withOneRecord = CallOf("commit_turn");
    private static readonly string s_withRecords = CallOf("commit_turns");

    private enum Does
    {
        Insist = 0,
        Write = 1,
        Delete = 2,
    }

    public static Sql Of(GrainCommit commit)
    {
        GrainWrite[] writes = [.. commit.Writes];
        if (writes.Length > 1) Array.Sort(writes, ByStoredId);
        var changes = Array.ConvertAll(writes, write => write.Change);
        var keys = Array.ConvertAll(changes, change => change?.Listing as KeyListing);
        var reminders = Reminders(changes);
        var counts = Counts(writes);
        return new Sql(commit.Audit.Count == 1 ? s_withOneRecord : s_withRecords, [
            Arg.Smalls(Array.ConvertAll(writes, write => (short)write.Id.Kind)),
            Arg.Texts(writes.Select(write => write.Id.Account)),
            Arg.Texts(writes.Select(write => write.Id.Name)),
            Arg.Longs(Array.ConvertAll(writes, write => write.ExpectedETag)),
            Arg.Smalls(Array.ConvertAll(changes, change => (short)What(change))),
            Arg.Bytes(Array.ConvertAll(changes, change => change?.State)),
            Arg.Flags(Array.ConvertAll(changes, change => change is { ExistsNow: true })),
            Arg.Texts(changes.Select(change => change?.OwnerKeyId)),
            Arg.Longs([.. changes.Select(change => change?.RootKeyVersion)]),
            Arg.Flags(Array.ConvertAll(writes, Orphans)),
            Arg.Texts(changes.Select(change => Label(change?.Listing))),
            Arg.Longs(Array.ConvertAll(keys, key => key?.CreatedAt.UtcTicks ?? 0)),
            Arg.Smalls(Array.ConvertAll(keys, key => (short)(key?.KeyState ?? default))),
            Arg.Smalls(Array.ConvertAll(keys, key => (short)(key?.Spec ?? default))),
            Arg.Smalls(Array.ConvertAll(keys, key => (short)(key?.Usage ?? default))),
            Arg.Smalls(Array.ConvertAll(keys, key => (short)(key?.ProtectionLevel ?? default))),
            Arg.Texts(keys.Select(key => key?.EnterpriseProject)),
            Arg.Jsons(Array.ConvertAll(keys, Tags)),
            Arg.Numbers([.. reminders.Select(reminder => reminder.Write)]),
            Arg.Smalls([.. reminders.Select(reminder => (short)reminder.Reminder)]),
            Arg.Longs([.. reminders.Select(reminder => reminder.DueAt?.UtcTicks)]),
            Arg.Texts(counts.Select(count => count.Account)),
            Arg.Smalls([.. counts.Select(count => (short)count.Kind)]),
            Arg.Longs([.. counts.Select(count => count.Change)]),
            Arg.Longs([.. counts.Select(count => count.Limit)]),
            .. commit.Audit is [var record] ? Of(record) : Of(commit.Audit),
        ]);
    }

    public static async ValueTask<CommitResult> ReadAsync(NpgsqlDataReader rows, CancellationToken cancellation)
    {
        await rows.ReadAsync(cancellation);
        return rows.GetInt16(0) switch
        {
            0 => new CommitResult(CommitStatus.Committed, rows.GetInt64(1), Cascaded(rows)),
            1 => CommitResult.Conflict,
            _ => CommitResult.LimitExceeded,
        };
    }

    private static string CallOf(string procedure) => $"CALL {procedure}("
        + string.Concat(Enumerable.Range(1, Arguments).Select(i => $"${i}, "))
        + "NULL, NULL, NULL, NULL, NULL)";

    private static NpgsqlParameter[] Of(AuditRecord record) =>
    [
        Arg.Long(record.At.UtcTicks),
        Arg.Small((int)record.Subject.Kind),
        Arg.Text(record.Subject.Account),
        Arg.Text(record.Subject.Name),
        Arg.Text(record.Actor),
        Arg.Text(record.RequestId),
        Arg.Text(Events(record)),
    ];

    private static NpgsqlParameter[] Of(IReadOnlyList<AuditRecord> records) =>
    [
        Arg.Longs([.. records.Select(record => record.At.UtcTicks)]),
        Arg.Smalls([.. records.Select(record => (short)record.Subject.Kind)]),
        Arg.Texts(records.Select(record => record.Subject.Account)),
        Arg.Texts(records.Select(record => record.Subject.Name)),
        Arg.Texts(records.Select(record => record.Actor)),
        Arg.Texts(records.Select(record => record.RequestId)),
        Arg.Texts(records.Select(Events)),
    ];

    private static string Events(AuditRecord record) => string.Join(',', record.Events);

    private static GrainId[] Cascaded(NpgsqlDataReader rows)
    {
        if (rows.IsDBNull(2)) return [];
        var kinds = rows.GetFieldValue<short[]>(2);
        var (accounts, names) = (Columns.Texts(rows, 3), Columns.Texts(rows, 4));
        return [.. kinds.Select((kind, i) => new GrainId((GrainKind)kind, accounts[i], names[i]))];
    }

    /// <summary>The order in which everybody locks.</summary>
    private static int ByStoredId(GrainWrite left, GrainWrite right)
    {
        var byKind = left.Id.Kind.CompareTo(right.Id.Kind);
        if (byKind != 0) return byKind;
        var byAccount = StoredText.Compare(left.Id.Account, right.Id.Account);
        return byAccount != 0 ? byAccount : StoredText.Compare(left.Id.Name, right.Id.Name);
    }

    private static Does What(GrainChange? change) => change switch
    {
        null => Does.Insist,
        { State: null } => Does.Delete,
        _ => Does.Write,
    };

    private static bool Orphans(GrainWrite write) =>
        write is { Id.Kind: GrainKind.Cmk, Change: { ExistedBefore: true, ExistsNow: false } };

    private static string? Label(Listing? listing) => listing switch
    {
        KeyListing key => key.Alias,
        AliasListing alias => alias.KeyId,
        _ => null,
    };

    private static string? Tags(KeyListing? key) => key is { Tags.Count: > 0 }
        ? JsonSerializer.Serialize(
            key.Tags.ToDictionary(tag => StoredText.Of(tag.Key), tag => StoredText.Of(tag.Value)))
        : null;

    // Those of a grain that is deleted go with it.
    private static List<(int Write, Reminder Reminder, DateTimeOffset? DueAt)> Reminders(GrainChange?[] changes)
    {
        List<(int, Reminder, DateTimeOffset?)> reminders = [];
        for (var i = 0; i < changes.Length; i++)
        {
            if (changes[i] is not { State: not null } change) continue;
            // Arrays there begin with 1.
            foreach (var (reminder, dueAt) in change.Reminders) reminders.Add((i + 1, reminder, dueAt));
        }

        return reminders;
    }

    /// <summary>Those that change or have a limit to keep, each once, in the order in which they are locked.</summary>
    private static List<(string Account, GrainKind Kind, long Change, long? Limit)> Counts(GrainWrite[] writes)
    {
        SortedDictionary<(string Account, GrainKind Kind), (long Change, long? Limit)> counts = new(ByAccount);
        foreach (var write in writes)
        {
            if (write.Change is not { } change) continue;
            var of = (write.Id.Account, write.Id.Kind);
            var (sum, limit) = counts.GetValueOrDefault(of);
            sum += (change.ExistsNow ? 1 : 0) - (change.ExistedBefore ? 1 : 0);
            if (change is { ExistedBefore: false, ExistsNow: true, CountLimit: < long.MaxValue })
            {
                limit = Math.Min(limit ?? long.MaxValue, change.CountLimit);
            }

            counts[of] = (sum, limit);
        }

        return
        [
            .. counts.Where(count => count.Value is not (0, null))
                .Select(count => (count.Key.Account, count.Key.Kind, count.Value.Change, count.Value.Limit)),
        ];
    }

    private static Comparer<(string Account, GrainKind Kind)> ByAccount { get; } =
        Comparer<(string Account, GrainKind Kind)>.Create((left, right) =>
        {
            var byAccount = StoredText.Compare(left.Account, right.Account);
            return byAccount != 0 ? byAccount : left.Kind.CompareTo(right.Kind);
        });
}
