using System.Collections.Immutable;

namespace KmsActors.Grains;

/// <summary>A tenant. Its number is the grain's name.</summary>
public sealed partial class AccountGrain : Grain<AccountState>
{
    /// <summary>The most access keys of one holder, an account or a user, unless they are the root's.</summary>
    public const int MostAccessKeys = 10;

    /// <summary>The longest window of an account's deletion, and that of Huawei's keys.</summary>
    public const int MostDeletionDays = 1096;

    /// <summary>
    /// How long an account that is to be deleted does not act before it is erased, at least: longer than any call
    /// that was admitted before takes to end, so that none leaves anything behind.
    /// </summary>
    public static readonly TimeSpan LeastBeforeErasure = TimeSpan.FromSeconds(30);

    private const int LongestNumber = 32;
    private const int LongestName = 128;

    /// <inheritdoc/>
    public override bool Exists => StateOrNull is not null and not { Status: AccountStatus.Deleted };

    /// <inheritdoc/>
    internal override void CheckState() => StateOrNull?.Check();

    /// <summary>Whether a text can be an account's number: 1 to 32 ASCII letters, digits and hyphens.</summary>
    public static bool IsNumber(string text) =>
        text.Length is > 0 and <= LongestNumber && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    /// <summary>Whether a text can be what the operator calls an account.</summary>
    public static bool IsDisplayName(string text) => text.Length <= LongestName && !text.Any(char.IsControl);

    /// <summary>Creates the account. A number is used once.</summary>
    public Outcome<Done> Create(string displayName = "")
    {
        if (!IsNumber(Id.Name)) return Refusal.Invalid("Number");
        if (!IsDisplayName(displayName)) return Refusal.Invalid("Name");
        if (StateOrNull is not null) return new Refusal(RefusalCode.AccountExists);
        State = new AccountState { CreatedAt = Now, DisplayName = displayName };
        Audit(AuditEvent.AccountCreated);
        return default(Done);
    }

    /// <summary>Changes what the operator calls it.</summary>
    public Outcome<Done> Rename(string displayName)
    {
        if (NotFound() is { } refusal) return refusal;
        if (!IsDisplayName(displayName)) return Refusal.Invalid("Name");
        if (State.DisplayName == displayName) return default(Done);
        State = State with { DisplayName = displayName };
        Audit(AuditEvent.AccountRenamed);
        return default(Done);
    }

    /// <summary>Forbids everything in the account's name, or lets it again.</summary>
    public Outcome<Done> SetSuspended(bool suspended)
    {
        if (NotFound() is { } refusal) return refusal;
        if (!State.IsOpen) return new Refusal(RefusalCode.AccountStateFailed);
        var status = suspended ? AccountStatus.Suspended : AccountStatus.Active;
        if (State.Status == status) return default(Done);
        State = State with { Status = status };
        Audit(suspended ? AuditEvent.AccountSuspended : AuditEvent.AccountResumed);
        return default(Done);
    }

    /// <summary>
    /// Suspends the account, and has all that it has erased <paramref name="days"/> from now, 0 to 1096, or at the
    /// earliest after <see cref="LeastBeforeErasure"/>.
    /// </summary>
    public Outcome<Done> ScheduleDeletion(int days)
    {
        if (NotFound() is { } refusal) return refusal;
        if (days is < 0 or > MostDeletionDays) return Refusal.Invalid("Days");
        if (!State.IsOpen) return new Refusal(RefusalCode.AccountStateFailed);
        var due = Now + (days == 0 ? LeastBeforeErasure : TimeSpan.FromDays(days));
        State = State with { Status = AccountStatus.PendingDeletion, DeletionDate = due };
        RemindAt(Reminder.EraseAccount, due);
        Audit(AuditEvent.AccountDeletionScheduled);
        return default(Done);
    }

