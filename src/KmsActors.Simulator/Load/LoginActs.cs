using System.Text;
using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Simulator;

/// <summary>What users call with: access keys, passwords, tokens.</summary>
internal static class LoginActs
{
    private const int MostKeys = 6;
    private const int MostPasswords = 3;

    /// <summary>Gives a user an access key.</summary>
    public static Task CreateKeyAsync(Session session) => UserActs.OfOneAsync(session, CreateKeyAsync);

    /// <summary>Forbids a user's access key to sign, or lets it again.</summary>
    public static Task SwitchKeyAsync(Session session) => OfKeyAsync(
        session, (session, key) => SwitchKeyAsync(session, key, session.Chance.Happens(0.7)));

    /// <summary>Puts another in the place of a user's access key.</summary>
    public static Task RotateKeyAsync(Session session) => OfKeyAsync(session, async (session, old) =>
    {
        var accessKey = NewId(session);
        var overlap = session.Chance.Happens(0.3) ? TimeSpan.Zero : TimeSpan.FromDays(session.Chance.Between(1, 30));
        var (call, _) = await session.ManageAsync(
            new RotateAccessKey(old.AccessKeyId!, accessKey, Tenant.SecretOf(accessKey), overlap));
        if (!session.IsAnswered(call) || call.Refusal is not null) return;
        session.Judge.Done(call, GrainId.OfAccessKey(accessKey), version => IsActive(version, old.User!));
        Keep(session, new Credential(accessKey, old.User));
    });

    /// <summary>Removes a user's access key.</summary>
    public static Task DeleteKeyAsync(Session session) => OfKeyAsync(session, DeleteKeyAsync);

    /// <summary>Gives a user another password, seldom none.</summary>
    public static Task SetPasswordAsync(Session session) => UserActs.OfOneAsync(session, SetPasswordAsync);

    /// <summary>Asks whether a user has a password.</summary>
    public static Task CheckPasswordAsync(Session session) => UserActs.OfOneAsync(session, async (session, user) =>
    {
        var password = SomePassword(session, user);
        var (call, isRight) = await session.ManageAsync(
            new CheckUserPassword(user.Name, Encoding.UTF8.GetBytes(password)));
        if (!session.IsAnswered(call)) return;
        var id = UserActs.Id(session, user.Name);
        if (call.Refusal is not null)
            session.Judge.Refused(call, Reason.NotThere(RefusalCode.UserNotFound, id));
        else
            session.Judge.Told(
                call,
                id,
                version => version.View(UserView.Of) is { } view && view.Password?.Is(password) == true == isRight);
    });

    /// <summary>Logs a user in, not always by the right password.</summary>
    public static Task LogInAsync(Session session) => UserActs.OfOneAsync(
        session, (session, user) => LogInAsync(session, user, SomePassword(session, user)));

    /// <summary>Takes a token back.</summary>
    public static Task RevokeTokenAsync(Session session) => session.Tenant.UserTokens.Count == 0
        ? Task.CompletedTask
        : RevokeTokenAsync(session, session.Chance.OneOf(session.Tenant.UserTokens));

    /// <summary>Gives one user an access key.</summary>
    public static async Task CreateKeyAsync(Session session, KnownUser user)
    {
        var accessKey = NewId(session);
        var (call, _) = await session.ManageAsync(
            new CreateAccessKey(accessKey, Tenant.SecretOf(accessKey)) { User = user.Name });
        if (!session.IsAnswered(call)) return;
        if (call.Refusal is null)
        {
            session.Judge.Done(call, GrainId.OfAccessKey(accessKey), version => IsActive(version, user.Name));
            Keep(session, new Credential(accessKey, user.Name));
            return;
        }

        session.Judge.Refused(
            call,
            Reason.NoAccount(call.Account),
            Reason.ClosedAccount(call.Account),
            Reason.NotThere(RefusalCode.UserNotFound, UserActs.Id(session, user.Name)),
            new Reason(
                RefusalCode.LimitExceeded,
                UserActs.Id(session, user.Name),
                version => version.View(UserView.Of)?.AccessKeys.Count >= 10));
    }

