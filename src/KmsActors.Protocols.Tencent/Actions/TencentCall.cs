using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Protocols.Tencent;

/// <summary>One authorized call: its parameters, its answer, and the operation between them.</summary>
internal sealed class TencentCall(OperationContext context, ParameterBinder bind, TencentWriter answer)
{
    /// <summary>The parameters.</summary>
    public ParameterBinder Bind => bind;

    /// <summary>
    /// Runs the operation and renders its result; or says what is wrong with the parameters, in which case the
    /// operation is not run.
    /// </summary>
    /// <param name="operation">The operation.</param>
    /// <param name="render">Writes the action's fields.</param>
    /// <param name="errorOf">What a refusal is in this call, where that is not as in most.</param>
    public async ValueTask<TencentError?> RunAsync<T>(
        IOperation<T> operation, Action<TencentWriter, T> render, Func<Refusal, TencentError>? errorOf = null)
    {
        if (bind.Error is { } error) return error;
        var outcome = await operation.RunAsync(context);
        if (outcome.Refused(out var refusal)) return (errorOf ?? TencentErrors.Of)(refusal);
        using var disposable = outcome.Value as IDisposable;
        render(answer, outcome.Value);
        return null;
    }

    /// <summary>Runs an operation with nothing to tell.</summary>
    public ValueTask<TencentError?> RunAsync(IOperation<Done> operation) => RunAsync(operation, static (_, _) => { });
}
