using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Simulator;

/// <summary>What the operator does with tenants, and tenants' access keys.</summary>
internal static class AccountActs
{
    private const int MostAccessKeys = 5;

    /// <summary>Makes the account, and its first access key; nothing is lost if it takes several calls.</summary>
    public static async Task OpenAsync(Session session)
    {
        await UntilDoneAsync(session, () => new CreateAccount("tenant"), RefusalCode.AccountExists);
        var accessKey = $"AK-{session.Tenant.Account}-0";
        await UntilDoneAsync(
            session,
            () => new CreateAccessKey(accessKey, Tenant.SecretOf(accessKey)),
            RefusalCode.AccessKeyExists);
        session.Tenant.AccessKeys.Add(accessKey);
    }

    /// <summary>Gives the tenant another access key.</summary>
    public static async Task CreateAccessKeyAsync(Session session)
    {
        if (session.Tenant.AccessKeys.Count >= MostAccessKeys) return;
        var accessKey = NewId(session);
        var (call, _) = await session.ManageAsync(new CreateAccessKey(accessKey, Tenant.SecretOf(accessKey)));
        if (!session.IsAnswered(call) || call.Refusal is not null) return;
        session.Judge.Done(call, GrainId.OfAccessKey(accessKey), IsActive);
        session.Tenant.AccessKeys.Add(accessKey);
    }

    /// <summary>Forbids an access key to sign, or lets it again.</summary>
    public static async Task SwitchAccessKeyAsync(Session session)
    {
        var accessKey = session.Chance.OneOf(session.Tenant.AccessKeys);
        var isEnabled = session.Chance.Happens(0.6);
        var (call, _) = await session.ManageAsync(new SetAccessKeyStatus(accessKey, isEnabled));
        if (!session.IsAnswered(call) || call.Refusal is not null) return;
        session.Judge.Done(
            call,
            GrainId.OfAccessKey(accessKey),
            version => version.View(AccessKeyView.Of)?.IsEnabled == isEnabled);
    }

    /// <summary>Puts another in the place of an access key, which signs for a while longer, or not.</summary>
    public static async Task RotateAccessKeyAsync(Session session)
    {
        var (old, accessKey) = (session.Chance.OneOf(session.Tenant.AccessKeys), NewId(session));
        var overlap = session.Chance.Happens(0.3) ? TimeSpan.Zero : TimeSpan.FromDays(session.Chance.Between(1, 30));
        var (call, _) = await session.ManageAsync(
            new RotateAccessKey(old, accessKey, Tenant.SecretOf(accessKey), overlap));
        if (!session.IsAnswered(call) || call.Refusal is not null) return;
        session.Judge.Done(call, GrainId.OfAccessKey(accessKey), IsActive);
        session.Judge.Done(
            call,
            GrainId.OfAccessKey(old),
            version => overlap > TimeSpan.Zero == version.View(AccessKeyView.Of) is { ExpiresAt: not null });
        session.Tenant.AccessKeys.Add(accessKey);
    }

    /// <summary>Removes an access key, but the last.</summary>
    public static async Task DeleteAccessKeyAsync(Session session)
    {
        if (session.Tenant.AccessKeys.Count < 2) return;
        var accessKey = session.Chance.OneOf(session.Tenant.AccessKeys);
        var (call, _) = await session.ManageAsync(new DeleteAccessKey(accessKey));
        if (!session.IsAnswered(call) || call.Refusal is not null) return;
        session.Judge.Done(call, GrainId.OfAccessKey(accessKey), version => version.Stored is null);
        // Sometimes it goes on being tried, and must be refused.
        var isForgotten = session.Chance.Happens(0.8) && session.Tenant.AccessKeys.Count > 1;
        if (isForgotten) session.Tenant.AccessKeys.Remove(accessKey);
    }

    /// <summary>Suspends the account, or resumes it.</summary>
    public static async Task SwitchAsync(Session session)
    {
        var isSuspended = session.Chance.Happens(0.3);
        var (call, _) = await session.ManageAsync(new SetAccountStatus(isSuspended));
        if (!session.IsAnswered(call) || call.Refusal is not null) return;
        var status = isSuspended ? AccountStatus.Suspended : AccountStatus.Active;
        session.Judge.Done(call, Id(session), version => version.View(AccountView.Of)?.Status == status);
    }