    /// <summary>Forbids one access key of a user to sign, or lets it again.</summary>
    public static Task SwitchKeyAsync(Session session, Credential key, bool isEnabled) => ChangeKeyAsync(
        session,
        key,
        new SetAccessKeyStatus(key.AccessKeyId!, isEnabled),
        version => version.View(AccessKeyView.Of)?.IsEnabled == isEnabled);

    /// <summary>Removes one access key of a user.</summary>
    public static Task DeleteKeyAsync(Session session, Credential key) => ChangeKeyAsync(
        session, key, new DeleteAccessKey(key.AccessKeyId!), version => version.Stored is null);

    /// <summary>Gives one user another password, seldom none; tokens are good no longer.</summary>
    public static Task SetPasswordAsync(Session session, KnownUser user)
    {
        var password = session.Chance.Happens(0.1) ? null : NewPassword(session);
        if (password is not null) user.Password = password;
        ReadOnlyMemory<byte>? bytes = password is null ? null : new(Encoding.UTF8.GetBytes(password));
        return UserActs.ChangeAsync(
            session,
            user,
            new SetUserPassword(user.Name, bytes),
            view => password is null ? view.Password is null : view.Password?.Is(password) == true);
    }

    /// <summary>Logs one user in by a password.</summary>
    public static async Task LogInAsync(Session session, KnownUser user, string password)
    {
        var project = new ProjectReference(session.Tenant.Project, null);
        var (call, issued) = await session.ManageAsync(
            new IssueAuthToken(user.Name, Encoding.UTF8.GetBytes(password), project));
        if (!session.IsAnswered(call)) return;
        session.Judge.LoggedIn(call, user.Name, password);
        if (call.Refusal == RefusalCode.LimitExceeded)
            session.Judge.AtLimit(call, GrainKind.AuthToken);
        else if (call.Refusal is not (null or RefusalCode.PasswordWrong))
            session.Judge.Refused(call, ProjectActs.NotServed(session));
        if (issued is null) return;
        var token = new Credential(null, user.Name, issued.Text);
        session.Judge.Done(
            call,
            token.TokenId!.Value,
            version => version.View(TokenView.Of) is { } view && view.ExpiresAt == issued.Token.ExpiresAt);
        session.Tenant.Keep(token);
    }

    /// <summary>Takes one token back.</summary>
    public static async Task RevokeTokenAsync(Session session, Credential token)
    {
        var (call, _) = await session.ManageAsync(new RevokeAuthToken(token.Token!));
        if (!session.IsAnswered(call)) return;
        var id = token.TokenId!.Value;
        if (call.Refusal is null) session.Judge.Done(call, id, version => version.Stored is null);
        else session.Judge.Refused(call, Reason.NotThere(RefusalCode.TokenInvalid, id));
    }

    /// <summary>A password that somebody may have.</summary>
    public static string NewPassword(Session session) => $"password-{session.Chance.Below(MostPasswords)}";

    private static async Task OfKeyAsync(Session session, Func<Session, Credential, Task> act)
    {
        if (session.Tenant.UserKeys.Count > 0) await act(session, session.Chance.OneOf(session.Tenant.UserKeys));
    }

    private static async Task ChangeKeyAsync(
        Session session, Credential key, IOperation<Done> operation, Func<GrainVersion, bool> isDone)
    {
        var (call, _) = await session.ManageAsync(operation);
        if (!session.IsAnswered(call)) return;
        var id = GrainId.OfAccessKey(key.AccessKeyId!);
        if (call.Refusal is null) session.Judge.Done(call, id, isDone);
        else session.Judge.Refused(call, Reason.NotThere(RefusalCode.AccessKeyNotFound, id));
    }

    private static string SomePassword(Session session, KnownUser user) =>
        session.Chance.Happens(0.7) ? user.Password : NewPassword(session);

    private static void Keep(Session session, Credential key)
    {
        session.Tenant.UserKeys.Add(key);
        if (session.Tenant.UserKeys.Count > MostKeys) session.Tenant.UserKeys.RemoveAt(0);
    }

    private static bool IsActive(GrainVersion version, string user) =>
        version.View(AccessKeyView.Of) is { IsEnabled: true, ExpiresAt: null } view && view.User == user;

    private static string NewId(Session session) => $"UK-{session.Tenant.Account}-{session.Number}-{session.Calls}";
}
