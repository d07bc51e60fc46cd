using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Operations;

namespace KmsActors.Server;

/// <summary>One call of the operator's API: the account that its path names, and how it is carried out.</summary>
internal sealed class AdminCall
{
    private const string Actor = "operator";

    private readonly HttpContext _http;

    private AdminCall(HttpContext http, Kms kms, string account)
    {
        _http = http;
        Kms = kms;
        Context = new OperationContext(
            kms, account, new TurnContext(Actor, AdminBarrier.RequestIdOf(http)), http.RequestAborted);
    }

    /// <summary>The service.</summary>
    public Kms Kms { get; }

    /// <summary>For operations on the account of the path.</summary>
    public OperationContext Context { get; }

    /// <summary>How minimal APIs get one.</summary>
    public static ValueTask<AdminCall?> BindAsync(HttpContext http) => new(new AdminCall(
        http, http.RequestServices.GetRequiredService<Kms>(), http.GetRouteValue("account") as string ?? ""));

    /// <summary>For operations on an account that the path does not name.</summary>
    public OperationContext For(string account) => Context with { Account = account };

    /// <summary>Carries out an operation and answers with what came of it.</summary>
    public Task<IResult> AnswerAsync<T>(IOperation<T> operation, Func<T, object> body) =>
        AnswerAsync(Context, operation, body);

    /// <inheritdoc cref="AnswerAsync{T}(IOperation{T}, Func{T, object})"/>
    public async Task<IResult> AnswerAsync<T>(
        OperationContext context, IOperation<T> operation, Func<T, object> body)
    {
        var outcome = await operation.RunAsync(context);
        return outcome.Refused(out var refusal) ? Refuse(refusal) : TypedResults.Json(body(outcome.Value));
    }

    /// <summary>Carries out one operation, and answers with what another then says.</summary>
    public async Task<IResult> AnswerAsync<T>(IOperation<Done> change, IOperation<T> then, Func<T, object> body)
    {
        var changed = await change.RunAsync(Context);
        return changed.Refused(out var refusal) ? Refuse(refusal) : await AnswerAsync(then, body);
    }

    /// <summary>Carries out an operation that has nothing to say.</summary>
    public async Task<IResult> AnswerAsync(IOperation<Done> operation)
    {
        var outcome = await operation.RunAsync(Context);
        return outcome.Refused(out var refusal) ? Refuse(refusal) : TypedResults.NoContent();
    }

    /// <summary>The same with another status, if it was carried out.</summary>
    public async Task<IResult> WithStatusAsync(int status, Task<IResult> answer)
    {
        var result = await answer;
        if (result is not IStatusCodeHttpResult { StatusCode: >= 400 }) _http.Response.StatusCode = status;
        return result;
    }

    /// <summary>Answers with a refusal.</summary>
    public IResult Refuse(Refusal refusal) => Refuse(AdminErrors.Of(refusal));

    /// <summary>Answers with an error.</summary>
    public IResult Refuse(AdminError error) => AdminBarrier.Problem(_http, error);
}
