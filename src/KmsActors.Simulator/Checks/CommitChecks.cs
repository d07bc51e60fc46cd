using System.Text.Json;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Simulator;

/// <summary>
/// What must be so after each commit: its events explain what has changed, no more and no less, and the rows beside
/// the state say what it says.
/// </summary>
internal sealed class CommitChecks(SimulatedDatabase database)
{
    private const string Any = "*";

    // Which parts of a stored grain an event may change.
    private static readonly Dictionary<AuditEvent, string[]> Parts = new()
    {
        [AuditEvent.KeyEnabled] = ["KeyState"],
        [AuditEvent.KeyDisabled] = ["KeyState"],
        [AuditEvent.KeyDescriptionUpdated] = ["Description"],
        [AuditEvent.KeyRenamed] = ["Alias"],
        [AuditEvent.AliasUpdated] = ["Alias", "KeyId"],
        [AuditEvent.AliasDeleted] = ["Alias"],
        [AuditEvent.KeyTagged] = ["Tags"],
        [AuditEvent.KeyUntagged] = ["Tags"],
        [AuditEvent.GrantCreated] = ["Grants"],
        [AuditEvent.GrantRevoked] = ["Grants"],
        [AuditEvent.GrantRetired] = ["Grants"],
        [AuditEvent.KeyRateChanged] = ["Rate"],
        [AuditEvent.KeyVersionCreated] = ["Versions"],
        [AuditEvent.KeyRotated] = ["Versions"],
        [AuditEvent.RotationPolicyUpdated] = ["RotationInterval"],
        [AuditEvent.KeyDeletionScheduled] = ["KeyState", "DeletionDate"],
        [AuditEvent.KeyDeletionCancelled] = ["KeyState", "DeletionDate", "Versions", "MaterialExpiry"],
        [AuditEvent.MaterialImported] = ["KeyState", "Versions", "MaterialExpiry"],
        [AuditEvent.MaterialDeleted] = ["KeyState", "Versions", "MaterialExpiry"],
        [AuditEvent.MaterialExpired] = ["KeyState", "Versions", "MaterialExpiry"],
        [AuditEvent.AliasCreated] = [],
        [AuditEvent.ImportTokenUsed] = [],
        [AuditEvent.ImportAttemptFailed] = ["FailedAttempts"],
        [AuditEvent.ImportTokenExpired] = ["WrappedPrivateKey"],
        [AuditEvent.AccountRenamed] = ["DisplayName"],
        [AuditEvent.AccountSuspended] = ["Status"],
        [AuditEvent.AccountResumed] = ["Status"],
        [AuditEvent.AccountDeletionScheduled] = ["Status", "DeletionDate"],
        [AuditEvent.AccountDeletionCancelled] = ["Status", "DeletionDate"],
        [AuditEvent.AccountErasureBegun] = ["Status"],
        [AuditEvent.AccountLimitsChanged] = ["Rates", "Quotas"],
        [AuditEvent.ProjectCreated] = ["Projects"],
        [AuditEvent.ProjectEnabled] = ["Projects"],
        [AuditEvent.ProjectDisabled] = ["Projects"],
        [AuditEvent.AccessKeyEnabled] = ["Enabled"],
        [AuditEvent.AccessKeyDisabled] = ["Enabled"],
        [AuditEvent.AccessKeyReplaced] = ["ExpiresAt"],
        [AuditEvent.AccessKeyDeleted] = ["AccessKeys"],
        [AuditEvent.UserEnabled] = ["Enabled"],
        [AuditEvent.UserDisabled] = ["Enabled", "TokenGeneration"],
        [AuditEvent.UserJoinedGroup] = ["Groups"],
        [AuditEvent.UserLeftGroup] = ["Groups"],
        [AuditEvent.UserPoliciesChanged] = ["Policies"],
        [AuditEvent.GroupPoliciesChanged] = ["Policies"],
        [AuditEvent.PasswordChanged] = ["Password", "TokenGeneration", "FailedLogins", "LockedUntil"],
        [AuditEvent.LoginFailed] = ["FailedLogins", "LockedUntil"],
        [AuditEvent.AuthTokenIssued] = ["FailedLogins", "LockedUntil"],
        // An access key may be made anew, of another secret; and with it, its holder holds it.
        [AuditEvent.AccessKeyCreated] = ["AccessKeys", "WrappedSecret", "Enabled", "ExpiresAt"],
        [AuditEvent.Rewrapped] = ["Versions", "WrappedSecret", "WrappedPrivateKey", "AppliedCredentials"],
        [AuditEvent.AccountDeleted] = [Any],
        [AuditEvent.KeyCreated] = [Any],
        [AuditEvent.KeyDeleted] = [Any],
        [AuditEvent.ErasedWithAccount] = [Any],
    };

