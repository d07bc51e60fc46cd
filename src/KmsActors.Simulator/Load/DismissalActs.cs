namespace KmsActors.Simulator;

/// <summary>Takes users' rights away while they are used.</summary>
internal static class DismissalActs
{
    private const int Uses = 3;

    /// <summary>
    /// Takes a user's right away, in one of all the ways there are, and has him try to use it at several nodes as soon
    /// as that is answered.
    /// </summary>
    public static async Task DismissAndUseAsync(Session session)
    {
        var credential = session.Tenant.PickUsersCredential(session.Chance);
        var user = session.Tenant.Users.Find(each => each.Name == credential?.User);
        if (user is null) return;
        // So that every node has him in memory.
        await UseAsync(session, credential!);
        await DismissAsync(session, user, credential!);
        await UseAsync(session, credential!);
        if (!session.Chance.Happens(0.5)) return;
        await UserActs.SwitchAsync(session, user, isEnabled: true);
        await UserActs.SetPoliciesAsync(session, user, PolicyActs.SomePolicies(session));
        await UseAsync(session, credential!);
    }

    private static Task DismissAsync(Session session, KnownUser user, Credential credential)
    {
        switch (session.Chance.Below(8))
        {
            case 0:
                return UserActs.SwitchAsync(session, user, isEnabled: false);
            case 1:
                return UserActs.DeleteAsync(session, user);
            case 2:
                return UserActs.SetPoliciesAsync(session, user, []);
            case 3:
                return PolicyActs.LeaveAsync(session, user, PolicyActs.SomeName(session));
            case 4:
                return PolicyActs.SetPoliciesAsync(session, PolicyActs.SomeName(session), []);
            case 5:
                return PolicyActs.DeleteAsync(session, PolicyActs.SomeName(session));
            case 6 when credential.AccessKeyId is not null:
                return LoginActs.SwitchKeyAsync(session, credential, isEnabled: false);
            case 7 when credential.AccessKeyId is not null:
                return LoginActs.DeleteKeyAsync(session, credential);
            case 6:
                return LoginActs.RevokeTokenAsync(session, credential);
            default:
                return LoginActs.SetPasswordAsync(session, user);
        }
    }

    private static async Task UseAsync(Session session, Credential credential)
    {
        session.Caller = credential;
        for (var i = 0; i < Uses; i++)
        {
            if (session.Chance.Happens(0.7)) await UseActs.EncryptAsync(session);
            else await ReadActs.DescribeAsync(session);
        }

        session.Caller = null;
    }
}
