using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Simulator;

/// <summary>What is done at once, or as soon as something else is answered, to find what is not in order.</summary>
internal static class RaceActs
{
    private const int Uses = 3;

    /// <summary>Takes a right away, and tries to use it at several nodes as soon as that is answered.</summary>
    public static async Task RevokeAndUseAsync(Session session)
    {
        var usable = session.Tenant.Keys.Where(key => key.Spec.IsSymmetric()).ToList();
        if (usable.Count == 0) return;
        var key = session.Chance.OneOf(usable);
        // So that every node has it in memory.
        await UseAsync(session, key.Id);
        switch (session.Chance.Below(5))
        {
            case 0:
                await KeyActs.ScheduleAsync(session, key.Id, 7);
                break;
            case 1 when session.Tenant.Aliases.Count > 0:
                await AliasActs.MoveAsync(session, session.Chance.OneOf(session.Tenant.Aliases), key.Id);
                break;
            case 2:
                await AccountActs.SwitchAccessKeyAsync(session);
                break;
            default:
                await KeyActs.DisableAsync(session, key.Id);
                break;
        }

        await UseAsync(session, key.Id);
    }

    /// <summary>Gives a right back, which has to be there as soon as that is answered.</summary>
    public static async Task GrantAndUseAsync(Session session)
    {
        if (session.Tenant.Keys.Count == 0) return;
        var keyId = session.Chance.OneOf(session.Tenant.Keys).Id;
        if (session.Chance.Happens(0.5)) await KeyActs.CancelAsync(session, keyId);
        await KeyActs.EnableAsync(session, keyId);
        await UseAsync(session, keyId);
    }

    /// <summary>Makes a key and uses it at once.</summary>
    public static async Task CreateAndUseAsync(Session session)
    {
        var key = await KeyActs.CreateAsync(session, KeySpec.Aes256, isExternal: false, rotationInterval: null);
        if (key is not null) await UseAsync(session, key.Id);
    }

    private static async Task UseAsync(Session session, string keyId)
    {
        var aliases = session.Tenant.Aliases.Count > 0;
        for (var i = 0; i < Uses; i++)
        {
            var own = session.Tenant.Ciphertexts.Find(each => each.KeyId == keyId);
            if (aliases && session.Chance.Happens(0.3)) await UseActs.EncryptByAliasAsync(session);
            else if (own is not null && session.Chance.Happens(0.5)) await UseActs.DecryptAsync(session, own);
            else await UseActs.EncryptAsync(session, keyId);
        }
    }
}
