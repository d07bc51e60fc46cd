using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Simulator;

/// <content>Who may call, and what he may.</content>
internal sealed partial class Judge
{
    /// <summary>
    /// Whether the caller was let in, or not, as he had to be. True if it was for other reasons that the call came to
    /// what it did.
    /// </summary>
    public bool Caller(CallRecord call)
    {
        if (call.Caller is not { } caller) return true;
        var isKnown = caller.TokenId is { } token ? IsByToken(call, token) : IsByAccessKey(call, caller.AccessKeyId!);
        if (!isKnown || call.Project is null) return isKnown;
        var serves = AccountsOf(call).Select(account => account?.ServesIn(call.Project) == true).ToList();
        if (!serves.Contains(call.Refusal != RefusalCode.ProjectNotFound))
            throw call.Refusal is RefusalCode.ProjectNotFound
                ? Wrong(call, "the project is enabled")
                : new Violation(Rules.OldRight, $"{call}: the project is not enabled");
        return call.Refusal != RefusalCode.ProjectNotFound;
    }

    /// <summary>
    /// Whether the caller has the right to the call, as far as that can be said of any call, or was refused as he had
    /// to be. True if it was for other reasons that the call came to what it did.
    /// </summary>
    public bool Permitted(CallRecord call)
    {
        var rights = RightsOf(call);
        if (call.Refusal is not (RefusalCode.CallForbidden or RefusalCode.KeyForbidden))
        {
            if (call.Refusal is null && !rights.Exists(right => right.MayCall))
                throw new Violation(Rules.OldRight, $"{call}: nothing gives the right to it");
            return true;
        }

        if (rights.TrueForAll(right => right.IsFull)) throw Wrong(call, "the caller has all rights to it");
        if (call.KeyId is null) return false;
        var (earliest, latest) = TimesOf(call);
        var refusals =
            from right in rights
            from version in Of(GrainId.OfCmk(call.Owner, call.KeyId)).Allowed(call)
            from at in new[] { earliest, latest }
            select right.MayCall ? Forbids(right, call.KeyId, version.Key, at) : RefusalCode.CallForbidden;
        if (!refusals.Contains(call.Refusal)) throw Wrong(call, $"the caller has the right to {call.KeyId}");
        return false;
    }

    /// <summary>Whether a call that is about no key was made by somebody who may.</summary>
    public void WithoutKey(CallRecord call)
    {
        if (call.Refusal is null && !RightsOf(call).Exists(right => right.MayWithoutKey))
            throw new Violation(Rules.OldRight, $"{call}: nothing gives the right to it");
    }

    /// <summary>Whether somebody may pass on what a grant that he made allows.</summary>
    public void PassedOn(CallRecord call, string keyId, IReadOnlyCollection<string> operations)
    {
        var mayPassOn = RightsOf(call).Exists(right => Keys(call, keyId)
            .Any(key => key is not null && right.MayPassOn(keyId, key, operations)));
        if (!mayPassOn) throw new Violation(Rules.OldRight, $"{call}: he has not himself what he granted");
    }

    /// <summary>Whether somebody may give a grant up.</summary>
    public void Retired(CallRecord call, string keyId, string grantId)
    {
        var grants = Keys(call, keyId)
            .SelectMany(key => key?.Grants ?? []).Where(grant => grant.Id == grantId).ToList();
        if (!RightsOf(call).Exists(right => grants.Exists(grant => right.MayRetire(keyId, grant))))
            throw new Violation(Rules.OldRight, $"{call}: it was not his to give up");
    }

    /// <summary>Whether a login came to what it had to.</summary>
    /// <param name="call">The call.</param>
    /// <param name="user">Who is said to log in.</param>
    /// <param name="password">By which password.</param>
    public void LoggedIn(CallRecord call, string user, string password)
    {
        var (from, to) = TimesOf(call);
        var users = UsersOf(call, user);
        var isActive = AccountsOf(call).ConvertAll(account => account?.Status == AccountStatus.Active);
        bool IsRight(UserView? view) => view is { IsEnabled: true } && view.Password?.Is(password) == true;
        if (call.Refusal is not RefusalCode.PasswordWrong)
        {
            if (!isActive.Contains(true) || !users.Exists(view => IsRight(view) && !(view!.LockedUntil > to)))
                throw new Violation(Rules.OldRight, $"{call} of {user}, who may not log in so");
            return;
        }

        // Who became another between the look at the password and the turn has another password.
        var isOther = users.Select(view => (view?.Id, view?.Generation)).Distinct().Count() > 1;
        var isSure = !isOther && !isActive.Contains(false);
        if (isSure && users.TrueForAll(view => IsRight(view) && !(view!.LockedUntil > from)))
            throw Wrong(call, $"it was the password of {user}");
    }

