using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Protocols.Huawei;

/// <summary>One authorized call: its fields, its answer, and the operation between them.</summary>
internal sealed class HuaweiCall(
    OperationContext context, RequestTarget target, FieldBinder bind, HuaweiWriter answer)
{
    /// <summary>The fields of the body.</summary>
    public FieldBinder Bind => bind;

    /// <summary>The region, as keys have it.</summary>
    public string Realm => context.Kms.Region;

    /// <summary>The caller's account.</summary>
    public string DomainId => context.Account;

    /// <summary>The time, UTC.</summary>
    public DateTimeOffset Now => context.Now;

    /// <summary>The key id in the path of <c>{key_id}/…</c>.</summary>
    public string KeyIdInPath() => bind.KeyIdOf(target.Resource[0]);

    /// <summary>The key of a tag in the path of <c>{key_id}/tags/{key}</c>.</summary>
    public string TagKeyInPath() => target.Resource[2];

    /// <summary>
    /// Runs the operation and renders its result; or says what is wrong with the fields, in which case the
    /// operation is not run.
    /// </summary>
    /// <param name="operation">The operation.</param>
    /// <param name="render">Writes the answer.</param>
    /// <param name="special">The code of a refusal that in this call is not that of all others.</param>
    public async ValueTask<HuaweiError?> RunAsync<T>(
        IOperation<T> operation,
        Action<HuaweiWriter, T> render,
        Func<RefusalCode, HuaweiError?>? special = null)
    {
        if (bind.Error is { } error) return error.About(bind.Culprit);
        var outcome = await operation.RunAsync(context);
        if (outcome.Refused(out var refusal)) return special?.Invoke(refusal.Code) ?? HuaweiErrors.Of(refusal);
        using var disposable = outcome.Value as IDisposable;
        render(answer, outcome.Value);
        return null;
    }

    /// <summary>Runs an operation with nothing to tell.</summary>
    public ValueTask<HuaweiError?> RunAsync(
        IOperation<Done> operation, Func<RefusalCode, HuaweiError?>? special = null) =>
        RunAsync(operation, static (_, _) => { }, special);
}
