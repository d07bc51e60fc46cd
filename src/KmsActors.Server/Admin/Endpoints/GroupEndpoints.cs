using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Server;

/// <summary>An account's groups of users: <c>/accounts/{account}/groups</c>.</summary>
internal static class GroupEndpoints
{
    public static void Map(RouteGroupBuilder admin)
    {
        var groups = admin.MapGroup("/accounts/{account}/groups");
        groups.MapGet("", ListAsync).Describe<ListBody<GroupBody>>("ListGroups", "Lists an account's groups.");
        groups.MapPost("", (string account, AdminCall call, NewGroupBody body) => call.WithStatusAsync(
            StatusCodes.Status201Created,
            call.AnswerAsync(
                new CreateGroup(body.Name), new DescribeGroup(body.Name), state => GroupBody.Of(body.Name, state))))
            .Describe<GroupBody>(
                "CreateGroup", "Creates a group, with nobody in it.", StatusCodes.Status201Created);
        groups.MapGet("/{group}", (string account, string group, AdminCall call) =>
            call.AnswerAsync(new DescribeGroup(group), state => GroupBody.Of(group, state))).Describe<GroupBody>(
            "DescribeGroup", "Describes a group.");
        groups.MapDelete("/{group}", (string account, string group, AdminCall call) =>
            call.AnswerAsync(new DeleteGroup(group))).DescribeNothing(
            "DeleteGroup", "Removes a group; those in it lose its policies.");
        groups.MapGet("/{group}/policies", (string account, string group, AdminCall call) =>
            call.AnswerAsync(new DescribeGroup(group), PoliciesOf)).Describe<PoliciesBody>(
            "GetGroupPolicies", "Tells a group's policies.");
        groups.MapPut("/{group}/policies", (string account, string group, AdminCall call, PoliciesBody body) =>
            call.AnswerAsync(new SetGroupPolicies(group, body.ToPolicies()), new DescribeGroup(group), PoliciesOf))
            .Describe<PoliciesBody>("SetGroupPolicies", "Replaces a group's policies.");
    }

    private static Task<IResult> ListAsync(
        string account, AdminCall call, string? after = null, int limit = Paging.Default) =>
        call.ListAsync(after, limit, page => new ListGroups(page.After, page.Limit), GroupBody.Of);

    private static PoliciesBody PoliciesOf(GroupState group) => PoliciesBody.Of(group.Policies);
}
