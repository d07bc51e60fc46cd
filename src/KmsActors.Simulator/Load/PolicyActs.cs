using System.Collections.Immutable;
using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Simulator;

/// <summary>What policies there are, and what the operator does with groups, which give theirs to users.</summary>
internal static class PolicyActs
{
    private const int MostNames = 4;
    private const int MostListed = 100;

    /// <summary>Some policies, of names that no others have: often everything, seldom nothing.</summary>
    public static ImmutableArray<AttachedPolicy> SomePolicies(Session session)
    {
        var count = session.Chance.Happens(0.2) ? 0 : session.Chance.Between(1, 2);
        return [.. Enumerable.Range(0, count).Select(number => new AttachedPolicy
        {
            Name = $"p-{session.Number}-{session.Calls}-{number}",
            Scope = session.Chance.Happens(0.15) ? OneProject(session) : PolicyScope.All,
            Statements = [.. Enumerable.Range(0, session.Chance.Between(1, 2)).Select(_ => SomeStatement(session))],
        })];
    }

    /// <summary>Creates a group.</summary>
    public static async Task CreateAsync(Session session)
    {
        var name = SomeName(session);
        var (call, _) = await session.ManageAsync(new CreateGroup(name));
        if (!session.IsAnswered(call)) return;
        if (call.Refusal is null)
            session.Judge.Done(call, Id(session, name), version => version.View(GroupView.Of) is { Policies: [] });
        else if (call.Refusal == RefusalCode.LimitExceeded)
            session.Judge.AtLimit(call, GrainKind.Group);
        else
            session.Judge.Refused(
                call,
                Reason.NoAccount(call.Account),
                Reason.ClosedAccount(call.Account),
                new Reason(RefusalCode.GroupExists, Id(session, name), version => version.Stored is not null));
    }

    /// <summary>Gives a group other policies.</summary>
    public static Task SetPoliciesAsync(Session session) =>
        SetPoliciesAsync(session, SomeName(session), SomePolicies(session));

    /// <summary>Removes a group.</summary>
    public static Task DeleteAsync(Session session) => DeleteAsync(session, SomeName(session));

    /// <summary>Puts a user into a group.</summary>
    public static Task JoinAsync(Session session) => UserActs.OfOneAsync(session, async (session, user) =>
    {
        var group = SomeName(session);
        var (call, _) = await session.ManageAsync(new AddUserToGroup(user.Name, group));
        if (!session.IsAnswered(call)) return;
        var id = UserActs.Id(session, user.Name);
        if (call.Refusal is null)
            session.Judge.Done(call, id, version => version.View(UserView.Of)?.Groups.ContainsKey(group) == true);
        else
            session.Judge.Refused(
                call,
                Reason.NotThere(RefusalCode.UserNotFound, id),
                Reason.NotThere(RefusalCode.GroupNotFound, Id(session, group)));
    });

    /// <summary>Takes a user out of a group.</summary>
    public static Task LeaveAsync(Session session) =>
        UserActs.OfOneAsync(session, (session, user) => LeaveAsync(session, user, SomeName(session)));

    /// <summary>Has a group described.</summary>
    public static async Task DescribeAsync(Session session)
    {
        var name = SomeName(session);
        var (call, seen) = await session.ManageAsync(new DescribeGroup(name));
        if (!session.IsAnswered(call)) return;
        if (seen is null)
            session.Judge.Refused(call, Reason.NotThere(RefusalCode.GroupNotFound, Id(session, name)));
        else
            session.Judge.Told(
                call,
                Id(session, name),
                version => version.View(GroupView.Of) is { } view
                    && view.Id == seen.Id
                    && view.Policies.SequenceEqual(seen.Policies.Select(policy => policy.Name)));
    }

    /// <summary>Lists the groups.</summary>
    public static async Task ListAsync(Session session)
    {
        var (call, groups) = await session.ManageAsync(new ListGroups("", MostListed));
        if (!session.IsAnswered(call) || groups is null) return;
        session.Judge.Listed(call, GrainKind.Group, [.. groups.Select(group => group.Key)], MostListed);
    }

    /// <summary>Gives a group these policies.</summary>
    public static Task SetPoliciesAsync(Session session, string group, ImmutableArray<AttachedPolicy> policies) =>
        ChangeAsync(
            session,
            group,
            new SetGroupPolicies(group, policies),
            version => version.View(GroupView.Of)?
                .Policies.SequenceEqual(policies.Select(policy => policy.Name)) == true);

    /// <summary>Removes one group.</summary>
    public static Task DeleteAsync(Session session, string group) =>
        ChangeAsync(session, group, new DeleteGroup(group), version => version.Stored is null);

    /// <summary>Takes a user out of one group.</summary>
    public static Task LeaveAsync(Session session, KnownUser user, string group) => UserActs.ChangeAsync(
        session, user, new RemoveUserFromGroup(user.Name, group), view => !view.Groups.ContainsKey(group));

    /// <summary>A name that a group may have.</summary>
    public static string SomeName(Session session) => $"group-{session.Chance.Below(MostNames)}";

    private static async Task ChangeAsync(
        Session session, string group, IOperation<Done> operation, Func<GrainVersion, bool> isDone)
    {
        var (call, _) = await session.ManageAsync(operation);
        if (!session.IsAnswered(call)) return;
        if (call.Refusal is null) session.Judge.Done(call, Id(session, group), isDone);
        else session.Judge.Refused(call, Reason.NotThere(RefusalCode.GroupNotFound, Id(session, group)));
    }

    private static PolicyStatement SomeStatement(Session session)
    {
        var chance = session.Chance;
        var isOfKey = chance.Happens(0.3) && session.Tenant.Keys.Count > 0;
        return new PolicyStatement
        {
            Effect = chance.Happens(0.15) ? PolicyEffect.Deny : PolicyEffect.Allow,
            Actions = chance.Below(5) switch
            {
                0 => ["kms:Encrypt", "kms:Decrypt"],
                1 => ["kms:cmk:get", "kms:GenerateDataKey*", "kms:List*"],
                _ => ["kms:*"],
            },
            Resources = isOfKey ? [chance.OneOf(session.Tenant.Keys).Id] : [],
        };
    }

    private static PolicyScope OneProject(Session session)
    {
        var project = session.Chance.OneOf(session.Tenant.Projects);
        return PolicyScope.OfProject(project.Project ?? AccountProject.IdOf(Judge.Region, project.Account));
    }

    private static GrainId Id(Session session, string group) => GrainId.OfGroup(session.Tenant.Account, group);
}
