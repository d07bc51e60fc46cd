using System.Globalization;
using System.Text;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Operations;

namespace KmsActors.Simulator;

/// <summary>What somebody does in a tenant's name, or the operator about him: calls, one after the other.</summary>
/// <param name="Crowd">All who call.</param>
/// <param name="Tenant">In whose name.</param>
/// <param name="Chance">Decides what.</param>
/// <param name="Number">Makes request ids that no other session has.</param>
internal sealed record Session(Crowd Crowd, Tenant Tenant, Chance Chance, string Number)
{
    private const string Operator = "operator";

    // How probable it is that a call is made again that was not answered.
    private const double Retries = 0.4;

    private int _calls;

    /// <summary>Holds answers against the truth.</summary>
    public Judge Judge => Crowd.Judge;

    /// <summary>The true time.</summary>
    public DateTimeOffset Now => Crowd.World.Now;

    /// <summary>Calls as the tenant, with one of its access keys.</summary>
    public Task<Called<T>> CallAsync<T>(PolicyAction? action, IOperation<T> operation)
    {
        var accessKey = Chance.OneOf(Tenant.AccessKeys);
        return CallAsync(accessKey, operation, kms => ServeAsync(kms, accessKey, action, operation));
    }

    /// <summary>Calls as the operator.</summary>
    public Task<Called<T>> ManageAsync<T>(IOperation<T> operation) =>
        CallAsync(null, operation, kms => RunAsync(operation, ContextOf(kms, Operator)));

    /// <summary>
    /// Whether a call's answer is to be judged by what it is about: not when there is none, when the caller was not let
    /// in, or called too often.
    /// </summary>
    public bool IsAnswered(CallRecord call)
    {
        if (call.Answer is null || call.Refusal == RefusalCode.Unavailable) return false;
        if (!Judge.Caller(call)) return false;
        if (call.Refusal != RefusalCode.Throttled) return true;
        Judge.Throttled(call);
        return false;
    }

    private async Task<Called<T>> CallAsync<T>(
        string? accessKey, IOperation<T> operation, Func<Kms, ValueTask<Answer>> serve)
    {
        while (true)
        {
            var called = await CallOnceAsync(accessKey, operation, serve);
            if (called.Call.Answer is not null || !Chance.Happens(Retries)) return called;
        }
    }

    private async Task<Called<T>> CallOnceAsync<T>(
        string? accessKey, IOperation<T> operation, Func<Kms, ValueTask<Answer>> serve)
    {
        var call = new CallRecord(
            string.Create(CultureInfo.InvariantCulture, $"{Number}.{++_calls}"),
            operation.GetType().Name,
            Tenant.Account,
            accessKey)
        {
            CommitsRefusals = operation is ImportKeyMaterial,
        };
        Judge.Begin(call);
        var node = Crowd.PickNode(Chance);
        Crowd.Began(call, node);
        var answer = await node.CallAsync(serve, Crowd.Cluster.OneWay);
        Judge.End(call, answer);
        Crowd.Ended(call);
        return new Called<T>(call, answer is { Refusal: null, Value: T value } ? value : default);
    }

    // As the protocols do it: who it is, how often he has called, what he may do, and then what he asks for.
    private async ValueTask<Answer> ServeAsync<T>(
        Kms kms, string accessKey, PolicyAction? action, IOperation<T> operation)
    {
        var caller = await AccessKeySignature.VerifyAsync(
            kms,
            accessKey,
            static (secret, expected) => secret.SequenceEqual(Encoding.UTF8.GetBytes(expected)),
            Tenant.SecretOf(accessKey),
            CancellationToken.None);
        if (caller.Refused(out var refusal)) return new Answer(refusal.Code, null);
        if (caller.Value is not { } principal) throw new Violation(Rules.Fault, $"{accessKey} has another secret");
        var throttled = await Admission.CountAsync(kms, principal, action, CancellationToken.None);
        if (throttled is not null) return new Answer(throttled.Code, null);
        var rights = await Authorization.RightsAsync(kms, principal, null, action, CancellationToken.None);
        if (rights.Refused(out refusal)) return new Answer(refusal.Code, null);
        return await RunAsync(operation, ContextOf(kms, accessKey) with { Rights = rights.Value });
    }

    private OperationContext ContextOf(Kms kms, string actor) => new(
        kms,
        Tenant.Account,
        new TurnContext(actor, string.Create(CultureInfo.InvariantCulture, $"{Number}.{_calls}")),
        CancellationToken.None);

    private static async ValueTask<Answer> RunAsync<T>(IOperation<T> operation, OperationContext context)
    {
        var outcome = await operation.RunAsync(context);
        return outcome.Refused(out var refusal) ? new Answer(refusal.Code, null) : new Answer(null, outcome.Value);
    }
}

/// <summary>A call that has come to an end.</summary>
/// <param name="Call">The call.</param>
/// <param name="Value">What it returned, if it did.</param>
internal sealed record Called<T>(CallRecord Call, T? Value);