    /// <summary>Takes the deletion back; the account is suspended then.</summary>
    public Outcome<Done> CancelDeletion()
    {
        if (NotFound() is { } refusal) return refusal;
        if (State.Status != AccountStatus.PendingDeletion || State.DeletionDate <= Now)
            return new Refusal(RefusalCode.AccountStateFailed);
        State = State with { Status = AccountStatus.Suspended, DeletionDate = null };
        ForgetReminder(Reminder.EraseAccount);
        Audit(AuditEvent.AccountDeletionCancelled);
        return default(Done);
    }

    /// <summary>Begins the erasure, of which there is no way back. False if it is not due, or not at all.</summary>
    public Outcome<bool> BeginErasure()
    {
        if (!Exists || State.DeletionDate is not { } date || date > Now) return false;
        if (State.Status == AccountStatus.Deleting) return true;
        State = State with { Status = AccountStatus.Deleting };
        Audit(AuditEvent.AccountErasureBegun);
        return true;
    }

    /// <summary>Ends the erasure: nothing is left of the account but that it was.</summary>
    public Outcome<Done> EndErasure()
    {
        if (!Exists || State.Status != AccountStatus.Deleting) return default(Done);
        State = new AccountState { CreatedAt = State.CreatedAt, Status = AccountStatus.Deleted };
        ForgetReminder(Reminder.EraseAccount);
        Audit(AuditEvent.AccountDeleted);
        return default(Done);
    }

    /// <summary>
    /// Changes what limits the account: how often it may call, and how much it may have. Null leaves that to the
    /// service again; what is not named stays. What the account has already beyond a quota it keeps.
    /// </summary>
    public Outcome<Done> ChangeLimits(
        IReadOnlyDictionary<CallClass, Rate?> rates, IReadOnlyDictionary<Quota, long?> quotas)
    {
        if (NotFound() is { } refusal) return refusal;
        if (!rates.All(rate => Enum.IsDefined(rate.Key) && rate.Value is null or { IsValid: true }))
            return Refusal.Invalid("Rates");
        if (!quotas.All(quota => Enum.IsDefined(quota.Key) && (quota.Value is not { } most || quota.Key.Allows(most))))
            return Refusal.Invalid("Quotas");
        var (ratesThen, quotasThen) = (Changed(State.Rates, rates), Changed(State.Quotas, quotas));
        if (State.Rates.SequenceEqual(ratesThen) && State.Quotas.SequenceEqual(quotasThen)) return default(Done);
        State = State with { Rates = ratesThen, Quotas = quotasThen };
        Audit(AuditEvent.AccountLimitsChanged);
        return default(Done);
    }

    /// <summary>Notes which credentials the service itself has given the account.</summary>
    public Outcome<Done> NoteCredentials(byte[] wrapped)
    {
        if (NotFound() is { } refusal) return refusal;
        State = State with { AppliedCredentials = wrapped };
        Audit(AuditEvent.RootCredentialsApplied);
        return default(Done);
    }

    /// <summary>Why the account is not to be given more of anything, or null.</summary>
    internal Refusal? Closed()
    {
        if (NotFound() is { } refusal) return refusal;
        return State.IsOpen ? null : new Refusal(RefusalCode.AccountStateFailed);
    }

    internal void Hold(string accessKeyId) => State = State with { AccessKeys = State.AccessKeys.Add(accessKeyId) };

    internal void LetGo(string accessKeyId)
    {
        if (Exists) State = State with { AccessKeys = State.AccessKeys.Remove(accessKeyId) };
    }

    private static ImmutableSortedDictionary<TName, T> Changed<TName, T>(
        ImmutableSortedDictionary<TName, T> before, IReadOnlyDictionary<TName, T?> changes)
        where TName : notnull
        where T : struct =>
        before
            .RemoveRange(changes.Keys)
            .AddRange(changes.Where(change => change.Value is not null)
                .Select(change => KeyValuePair.Create(change.Key, change.Value!.Value)));

    private Refusal? NotFound() => Exists ? null : new Refusal(RefusalCode.AccountNotFound);
}