    private bool IsByAccessKey(CallRecord call, string accessKeyId)
    {
        var (from, to) = TimesOf(call);
        var keys = Of(GrainId.OfAccessKey(accessKeyId)).Allowed(call)
            .Select(version => version.View(AccessKeyView.Of)).ToList();
        var isActive = AccountsOf(call).ConvertAll(account => account?.Status == AccountStatus.Active);
        var users = call.Caller!.User is { } name ? UsersOf(call, name) : null;
        bool IsOf(AccessKeyView key, UserView? user) => user is { IsEnabled: true } && user.Id == key.UserId;
        switch (call.Refusal)
        {
            case RefusalCode.AccessKeyNotFound:
                if (!keys.Contains(null)) throw Wrong(call, "there is the access key");
                return false;
            case RefusalCode.AccessKeyDisabled:
                var mustPass = keys.TrueForAll(key => key?.IsActiveAt(to) == true)
                    && !isActive.Contains(false)
                    && users?.TrueForAll(user => keys.TrueForAll(key => IsOf(key!, user))) != false;
                if (mustPass) throw Wrong(call, "the access key, its user and its account are active");
                return false;
            default:
                var mayPass = isActive.Contains(true)
                    && keys.Exists(key =>
                        key?.IsActiveAt(from) == true && users?.Exists(user => IsOf(key, user)) != false);
                if (!mayPass)
                    throw new Violation(Rules.OldRight, $"{call}: access key, user or account is not active");
                return true;
        }
    }

    private bool IsByToken(CallRecord call, GrainId id)
    {
        var (from, to) = TimesOf(call);
        var tokens = Of(id).Allowed(call).Select(version => version.View(TokenView.Of)).ToList();
        var users = UsersOf(call, call.Caller!.User!);
        var isActive = AccountsOf(call).ConvertAll(account => account?.Status == AccountStatus.Active);
        switch (call.Refusal)
        {
            case RefusalCode.TokenInvalid:
                var mustPass = tokens.TrueForAll(token => token is not null && users.TrueForAll(token.IsOf))
                    && !isActive.Contains(false);
                if (mustPass) throw Wrong(call, "the token is good, its user and its account are active");
                return false;
            case RefusalCode.TokenExpired:
                if (!tokens.Exists(token => token?.ExpiresAt <= to)) throw Wrong(call, "the token has not expired");
                return false;
            default:
                var mayPass = isActive.Contains(true)
                    && tokens.Exists(token => token?.ExpiresAt > from && users.Exists(token.IsOf));
                if (!mayPass) throw new Violation(Rules.OldRight, $"{call}: the token is not good");
                return true;
        }
    }

    // What it may do with a key at a time, which may not be there any more.
    private static RefusalCode? Forbids(RightsView right, string keyId, KeyView? key, DateTimeOffset at) =>
        right.Forbids(keyId, key?.IsThereAt(at) == true ? key : null);

    /// <summary>All that the caller's rights may have been seen to be.</summary>
    private List<RightsView> RightsOf(CallRecord call)
    {
        if (call.Caller?.User is not { } name || call.Action is null) return [RightsView.Full];
        var project = call.Project ?? AccountProject.IdOf(Region, call.Account);
        var rights = new List<RightsView>();
        foreach (var user in UsersOf(call, name))
        {
            if (user is not { IsEnabled: true })
            {
                rights.Add(RightsView.None);
                continue;
            }

            IEnumerable<IEnumerable<StatementView>> all = [user.Statements];
            foreach (var (group, id) in user.Groups)
            {
                var groups = Of(GrainId.OfGroup(call.Account, group)).Allowed(call)
                    .Select(version => version.View(GroupView.Of))
                    .Select(view => view?.Id == id ? view.Statements : [])
                    .ToList();
                all = [.. all.SelectMany(before => groups.Select(before.Concat))];
            }

            rights.AddRange(all.Select(statements => RightsView.Of(user, statements, call, project)));
        }

        return rights;
    }

    private List<UserView?> UsersOf(CallRecord call, string name) =>
        [.. Of(GrainId.OfUser(call.Account, name)).Allowed(call)
            .Select(version => version.View(UserView.Of))];

    private List<AccountView?> AccountsOf(CallRecord call) =>
        [.. Of(GrainId.OfAccount(call.Account)).Allowed(call)
            .Select(version => version.View(AccountView.Of))];

    private IEnumerable<KeyView?> Keys(CallRecord call, string keyId) =>
        Of(GrainId.OfCmk(call.Owner, keyId)).Allowed(call).Select(version => version.Key);
}
