using System.Security.Cryptography;
using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Server;

/// <summary>Accounts: <c>/accounts</c>.</summary>
internal static class AccountEndpoints
{
    private const int DefaultDays = 30;
    private const int DigitsOfNumber = 16;

    public static void Map(RouteGroupBuilder admin)
    {
        admin.MapGet("/accounts", ListAsync).Describe<ListBody<AccountBody>>("ListAccounts", "Lists accounts.");
        admin.MapPost("/accounts", CreateAsync).Describe<AccountBody>(
            "CreateAccount", "Creates an account. A number is used once.", StatusCodes.Status201Created);
        admin.MapGet("/accounts/{account}", (string account, AdminCall call) => DescribeAsync(call))
            .Describe<AccountBody>("DescribeAccount", "Describes an account.");
        admin.MapPatch("/accounts/{account}", (string account, AdminCall call, AccountNameBody body) =>
            ChangeAsync(call, new RenameAccount(body.Name))).Describe<AccountBody>(
            "RenameAccount", "Changes what the operator calls an account.");
        admin.MapPost("/accounts/{account}/suspend", (string account, AdminCall call) =>
            ChangeAsync(call, new SetAccountStatus(Suspended: true))).Describe<AccountBody>(
            "SuspendAccount", "Forbids everything in the account's name, from the answer on.");
        admin.MapPost("/accounts/{account}/resume", (string account, AdminCall call) =>
            ChangeAsync(call, new SetAccountStatus(Suspended: false))).Describe<AccountBody>(
            "ResumeAccount", "Lets a suspended account act again.");
        admin.MapDelete("/accounts/{account}", DeleteAsync).Describe<AccountBody>(
            "DeleteAccount",
            "Suspends an account, and erases it with all that it has, days (0 to 1096) from now.",
            StatusCodes.Status202Accepted);
        admin.MapPost("/accounts/{account}/cancel-deletion", (string account, AdminCall call) =>
            ChangeAsync(call, new CancelAccountDeletion())).Describe<AccountBody>(
            "CancelAccountDeletion", "Takes a deletion back; the account is suspended then.");
        admin.MapPut("/accounts/{account}/default-keys/{service}", EnsureDefaultKeyAsync).Describe<DefaultKeyBody>(
            "EnsureDefaultKey", "Makes the account's default master key of one of the operator's services.");
    }

    private static Task<IResult> ListAsync(AdminCall call, string? after = null, int limit = Paging.Default) =>
        call.ListAsync(after, limit, page => new ListAccounts(page.After, page.Limit), AccountBody.Of);

    private static async Task<IResult> CreateAsync(AdminCall call, NewAccountBody body)
    {
        var number = body.Number ?? NewNumber();
        var context = call.For(number);
        var created = await new CreateAccount(body.Name ?? "").RunAsync(context);
        return created.Refused(out var refusal)
            ? call.Refuse(refusal)
            : await call.WithStatusAsync(
                StatusCodes.Status201Created,
                call.AnswerAsync(context, new DescribeAccount(), state => AccountBody.Of(number, state)));
    }

    private static Task<IResult> DescribeAsync(AdminCall call) =>
        call.AnswerAsync(new DescribeAccount(), state => AccountBody.Of(call.Context.Account, state));

    private static Task<IResult> ChangeAsync(AdminCall call, IOperation<Done> change) => call.AnswerAsync(
        change, new DescribeAccount(), state => AccountBody.Of(call.Context.Account, state));

    private static Task<IResult> DeleteAsync(
        string account, AdminCall call, ServerOptions options, int days = DefaultDays) =>
        account == options.RootAccount
            ? Task.FromResult(call.Refuse(AdminErrors.RootAccount))
            : call.WithStatusAsync(
                StatusCodes.Status202Accepted, ChangeAsync(call, new ScheduleAccountDeletion(days)));

    private static Task<IResult> EnsureDefaultKeyAsync(string account, string service, AdminCall call)
    {
        if (!call.Kms.DefaultKeyServices.Contains(service))
            return Task.FromResult(call.Refuse(AdminErrors.Invalid("service", "Kms:DefaultKeyServices has it not.")));
        var alias = service + CmkState.DefaultSuffix;
        return call.AnswerAsync(new EnsureDefaultKey(alias), keyId => new DefaultKeyBody(alias, keyId));
    }

    // Ten million millions are enough that none comes twice.
    private static string NewNumber() => "1" + RandomNumberGenerator.GetString("0123456789", DigitsOfNumber - 1);
}
