using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Server;

/// <summary>An account's users: <c>/accounts/{account}/users</c>.</summary>
internal static class UserEndpoints
{
    public static void Map(RouteGroupBuilder admin)
    {
        var users = admin.MapGroup("/accounts/{account}/users");
        users.MapGet("", ListAsync).Describe<ListBody<UserBody>>("ListUsers", "Lists an account's users.");
        users.MapPost("", CreateAsync).Describe<UserBody>(
            "CreateUser", "Creates a user, who may do nothing until policies say so.", StatusCodes.Status201Created);
        users.MapGet("/{user}", (string account, string user, AdminCall call) => DescribeAsync(call, user))
            .Describe<UserBody>("DescribeUser", "Describes a user.");
        users.MapPatch("/{user}", (string account, string user, AdminCall call, EnabledBody body) =>
            ChangeAsync(call, user, new SetUserStatus(user, body.Enabled))).Describe<UserBody>(
            "SetUserStatus", "Lets things be done in a user's name, or forbids it. Tokens do not come back.");
        users.MapDelete("/{user}", (string account, string user, AdminCall call) =>
            call.AnswerAsync(new DeleteUser(user))).DescribeNothing(
            "DeleteUser", "Removes a user with his access keys; his tokens are good no longer.");
        users.MapPut("/{user}/password", SetPasswordAsync).DescribeNothing(
            "SetUserPassword", "Gives a user another password. His tokens are good no longer.");
        users.MapDelete("/{user}/password", (string account, string user, AdminCall call) =>
            call.AnswerAsync(new SetUserPassword(user, null))).DescribeNothing(
            "RemoveUserPassword", "Leaves a user with access keys only.");
        users.MapPut("/{user}/groups/{group}", (string account, string user, string group, AdminCall call) =>
            call.AnswerAsync(new AddUserToGroup(user, group))).DescribeNothing(
            "AddUserToGroup", "Puts a user into a group.");
        users.MapDelete("/{user}/groups/{group}", (string account, string user, string group, AdminCall call) =>
            call.AnswerAsync(new RemoveUserFromGroup(user, group))).DescribeNothing(
            "RemoveUserFromGroup", "Takes a user out of a group.");
        users.MapGet("/{user}/policies", (string account, string user, AdminCall call) =>
            call.AnswerAsync(new DescribeUser(user), PoliciesOf)).Describe<PoliciesBody>(
            "GetUserPolicies", "Tells a user's own policies.");
        users.MapPut("/{user}/policies", (string account, string user, AdminCall call, PoliciesBody body) =>
            call.AnswerAsync(new SetUserPolicies(user, body.ToPolicies()), new DescribeUser(user), PoliciesOf))
            .Describe<PoliciesBody>("SetUserPolicies", "Replaces a user's own policies.");
    }

    private static Task<IResult> ListAsync(
        string account, AdminCall call, string? after = null, int limit = Paging.Default) =>
        call.ListAsync(after, limit, page => new ListUsers(page.After, page.Limit), UserBody.Of);

    private static async Task<IResult> CreateAsync(string account, AdminCall call, NewUserBody body)
    {
        using var password = body.Password;
        var operation = new CreateUser(body.Name) { Password = password?.Utf8 };
        return await call.WithStatusAsync(
            StatusCodes.Status201Created, ChangeAsync(call, body.Name, operation));
    }

    private static async Task<IResult> SetPasswordAsync(
        string account, string user, AdminCall call, PasswordBody body)
    {
        using var password = body.Password;
        return await call.AnswerAsync(new SetUserPassword(user, password.Utf8));
    }

    private static Task<IResult> DescribeAsync(AdminCall call, string user) =>
        call.AnswerAsync(new DescribeUser(user), state => UserBody.Of(user, state));

    private static Task<IResult> ChangeAsync(AdminCall call, string user, IOperation<Done> change) =>
        call.AnswerAsync(change, new DescribeUser(user), state => UserBody.Of(user, state));

    private static PoliciesBody PoliciesOf(UserState user) => PoliciesBody.Of(user.Policies);
}
