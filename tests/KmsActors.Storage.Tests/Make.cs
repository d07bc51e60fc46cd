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
            },
        };
    }
}
