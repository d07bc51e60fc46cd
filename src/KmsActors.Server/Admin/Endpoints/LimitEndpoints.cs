using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Server;

/// <summary>Limits of an account and of its keys.</summary>
internal static class LimitEndpoints
{
    public static void Map(RouteGroupBuilder admin)
    {
        var account = admin.MapGroup("/accounts/{account}");
        account.MapGet("/limits", (string account, AdminCall call) =>
            call.AnswerAsync(new GetAccountLimits(), Of)).Describe<LimitsBody>(
            "GetLimits", "Tells an account's limits, and how much of them is used in its first project.");
        account.MapPatch("/limits", (string account, AdminCall call, LimitsPatchBody body) =>
            call.AnswerAsync(Change(body), new GetAccountLimits(), Of)).Describe<LimitsBody>(
            "ChangeLimits", "Changes those of an account's limits that are named; at once.");
        account.MapGet("/keys/{key}/rate", GetRateAsync).Describe<RateBody>(
            "GetKeyRate", "Tells how often a key may be used.");
        account.MapPut("/keys/{key}/rate", SetRateAsync).Describe<RateBody>(
            "SetKeyRate", "Limits how often a key may be used; at once.");
        account.MapDelete("/keys/{key}/rate", RemoveRateAsync).DescribeNothing(
            "RemoveKeyRate", "Leaves how often a key may be used to the service again.");
    }

    private static ChangeAccountLimits Change(LimitsPatchBody body) => new()
    {
        Rates = (body.Rates ?? new Dictionary<CallClass, NewRateBody?>())
            .ToDictionary(rate => rate.Key, rate => rate.Value?.ToRate()),
        Quotas = body.Quotas ?? new Dictionary<Quota, long?>(),
    };

    private static LimitsBody Of(GetAccountLimits.Result limits) => new(
        limits.Rates.ToDictionary(rate => rate.Key, rate => RateBody.Of(rate.Value.Rate, rate.Value.IsOwn)),
        limits.Quotas.ToDictionary(
            quota => quota.Key, quota => new QuotaBody(quota.Value.Limit, quota.Value.Used, quota.Value.IsOwn)));

    private static Task<IResult> GetRateAsync(string account, string key, AdminCall call, string? project = null) =>
        InProjectAsync(call, project, context => AnswerAsync(call, context, key));

    private static Task<IResult> SetRateAsync(
        string account, string key, AdminCall call, NewRateBody body, string? project = null) =>
        InProjectAsync(call, project, async context =>
        {
            var set = await new SetKeyRate(key, body.ToRate()).RunAsync(context);
            return set.Refused(out var refusal) ? call.Refuse(refusal) : await AnswerAsync(call, context, key);
        });

    private static Task<IResult> RemoveRateAsync(
        string account, string key, AdminCall call, string? project = null) =>
        InProjectAsync(call, project, async context =>
        {
            var removed = await new SetKeyRate(key, null).RunAsync(context);
            return removed.Refused(out var refusal) ? call.Refuse(refusal) : TypedResults.NoContent();
        });

    private static async Task<IResult> InProjectAsync(
        AdminCall call, string? project, Func<OperationContext, Task<IResult>> answer)
    {
        var found = await AccountProject.FindAsync(
            call.Kms, call.Context.Account, new ProjectReference(project, null), call.Context.Cancellation);
        return found.Refused(out var refusal)
            ? call.Refuse(refusal)
            : await answer(call.Context with { Project = found.Value });
    }

    private static Task<IResult> AnswerAsync(AdminCall call, OperationContext context, string key) =>
        call.AnswerAsync(context, new GetKeyRate(key), rate => RateBody.Of(rate.Rate, rate.IsOwn));
}
