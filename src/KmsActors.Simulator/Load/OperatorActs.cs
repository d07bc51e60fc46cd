using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Simulator;

/// <summary>What else the operator does about a tenant, and looks at.</summary>
internal static class OperatorActs
{
    private const int MostListed = 100;

    /// <summary>Calls the account otherwise.</summary>
    public static async Task RenameAsync(Session session)
    {
        var name = $"tenant {session.Chance.Below(100)}";
        var (call, _) = await session.ManageAsync(new RenameAccount(name));
        if (!session.IsAnswered(call)) return;
        if (call.Refusal is null)
            session.Judge.Done(call, Id(session), version => version.View(AccountView.Of)?.DisplayName == name);
        else
            session.Judge.Refused(call, Reason.NoAccount(call.Account));
    }

    /// <summary>Has the account described.</summary>
    public static async Task DescribeAsync(Session session)
    {
        var (call, seen) = await session.ManageAsync(new DescribeAccount());
        if (!session.IsAnswered(call)) return;
        if (seen is null)
            session.Judge.Refused(call, Reason.NoAccount(call.Account));
        else
            session.Judge.Told(
                call,
                Id(session),
                version => version.View(AccountView.Of) is { } view
                    && view.Status == seen.Status
                    && view.DisplayName == seen.DisplayName
                    && view.AccessKeys.ToHashSet().SetEquals(seen.AccessKeys));
    }

    /// <summary>Lists the accounts.</summary>
    public static async Task ListAsync(Session session)
    {
        var (call, accounts) = await session.ManageAsync(new ListAccounts("", MostListed));
        if (!session.IsAnswered(call) || accounts is null) return;
        session.Judge.Listed(call, GrainKind.Account, [.. accounts.Select(account => account.Key)], MostListed);
    }

    /// <summary>Has an access key described.</summary>
    public static async Task DescribeAccessKeyAsync(Session session)
    {
        var accessKey = session.Chance.OneOf(session.Tenant.AccessKeys);
        var (call, seen) = await session.ManageAsync(new DescribeAccessKey(accessKey));
        if (!session.IsAnswered(call)) return;
        if (seen is null)
            session.Judge.Refused(
                call, Reason.NotThere(RefusalCode.AccessKeyNotFound, GrainId.OfAccessKey(accessKey)));
        else
            session.Judge.Told(
                call,
                GrainId.OfAccessKey(accessKey),
                version => version.View(AccessKeyView.Of) is { } view
                    && view.IsEnabled == seen.Enabled
                    && view.ExpiresAt == seen.ExpiresAt
                    && view.User == seen.User);
    }

    /// <summary>Lists the access keys of the account itself, or of a user.</summary>
    public static async Task ListAccessKeysAsync(Session session)
    {
        var users = session.Tenant.Users;
        var user = users.Count > 0 && session.Chance.Happens(0.6) ? session.Chance.OneOf(users).Name : null;
        var (call, keys) = await session.ManageAsync(new ListAccessKeys(user));
        if (!session.IsAnswered(call)) return;
        if (keys is null)
        {
            session.Judge.Refused(
                call,
                user is null
                    ? Reason.NoAccount(call.Account)
                    : Reason.NotThere(RefusalCode.UserNotFound, UserActs.Id(session, user)));
            return;
        }

        session.Judge.Listed(
            call,
            GrainKind.AccessKey,
            [.. keys.Select(key => key.Key)],
            MostListed,
            version => version.View(AccessKeyView.Of) is { } view && view.Account == call.Account && view.User == user);
    }

    /// <summary>Has the account have an access key, whatever was done with it before.</summary>
    public static async Task PutAccessKeyAsync(Session session)
    {
        var accessKey = session.Chance.Happens(0.9)
            ? session.Chance.OneOf(session.Tenant.AccessKeys)
            : $"AK-{session.Tenant.Account}-root";
        var (call, _) = await session.ManageAsync(new PutAccessKey(accessKey, Tenant.SecretOf(accessKey)));
        if (!session.IsAnswered(call)) return;
        if (call.Refusal is not null)
        {
            session.Judge.Refused(call, Reason.NoAccount(call.Account), Reason.ClosedAccount(call.Account));
            return;
        }

        session.Judge.Done(
            call,
            GrainId.OfAccessKey(accessKey),
            version => version.View(AccessKeyView.Of) is { IsEnabled: true, ExpiresAt: null, User: null });
        if (!session.Tenant.AccessKeys.Contains(accessKey)) session.Tenant.AccessKeys.Add(accessKey);
    }

    /// <summary>Limits how often a key may be used, or no more.</summary>
    public static async Task SetRateAsync(Session session)
    {
        if (session.Tenant.Keys.Count == 0) return;
        var keyId = session.Chance.OneOf(session.Tenant.Keys).Id;
        Rate? rate = session.Chance.Happens(0.6) ? null : new Rate(session.Chance.Between(1, 10), 10);
        var (call, _) = await session.ManageAsync(new SetKeyRate(keyId, rate));
        if (!session.IsAnswered(call)) return;
        session.Judge.Key(call, keyId, KeyCommand.Read);
        if (call.Refusal is null)
            session.Judge.Done(call, KeyActs.Id(session, keyId), version => version.Key?.Rate == rate?.PerSecond);
    }

    /// <summary>Asks what limits the account.</summary>
    public static async Task GetLimitsAsync(Session session)
    {
        var ofFirst = session with { Tenant = session.Tenant.Projects[0] };
        var (call, limits) = await ofFirst.ManageAsync(new GetAccountLimits());
        if (!session.IsAnswered(call)) return;
        if (limits is null)
        {
            session.Judge.Refused(call, Reason.NoAccount(call.Account));
            return;
        }

        foreach (var (kind, quota) in session.Judge.Quotas)
        {
            var seen = limits.Quotas[Enum.Parse<Quota>(quota)];
            if (kind == GrainKind.Cmk) session.Judge.CountedWithoutDefaultKeys(call, seen.Used!.Value);
            else session.Judge.Counted(call, kind, seen.Used!.Value);
            session.Judge.Limited(call, kind, seen.Limit);
        }
    }

    /// <summary>Sees to it that the account has the default master key of a service.</summary>
    public static async Task EnsureDefaultKeyAsync(Session session)
    {
        var (call, keyId) = await session.ManageAsync(new EnsureDefaultKey(AliasActs.DefaultName));
        if (!session.IsAnswered(call)) return;
        if (keyId is null)
        {
            session.Judge.Refused(call, AliasActs.NoDefaultKey(session));
            return;
        }

        // If there is one already, nobody need have been told before.
        session.Judge.Told(
            call,
            Id(session),
            version => version.View(AccountView.Of)?.DefaultKeysOf(call.Project).Contains(keyId) == true);
        AliasActs.LearnDefaultKey(session, keyId);
    }

    private static GrainId Id(Session session) => GrainId.OfAccount(session.Tenant.Account);
}
