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

    /// <summary>How many calls it has made.</summary>
    public int Calls => _calls;

    /// <summary>With what the tenant calls; null for one or the other each time.</summary>
    public Credential? Caller { get; set; }

    /// <summary>Calls as the tenant.</summary>
    /// <param name="action">What it is to policies; null for what is for everybody.</param>
    /// <param name="operation">What is called.</param>
    /// <param name="keyId">The key that alone it is about, if there is one.</param>
    public Task<Called<T>> CallAsync<T>(PolicyAction? action, IOperation<T> operation, string? keyId = null)
    {
        var caller = Caller ?? Tenant.PickCredential(Chance);
        return UntilAnsweredAsync<T>(
            () => NewCall(caller, operation) with { Action = action, KeyId = keyId },
            kms => ServeAsync(kms, caller, action, operation));
    }

    /// <summary>Calls as the operator, or as somebody who logs in.</summary>
    public Task<Called<T>> ManageAsync<T>(IOperation<T> operation) =>
        CallAsync<T>(NewCall(null, operation), kms => RunAsync(operation, ContextOf(kms, Operator)));

    /// <summary>
    /// Whether a call's answer is to be judged by what it is about: not when there is none, when the caller was not let
    /// in, called too often, or has no right to it.
    /// </summary>
    public bool IsAnswered(CallRecord call)
    {
        if (call.Answer is null || call.Refusal == RefusalCode.Unavailable) return false;
        if (!Judge.Caller(call)) return false;
        if (call.Refusal != RefusalCode.Throttled) return Judge.Permitted(call);
        Judge.Throttled(call);
        return false;
    }

    private CallRecord NewCall(Credential? caller, object operation) => new(
        string.Create(CultureInfo.InvariantCulture, $"{Number}.{++_calls}"),
        operation.GetType().Name,
        Tenant.Account,
        caller)
    {
        Project = Tenant.Project,
        CommitsRefusals = operation
            is ImportKeyMaterial or IssueAuthToken or Encrypt { Key.Alias: AliasActs.DefaultName },
    };

    // A tenant's programs call again, as often as not, while there is no answer.
    private async Task<Called<T>> UntilAnsweredAsync<T>(
        Func<CallRecord> newCall, Func<Kms, ValueTask<Answer>> serve)
    {
        while (true)
        {
            var called = await CallAsync<T>(newCall(), serve);
            if (called.Call.Answer is not null || !Chance.Happens(Retries)) return called;
        }
    }

    private async Task<Called<T>> CallAsync<T>(CallRecord call, Func<Kms, ValueTask<Answer>> serve)
    {
        Judge.Begin(call);
        var node = Crowd.PickNode(Chance);
        Crowd.Began(call, node);
        var answer = await node.CallAsync(serve, Crowd.Cluster.OneWay);
        Judge.End(call, answer);
        Crowd.Ended(call);
        return new Called<T>(call, answer is { Refusal: null, Value: T value } ? value : default);
    }

    // As the protocols do it: who it is, where and how often he has called, what he may do, and then what he asks for.
    private async ValueTask<Answer> ServeAsync<T>(
        Kms kms, Credential caller, PolicyAction? action, IOperation<T> operation)
    {
        var cancellation = CancellationToken.None;
        var verified = caller.Token is null ? await SignerAsync(kms, caller) : await HolderAsync(kms, caller.Token);
        if (verified.Refused(out var refusal)) return new Answer(refusal.Code, null);
        var principal = verified.Value;
        if (principal != new Principal(Tenant.Account, caller.User))
            throw new Violation(Rules.OldRight, $"{caller} is taken for {principal}");
        var named = new ProjectReference(Tenant.Project, null);
        var project = await AccountProject.FindAsync(kms, Tenant.Account, named, cancellation);
        if (project.Refused(out refusal)) return new Answer(refusal.Code, null);
        var throttled = await Admission.CountAsync(kms, principal, action, cancellation);
        if (throttled is not null) return new Answer(throttled.Code, null);
        var rights = await Authorization.RightsAsync(kms, principal, project.Value, action, cancellation);
        if (rights.Refused(out refusal)) return new Answer(refusal.Code, null);
        return await RunAsync(operation, ContextOf(kms, caller.ToString()) with { Rights = rights.Value });
    }

    private static async ValueTask<Outcome<Principal>> SignerAsync(Kms kms, Credential caller)
    {
        var signer = await AccessKeySignature.VerifyAsync(
            kms,
            caller.AccessKeyId!,
            static (secret, expected) => secret.SequenceEqual(Encoding.UTF8.GetBytes(expected)),
            Tenant.SecretOf(caller.AccessKeyId!),
            CancellationToken.None);
        if (signer.Refused(out var refusal)) return refusal;
        return signer.Value ?? throw new Violation(Rules.Fault, $"{caller} has another secret");
    }

    private async ValueTask<Outcome<Principal>> HolderAsync(Kms kms, string text)
    {
        var verified = await AuthTokens.VerifyAsync(kms, text, CancellationToken.None);
        if (verified.Refused(out var refusal)) return refusal;
        return verified.Value.Scope == new TokenScope(true, Tenant.Project)
            ? verified.Value.Holder
            : throw new Violation(Rules.OldRight, $"a token of {verified.Value.UserName} is for another project");
    }

    private OperationContext ContextOf(Kms kms, string actor) => new(
        kms,
        Tenant.Account,
        new TurnContext(actor, string.Create(CultureInfo.InvariantCulture, $"{Number}.{_calls}")),
        CancellationToken.None)
    {
        Project = Tenant.Project,
    };

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