    // From which state to which an event may take a key.
    private static readonly HashSet<(AuditEvent, KeyState, KeyState)> Moves =
    [
        (AuditEvent.KeyEnabled, KeyState.Disabled, KeyState.Enabled),
        (AuditEvent.KeyDisabled, KeyState.Enabled, KeyState.Disabled),
        (AuditEvent.KeyDeletionScheduled, KeyState.Enabled, KeyState.PendingDeletion),
        (AuditEvent.KeyDeletionScheduled, KeyState.Disabled, KeyState.PendingDeletion),
        (AuditEvent.KeyDeletionScheduled, KeyState.PendingImport, KeyState.PendingDeletion),
        (AuditEvent.KeyDeletionCancelled, KeyState.PendingDeletion, KeyState.Enabled),
        (AuditEvent.KeyDeletionCancelled, KeyState.PendingDeletion, KeyState.Disabled),
        (AuditEvent.KeyDeletionCancelled, KeyState.PendingDeletion, KeyState.PendingImport),
        (AuditEvent.MaterialImported, KeyState.PendingImport, KeyState.Enabled),
        // Expired by its date, and not yet by its reminder.
        (AuditEvent.MaterialImported, KeyState.Disabled, KeyState.Enabled),
        (AuditEvent.MaterialDeleted, KeyState.Enabled, KeyState.PendingImport),
        (AuditEvent.MaterialDeleted, KeyState.Disabled, KeyState.PendingImport),
        (AuditEvent.MaterialExpired, KeyState.Enabled, KeyState.PendingImport),
        (AuditEvent.MaterialExpired, KeyState.Disabled, KeyState.PendingImport),
    ];

    /// <summary>Checks one.</summary>
    /// <exception cref="Violation">It is not so.</exception>
    public void Check(CommittedTransaction transaction)
    {
        for (var i = 0; i < transaction.Commit.Writes.Count; i++)
        {
            var write = transaction.Commit.Writes[i];
            if (write.Change is not { } change) continue;
            var events = EventsOf(write.Id, transaction.Commit.Audit);
            if (write.Id.Kind == GrainKind.Cmk)
                CheckChange(write.Id, transaction.Before[i]?.State, change.State, events);
            else if (transaction.Before[i] is { } before && change.State is { } now)
                CheckParts(write.Id, before.State, now, events);
            CheckRows(write.Id);
        }

        foreach (var gone in transaction.Cascaded)
        {
            if (database.Find(gone.Id) is not null) throw new Violation(Rules.Alias, $"{gone.Id} outlived its key");
        }
    }

    /// <summary>Whether the rows beside a state say what it says; of a key and all that stands for it.</summary>
    public void CheckRows(GrainId id)
    {
        var row = database.Find(id);
        if (row is null) return;
        using var document = JsonDocument.Parse(row.Stored.State);
        if (id.Kind == GrainKind.Cmk) CheckKey(row, KeyView.Of(document.RootElement));
        if (id.Kind == GrainKind.Alias) CheckAlias(row, document.RootElement.GetProperty("KeyId").GetString()!);
        if (id.Kind == GrainKind.AccessKey) CheckAccessKey(row, AccessKeyView.Of(document.RootElement));
        if (id.Kind is GrainKind.ImportToken or GrainKind.AuthToken && Due(row, Reminder.ExpireToken) is null)
            throw new Violation(Rules.Reminder, $"{id} will never expire");
    }

    /// <summary>A record is of a whole commit, or each of the changes that share one has its own.</summary>
    public static IReadOnlyList<AuditEvent> EventsOf(GrainId id, IReadOnlyList<AuditRecord> audit)
    {
        var own = audit.Count == 1 ? audit : [.. audit.Where(record => record.Subject == id)];
        return own is [{ Events.Count: > 0 } record]
            ? record.Events
            : throw new Violation(Rules.Audit, $"{id} has changed, which {own.Count} audit records say");
    }

