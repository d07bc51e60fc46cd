using System.Text;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Storage.Tests;

/// <summary>Commits for tests.</summary>
internal static class Make
{
    /// <summary>With ticks, so that a store that rounds is found out.</summary>
    public static readonly DateTimeOffset Start =
        new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1_234_567);

    public const string Account = "123456789";

    /// <summary>What takes this long, however busy the machine is, does not come to an end.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Text that is something else to a pattern, a quotation, JSON or a path.</summary>
    public static readonly string[] OddText =
    [
        "", " ", "a", "A", "aa", "%", "_", "%a%", "*", "?", "[a]", "\\", "'", "\"", "''", "a'b\"c", "$", "$.a", "a.b", "[0]",
        "{}", "[]", "null", "0", "1.0", "-- x", "; DROP TABLE tags", "\t", "\n", "\r\n", "\0", "\u0001", "\u001F", "\u007F",
        "é", "e\u0301", "密钥", "\uFFFD", "\U0001F511", "\U0001F512", "\U0010FFFF", "\u2028", "\uFEFFa",
    ];

    public static GrainId Key(string name, string account = Account) => GrainId.OfCmk(account, name);

    public static GrainId Alias(string name, string account = Account) => GrainId.OfAlias(account, name);

    public static GrainId Token(string name, string account = Account) =>
        GrainId.OfImportToken(account, name);

    public static byte[] State(string text) => Encoding.UTF8.GetBytes(text);

    public static GrainCommit Commit(params GrainWrite[] writes) => new(
        writes,
        new AuditRecord(Start, writes.Length > 0 ? writes[0].Id : Key("none"), "tester", "request", []));

    /// <summary>A write that insists on an ETag and changes nothing.</summary>
    public static GrainWrite Guard(GrainId id, long etag) => new(id, etag);

    /// <summary>A key's row in the listing, by default of the first of everything.</summary>
    public static KeyListing Listed(
        DateTimeOffset? createdAt = null,
        KeyState state = KeyState.Enabled,
        KeySpec spec = KeySpec.Aes256,
        KeyUsage usage = KeyUsage.EncryptDecrypt,
        ProtectionLevel level = ProtectionLevel.Software) => new(createdAt ?? Start, state, spec, usage, level);

    /// <summary>Tags as a key's row has them.</summary>
    public static IReadOnlyDictionary<string, string> Tags(params (string Key, string Value)[] tags) =>
        tags.ToDictionary(tag => tag.Key, tag => tag.Value);

    /// <summary>A filter by one tag; without values, whatever its value.</summary>
    public static KeyFilter ByTag(string key, params string[] values) => ByTags(new TagCondition(key, values));

    /// <summary>A filter by tags.</summary>
    public static KeyFilter ByTags(params TagCondition[] tags) => new() { Tags = tags };

    /// <summary>A write; unless it says otherwise, a grain exists while it has a row.</summary>
    public static GrainWrite Write(
        GrainId id,
        long etag,
        string? state = "state",
        string? owner = null,
        bool? existedBefore = null,
        bool? existsNow = null,
        long limit = long.MaxValue,
        KeyListing? listing = null,
        long? rootKey = null,
        params (Reminder Reminder, DateTimeOffset? At)[] reminders)
    {
        var exists = existsNow ?? state is not null;
        return new GrainWrite(id, etag)
        {
            Change = new GrainChange
            {
                State = state is null ? null : State(state),
                ExistedBefore = existedBefore ?? etag != 0,
                ExistsNow = exists,
                CountLimit = limit,
                Listing = (exists, id.Kind) switch
                {
                    (true, GrainKind.Cmk) => listing ?? Listed(),
                    (true, GrainKind.Alias) => new AliasListing(owner ?? "nokey"),
                    _ => null,
                },
                OwnerKeyId = owner,
                Reminders = reminders.ToDictionary(r => r.Reminder, r => r.At),
                RootKeyVersion = rootKey,
            },
        };
    }
}