    /// <summary>Has the account erased some day, seldom at once.</summary>
    public static async Task ScheduleDeletionAsync(Session session)
    {
        var days = session.Chance.Happens(0.2) ? 0 : session.Chance.Between(1, 100);
        var (call, _) = await session.ManageAsync(new ScheduleAccountDeletion(days));
        if (!session.IsAnswered(call) || call.Refusal is not null) return;
        session.Judge.Done(
            call, Id(session), version => version.View(AccountView.Of)?.Status == AccountStatus.PendingDeletion);
    }

    /// <summary>Takes that back.</summary>
    public static async Task CancelDeletionAsync(Session session)
    {
        var (call, _) = await session.ManageAsync(new CancelAccountDeletion());
        if (!session.IsAnswered(call) || call.Refusal is not null) return;
        session.Judge.Done(
            call, Id(session), version => version.View(AccountView.Of)?.Status == AccountStatus.Suspended);
    }

    /// <summary>Gives the account other quotas: about as much as it has.</summary>
    public static async Task ChangeQuotasAsync(Session session)
    {
        var quotas = new Dictionary<Quota, long?>
        {
            [Quota.Keys] = session.Chance.Happens(0.5) ? null : session.Chance.Between(2, 12),
            [Quota.Aliases] = session.Chance.Happens(0.5) ? null : session.Chance.Between(1, 5),
            [Quota.ImportTokens] = session.Chance.Happens(0.5) ? null : session.Chance.Between(1, 4),
            [Quota.Users] = session.Chance.Happens(0.7) ? null : session.Chance.Between(1, 5),
            [Quota.Groups] = session.Chance.Happens(0.7) ? null : session.Chance.Between(1, 3),
            [Quota.Tokens] = session.Chance.Happens(0.7) ? null : session.Chance.Between(1, 5),
        };
        var (call, _) = await session.ManageAsync(new ChangeAccountLimits { Quotas = quotas });
        if (!session.IsAnswered(call) || call.Refusal is not null) return;
        session.Judge.Done(
            call,
            Id(session),
            version => version.View(AccountView.Of) is { } view && quotas.All(quota =>
                view.Quotas.GetValueOrDefault(quota.Key.ToString(), -1) == (quota.Value ?? -1)));
    }

    /// <summary>Limits how often the account may call, or no more.</summary>
    public static async Task ChangeRatesAsync(Session session)
    {
        Rate? rate = session.Chance.Happens(0.6) ? null : new Rate(session.Chance.Between(1, 20), 20);
        var rates = new Dictionary<CallClass, Rate?> { [CallClass.Symmetric] = rate };
        var (call, _) = await session.ManageAsync(new ChangeAccountLimits { Rates = rates });
        if (!session.IsAnswered(call) || call.Refusal is not null) return;
        session.Judge.Done(
            call,
            Id(session),
            version => version.View(AccountView.Of) is { } view && view.Rates.Count > 0 == rate is not null);
    }

    /// <summary>Has a tenant that cannot act be able to again, as far as there is a way.</summary>
    public static async Task ReviveAsync(Session session)
    {
        await session.ManageAsync(new CancelAccountDeletion());
        await session.ManageAsync(new SetAccountStatus(Suspended: false));
        foreach (var accessKey in session.Tenant.AccessKeys.ToList())
        {
            var (call, _) = await session.ManageAsync(new SetAccessKeyStatus(accessKey, Enabled: true));
            if (call.Refusal == RefusalCode.AccessKeyNotFound) session.Tenant.AccessKeys.Remove(accessKey);
        }

        if (session.Tenant.AccessKeys.Count == 0)
        {
            var accessKey = NewId(session);
            session.Tenant.AccessKeys.Add(accessKey);
            await session.ManageAsync(new CreateAccessKey(accessKey, Tenant.SecretOf(accessKey)));
        }
    }

    private static async Task UntilDoneAsync(Session session, Func<IOperation<Done>> operation, RefusalCode wasDone)
    {
        while (true)
        {
            var (call, _) = await session.ManageAsync(operation());
            if (call.Answer is { Refusal: null } || call.Refusal == wasDone) return;
        }
    }

    private static bool IsActive(GrainVersion version) =>
        version.View(AccessKeyView.Of) is { IsEnabled: true, ExpiresAt: null };

    private static string NewId(Session session) => $"AK-{session.Tenant.Account}-{session.Number}";

    private static GrainId Id(Session session) => GrainId.OfAccount(session.Tenant.Account);
}
