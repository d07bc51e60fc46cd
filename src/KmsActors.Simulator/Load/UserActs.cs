using System.Collections.Immutable;
using System.Text;
using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Simulator;

/// <summary>What the operator does with a tenant's users.</summary>
internal static class UserActs
{
    private const int MostNames = 6;
    private const int MostListed = 100;

    /// <summary>Creates a user, who is given some rights at once, and something to call with.</summary>
    public static async Task CreateAsync(Session session)
    {
        var name = $"user-{session.Chance.Below(MostNames)}";
        var user = session.Tenant.Users.Find(each => each.Name == name);
        if (user is null) session.Tenant.Users.Add(user = new KnownUser(name));
        var password = LoginActs.NewPassword(session);
        var (call, _) = await session.ManageAsync(new CreateUser(name) { Password = Encoding.UTF8.GetBytes(password) });
        if (!session.IsAnswered(call)) return;
        if (call.Refusal == RefusalCode.LimitExceeded)
        {
            session.Judge.AtLimit(call, GrainKind.User);
            return;
        }

        if (call.Refusal is not null)
        {
            session.Judge.Refused(
                call,
                Reason.NoAccount(call.Account),
                Reason.ClosedAccount(call.Account),
                new Reason(RefusalCode.UserExists, Id(session, name), version => version.Stored is not null));
            return;
        }

        session.Judge.Done(
            call, Id(session, name), version => version.View(UserView.Of) is { IsEnabled: true, Password: not null });
        user.Password = password;
        await DescribeAsync(session, user);
        await SetPoliciesAsync(session, user, PolicyActs.SomePolicies(session));
        await LoginActs.CreateKeyAsync(session, user);
        if (session.Chance.Happens(0.5)) await LoginActs.LogInAsync(session, user, password);
    }

    /// <summary>Has a user described.</summary>
    public static Task DescribeAsync(Session session) => OfOneAsync(session, DescribeAsync);

    /// <summary>Forbids that anything is done in a user's name, or allows it again.</summary>
    public static Task SwitchAsync(Session session) =>
        OfOneAsync(session, (session, user) => SwitchAsync(session, user, session.Chance.Happens(0.7)));

    /// <summary>Gives a user other policies of its own.</summary>
    public static Task SetPoliciesAsync(Session session) =>
        OfOneAsync(session, (session, user) => SetPoliciesAsync(session, user, PolicyActs.SomePolicies(session)));

    /// <summary>Removes a user.</summary>
    public static Task DeleteAsync(Session session) => OfOneAsync(session, DeleteAsync);

    /// <summary>Lists the users.</summary>
    public static async Task ListAsync(Session session)
    {
        var (call, users) = await session.ManageAsync(new ListUsers("", MostListed));
        if (!session.IsAnswered(call) || users is null) return;
        session.Judge.Listed(call, GrainKind.User, [.. users.Select(user => user.Key)], MostListed);
    }

    /// <summary>Does something with one of the users, if there is one.</summary>
    public static async Task OfOneAsync(Session session, Func<Session, KnownUser, Task> act)
    {
        if (session.Tenant.Users.Count > 0) await act(session, session.Chance.OneOf(session.Tenant.Users));
    }

    /// <summary>Has one user described, by which his id is known.</summary>
    public static async Task DescribeAsync(Session session, KnownUser user)
    {
        var (call, seen) = await session.ManageAsync(new DescribeUser(user.Name));
        if (!session.IsAnswered(call)) return;
        if (seen is null)
        {
            session.Judge.Refused(call, Reason.NotThere(RefusalCode.UserNotFound, Id(session, user.Name)));
            return;
        }

        session.Judge.Told(
            call,
            Id(session, user.Name),
            version => version.View(UserView.Of) is { } view
                && view.Id == seen.Id
                && view.IsEnabled == seen.Enabled
                && view.Generation == seen.TokenGeneration
                && view.Groups.Keys.ToHashSet().SetEquals(seen.Groups.Keys)
                && view.Policies.SequenceEqual(seen.Policies.Select(policy => policy.Name)));
        user.Id = seen.Id;
    }

    /// <summary>Forbids that anything is done in one user's name, or allows it again.</summary>
    public static Task SwitchAsync(Session session, KnownUser user, bool isEnabled) => ChangeAsync(
        session, user, new SetUserStatus(user.Name, isEnabled), view => view.IsEnabled == isEnabled);

    /// <summary>Gives one user these policies.</summary>
    public static Task SetPoliciesAsync(Session session, KnownUser user, ImmutableArray<AttachedPolicy> policies) =>
        ChangeAsync(
            session,
            user,
            new SetUserPolicies(user.Name, policies),
            view => view.Policies.SequenceEqual(policies.Select(policy => policy.Name)));

    /// <summary>Removes one user; who calls with what he had must be refused.</summary>
    public static async Task DeleteAsync(Session session, KnownUser user)
    {
        var (call, _) = await session.ManageAsync(new DeleteUser(user.Name));
        if (!session.IsAnswered(call)) return;
        if (call.Refusal is null) session.Judge.Done(call, Id(session, user.Name), version => version.Stored is null);
        else session.Judge.Refused(call, Reason.NotThere(RefusalCode.UserNotFound, Id(session, user.Name)));
    }

    /// <summary>Changes a user, and judges the answer.</summary>
    public static async Task ChangeAsync(
        Session session, KnownUser user, IOperation<Done> operation, Func<UserView, bool> isDone)
    {
        var (call, _) = await session.ManageAsync(operation);
        if (!session.IsAnswered(call)) return;
        var id = Id(session, user.Name);
        if (call.Refusal is null)
            session.Judge.Done(call, id, version => version.View(UserView.Of) is { } view && isDone(view));
        else
            session.Judge.Refused(call, Reason.NotThere(RefusalCode.UserNotFound, id));
    }

    /// <summary>The id of a user's grain.</summary>
    public static GrainId Id(Session session, string user) => GrainId.OfUser(session.Tenant.Account, user);
}
