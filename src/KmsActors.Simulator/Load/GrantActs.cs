using System.Collections.Immutable;
using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Simulator;

/// <summary>What is done with grants of keys.</summary>
internal static class GrantActs
{
    private const int MostListed = 100;
    private const int MostKept = 32;

    private static readonly string[] Operations =
        ["encrypt-data", "decrypt-data", "create-datakey", "describe-key", KeyGrant.CreateGrant, KeyGrant.RetireGrant];

    /// <summary>Grants a user, seldom all of them, a few things with a key.</summary>
    public static Task CreateAsync(Session session)
    {
        var user = SomeUser(session);
        if (user is null || session.Tenant.Keys.Count == 0) return Task.CompletedTask;
        var operations = Operations.Where(_ => session.Chance.Happens(0.5)).DefaultIfEmpty(Operations[0]).ToList();
        return CreateAsync(session, session.Chance.OneOf(session.Tenant.Keys).Id, user, operations);
    }

    /// <summary>Lists the grants of a key.</summary>
    public static async Task ListAsync(Session session)
    {
        if (session.Tenant.Keys.Count == 0) return;
        var keyId = session.Chance.OneOf(session.Tenant.Keys).Id;
        var (call, page) = await session.CallAsync(
            PolicyAction.ListGrants, new ListGrants(keyId, 0, MostListed), keyId);
        if (!session.IsAnswered(call)) return;
        session.Judge.Key(call, keyId, KeyCommand.Read);
        if (page is null) return;
        session.Judge.Told(
            call,
            KeyActs.Id(session, keyId),
            version => version.Key?.Grants.Select(grant => grant.Id)
                .SequenceEqual(page.Items.Select(grant => grant.Id)) == true);
    }

    /// <summary>Takes a grant back.</summary>
    public static Task RevokeAsync(Session session) => session.Tenant.Grants.Count == 0
        ? Task.CompletedTask
        : RevokeAsync(session, session.Chance.OneOf(session.Tenant.Grants));

    /// <summary>Gives a grant up.</summary>
    public static async Task RetireAsync(Session session)
    {
        if (session.Tenant.Grants.Count == 0) return;
        var (keyId, grantId) = session.Chance.OneOf(session.Tenant.Grants);
        var (call, _) = await session.CallAsync(PolicyAction.RetireGrant, new RetireGrant(keyId, grantId));
        if (!session.IsAnswered(call)) return;
        // To who may only retire by another grant, this one is not there.
        if (call.Refusal == RefusalCode.GrantNotFound && call.Caller!.User is not null) return;
        if (call.Refusal is not null)
        {
            session.Judge.Key(call, keyId, (key, at) => Refuses(key, grantId, at));
            return;
        }

        session.Judge.Retired(call, keyId, grantId);
        session.Judge.Done(call, KeyActs.Id(session, keyId), version => !Has(version.Key, grantId));
    }

    /// <summary>
    /// Grants a user a key and has him use it at once, takes the grant back, and has him try again. He may have the
    /// right by policies, too, or not at all.
    /// </summary>
    public static async Task GrantAndUseAsync(Session session)
    {
        var user = SomeUser(session);
        var key = session.Tenant.Keys.Find(key => key.Spec.IsSymmetric());
        Credential? credential = session.Tenant.UserKeys.Find(each => each.User == user?.Name);
        if (user is null || key is null || credential is null) return;
        var granted = await CreateAsync(session, key.Id, user, ["encrypt-data"]);
        session.Caller = credential;
        for (var i = 0; i < 2; i++) await UseActs.EncryptAsync(session, key.Id);
        session.Caller = null;
        if (granted is not { } grant) return;
        await RevokeAsync(session, grant);
        session.Caller = credential;
        for (var i = 0; i < 3; i++) await UseActs.EncryptAsync(session, key.Id);
    }

    /// <summary>Takes one grant back.</summary>
    public static async Task RevokeAsync(Session session, (string KeyId, string GrantId) grant)
    {
        var (keyId, grantId) = grant;
        var (call, _) = await session.CallAsync(PolicyAction.RevokeGrant, new RevokeGrant(keyId, grantId), keyId);
        if (!session.IsAnswered(call)) return;
        session.Judge.Key(call, keyId, (key, at) => Refuses(key, grantId, at));
        if (call.Refusal is null)
            session.Judge.Done(call, KeyActs.Id(session, keyId), version => !Has(version.Key, grantId));
    }

    private static async Task<(string, string)?> CreateAsync(
        Session session, string keyId, KnownUser user, IReadOnlyList<string> operations)
    {
        var isForAccount = session.Chance.Happens(0.2);
        var grantee = isForAccount ? session.Tenant.Account : user.Id!;
        var (call, grantId) = await session.CallAsync(
            PolicyAction.CreateGrant,
            new CreateGrant(keyId, grantee, isForAccount, [.. operations])
            {
                RetiringUser = session.Chance.Happens(0.3) ? SomeUser(session)?.Id : null,
            });
        if (!session.IsAnswered(call)) return null;
        session.Judge.Key(call, keyId, (key, at) => KeyView.Refuses(key, KeyCommand.Annotate, at)
            ?? (key!.Grants.Count >= 100 ? RefusalCode.TooManyGrants : (RefusalCode?)null));
        if (grantId is null) return null;
        session.Judge.PassedOn(call, keyId, operations);
        session.Judge.Done(call, KeyActs.Id(session, keyId), version => Has(version.Key, grantId));
        session.Tenant.Grants.Add((keyId, grantId));
        if (session.Tenant.Grants.Count > MostKept) session.Tenant.Grants.RemoveAt(0);
        return (keyId, grantId);
    }

    private static KnownUser? SomeUser(Session session)
    {
        var known = session.Tenant.Users.Where(user => user.Id is not null).ToList();
        return known.Count == 0 ? null : session.Chance.OneOf(known);
    }

    private static RefusalCode? Refuses(KeyView? key, string grantId, DateTimeOffset at) =>
        KeyView.Refuses(key, KeyCommand.Read, at) ?? (Has(key, grantId) ? null : RefusalCode.GrantNotFound);

    private static bool Has(KeyView? key, string grantId) => key?.Grants.Any(grant => grant.Id == grantId) == true;
}