    private static void CheckChange(GrainId id, byte[]? before, byte[]? now, IReadOnlyList<AuditEvent> events)
    {
        if (events.Any(each => Parts.GetValueOrDefault(each)?.Contains(Any) == true)) return;
        if (before is null || now is null) throw new Violation(Rules.Transition, $"{id} came or went: {Of(events)}");
        CheckParts(id, before, now, events);
        using var left = JsonDocument.Parse(before);
        using var right = JsonDocument.Parse(now);
        var (from, to) = (KeyView.Of(left.RootElement), KeyView.Of(right.RootElement));
        if (from.IsDeleted) throw new Violation(Rules.Transition, $"{id} is deleted: {Of(events)}");
        if (from.State != to.State && !events.Any(each => Moves.Contains((each, from.State, to.State))))
            throw new Violation(Rules.Transition, $"{id} went from {from.State} to {to.State}: {Of(events)}");
        if (!from.Versions.SequenceEqual(to.Versions.Take(from.Versions.Count)))
            throw new Violation(Rules.Transition, $"{id} has lost a version: {Of(events)}");
    }

    private static void CheckParts(GrainId id, byte[] before, byte[] now, IReadOnlyList<AuditEvent> events)
    {
        var parts = events.SelectMany(each => Parts.GetValueOrDefault(each) ?? []).ToHashSet();
        if (parts.Contains(Any)) return;
        using var left = JsonDocument.Parse(before);
        using var right = JsonDocument.Parse(now);
        foreach (var part in Changed(left.RootElement, right.RootElement))
        {
            if (!parts.Contains(part)) throw new Violation(Rules.Transition, $"{id} has another {part}: {Of(events)}");
        }
    }

    private static IEnumerable<string> Changed(JsonElement before, JsonElement now)
    {
        foreach (var part in before.EnumerateObject())
        {
            if (!now.TryGetProperty(part.Name, out var other) || !JsonElement.DeepEquals(part.Value, other))
                yield return part.Name;
        }

        foreach (var part in now.EnumerateObject())
        {
            if (!before.TryGetProperty(part.Name, out _)) yield return part.Name;
        }
    }

    private static void CheckKey(GrainRow row, KeyView key)
    {
        if (row.Exists == key.IsDeleted) throw new Violation(Rules.Listing, $"{row.Id} is counted wrongly");
        if (key.IsDeleted != row.Listing is null) throw new Violation(Rules.Listing, $"{row.Id} is listed wrongly");
        if (row.Listing is KeyListing listing && (listing.KeyState != key.State || listing.Alias != (key.Alias ?? "")))
            throw new Violation(Rules.Listing, $"{row.Id} is {key.State} and listed as {listing.KeyState}");
        CheckReminder(row, Reminder.DeleteKey, key.IsDeleted ? null : key.DeletionDate);
        CheckReminder(row, Reminder.ExpireMaterial, key.IsDeleted ? null : key.MaterialExpiry);
        var rotates = !key.IsDeleted && key.State == KeyState.Enabled;
        CheckReminder(row, Reminder.RotateKey, rotates ? key.VersionAt + key.RotationInterval : null);
    }

    private static void CheckReminder(GrainRow row, Reminder reminder, DateTimeOffset? expected)
    {
        if (Due(row, reminder) != expected)
            throw new Violation(Rules.Reminder, $"{row.Id} {reminder} is due {Due(row, reminder):O}, not {expected:O}");
    }

    private void CheckAlias(GrainRow row, string keyId)
    {
        if (row.Listing is not AliasListing listing || listing.KeyId != keyId)
            throw new Violation(Rules.Listing, $"{row.Id} is listed wrongly");
        if (database.Find(GrainId.OfCmk(row.Id.Account, keyId)) is not { Exists: true })
            throw new Violation(Rules.Alias, $"{row.Id} stands for {keyId}");
    }

    private void CheckAccessKey(GrainRow row, AccessKeyView key)
    {
        CheckReminder(row, Reminder.ExpireAccessKey, key.ExpiresAt);
        var holder = key.User is null ? GrainId.OfAccount(key.Account) : GrainId.OfUser(key.Account, key.User);
        if (database.Find(holder)?.Stored.State is not { } state)
            throw new Violation(Rules.Transition, $"{row.Id} is held by {holder}, which is not there");
        using var document = JsonDocument.Parse(state);
        var isOfHolder = document.RootElement.TextsOf("AccessKeys").Contains(row.Id.Name)
            && (key.User is null || document.RootElement.TextOf("Id") == key.UserId);
        if (!isOfHolder) throw new Violation(Rules.Transition, $"{row.Id} is not held by {holder}");
    }

    private static DateTimeOffset? Due(GrainRow row, Reminder reminder) =>
        row.Reminders?.Find(each => each.Reminder == reminder)?.DueAt;

    private static string Of(IReadOnlyList<AuditEvent> events) => string.Join(' ', events);
}
