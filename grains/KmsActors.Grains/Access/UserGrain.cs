using System.Collections.Immutable;

namespace KmsActors.Grains;

/// <summary>
/// Somebody who acts for an account, by password or access key, as far as policies let him. The one named
/// like the account's number is the account itself.
/// </summary>
public sealed class UserGrain : Grain<UserState>
{
    /// <summary>How many attempts to log in may fail before the next has to wait.</summary>
    public const int FreeAttempts = 5;

    /// <summary>The longest wait.</summary>
    public static readonly TimeSpan LongestLock = TimeSpan.FromMinutes(15);

    // 2^10 seconds are more than the longest lock.
    private const int MostDoublings = 10;

    /// <summary>
    /// Whether the user of this name is the account itself, which has all rights and takes no policies
    /// (seed 003, 5.1). The only place that says so.
    /// </summary>
    public static bool IsAccount(string account, string name) => account == name;

    /// <inheritdoc/>
    internal override void CheckState() => StateOrNull?.Check();

    /// <summary>Creates the user, without a right.</summary>
    public Outcome<Done> Create(AccountGrain account, string id, PasswordHash? password, long mostUsers)
    {
        if (account.Closed() is { } closed) return closed;
        if (!AccessRules.IsName(Id.Name)) return Refusal.Invalid("Name");
        if (Exists) return new Refusal(RefusalCode.UserExists);
        State = new UserState { Id = id, CreatedAt = Now, Enabled = true, Password = password };
        LimitCount(mostUsers);
        Audit(AuditEvent.UserCreated);
        return default(Done);
    }

    /// <summary>Removes the user with its access keys, and what tokens in its name could do.</summary>
    /// <param name="accessKeys">All that the user holds.</param>
    public Outcome<Done> Delete(IReadOnlyCollection<AccessKeyGrain> accessKeys)
    {
        if (NotFound() is { } refusal) return refusal;
        Invariant.That(
            State.AccessKeys.SetEquals(accessKeys.Select(key => key.Id.Name)), "the turn has the user's access keys");
        foreach (var key in accessKeys) key.Erase(AuditEvent.AccessKeyDeleted);
        StateOrNull = null;
        Audit(AuditEvent.UserDeleted);
        return default(Done);
    }

    /// <summary>Lets things be done in the user's name, or forbids it. Tokens do not come back.</summary>
    public Outcome<Done> SetEnabled(bool enabled)
    {
        if (NotFound() is { } refusal) return refusal;
        if (State.Enabled == enabled) return default(Done);
        State = enabled
            ? State with { Enabled = true }
            : State with { Enabled = false, TokenGeneration = State.TokenGeneration + 1 };
        Audit(enabled ? AuditEvent.UserEnabled : AuditEvent.UserDisabled);
        return default(Done);
    }

    /// <summary>Gives the user another password, or (null) none. Tokens and failures of before are forgotten.</summary>
    public Outcome<Done> SetPassword(PasswordHash? password)
    {
        if (NotFound() is { } refusal) return refusal;
        State = State with
        {
            Password = password,
            TokenGeneration = State.TokenGeneration + 1,
            FailedLogins = 0,
            LockedUntil = null,
        };
        Audit(AuditEvent.PasswordChanged);
        return default(Done);
    }

    /// <summary>
    /// Takes in a login whose password, that of <paramref name="before"/>, was right; and its hash made anew, if
    /// that was due.
    /// </summary>
    public Outcome<Done> LogIn(UserState before, PasswordHash? rehashed)
    {
        if (!IsOpenTo(before)) return new Refusal(RefusalCode.PasswordWrong);
        if (State.FailedLogins > 0) State = State with { FailedLogins = 0, LockedUntil = null };
        if (rehashed is null) return default(Done);
        State = State with { Password = rehashed };
        Audit(AuditEvent.PasswordRehashed);
        return default(Done);
    }

    /// <summary>
    /// Counts a login whose password was wrong. From the fifth in a row on, the next attempt is not looked at
    /// for a second, then two, then four: state, so that neither a restart nor another node forgets it.
    /// </summary>
    /// <param name="before">Whose password it was not.</param>
    public Outcome<Done> RecordFailedLogin(UserState before)
    {
        if (!IsOpenTo(before)) return default(Done);
        var failed = Math.Min(State.FailedLogins, int.MaxValue - 1) + 1;
        var wait = failed < FreeAttempts
            ? (TimeSpan?)null
            : TimeSpan.FromSeconds(1 << Math.Min(failed - FreeAttempts, MostDoublings));
        State = State with { FailedLogins = failed, LockedUntil = Now + (wait > LongestLock ? LongestLock : wait) };
        Audit(AuditEvent.LoginFailed);
        return default(Done);
    }

    /// <summary>Puts the user into a group.</summary>
    public Outcome<Done> Join(GroupGrain group)
    {
        if (NotFound() is { } refusal) return refusal;
        if (IsAccount(Id.Account, Id.Name)) return Refusal.Invalid("User");
        if (!group.Exists) return new Refusal(RefusalCode.GroupNotFound);
        var groups = State.Groups.SetItem(group.Id.Name, group.State.Id);
        if (groups.Count > AccessRules.MostGroups) return new Refusal(RefusalCode.LimitExceeded);
        if (ReferenceEquals(groups, State.Groups)) return default(Done);
        State = State with { Groups = groups };
        Audit(AuditEvent.UserJoinedGroup);
        return default(Done);
    }

    /// <summary>Takes the user out of a group, which need not exist any more.</summary>
    public Outcome<Done> Leave(string group)
    {
        if (NotFound() is { } refusal) return refusal;
        if (!State.Groups.ContainsKey(group)) return default(Done);
        State = State with { Groups = State.Groups.Remove(group) };
        Audit(AuditEvent.UserLeftGroup);
        return default(Done);
    }

    /// <summary>Replaces the user's own policies.</summary>
    public Outcome<Done> SetPolicies(ImmutableArray<AttachedPolicy> policies)
    {
        if (NotFound() is { } refusal) return refusal;
        if (IsAccount(Id.Account, Id.Name)) return Refusal.Invalid("User");
        if (AccessRules.Check(policies) is { } wrong) return wrong;
        if (State.Policies.SequenceEqual(policies)) return default(Done);
        State = State with { Policies = policies };
        Audit(AuditEvent.UserPoliciesChanged);
        return default(Done);
    }

    /// <summary>Whether a login by the password of then is looked at: another user of the name has another.</summary>
    private bool IsOpenTo(UserState before) =>
        Exists
        && State.Enabled
        && State.Id == before.Id
        && State.TokenGeneration == before.TokenGeneration
        && !State.IsLockedAt(Now);

    internal void Hold(string accessKeyId) => State = State with { AccessKeys = State.AccessKeys.Add(accessKeyId) };

    internal void LetGo(string accessKeyId)
    {
        if (Exists) State = State with { AccessKeys = State.AccessKeys.Remove(accessKeyId) };
    }

    private Refusal? NotFound() => Exists ? null : new Refusal(RefusalCode.UserNotFound);
}
