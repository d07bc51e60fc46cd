using System.Globalization;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Operations;

namespace KmsActors.Protocols.Aliyun;

/// <summary>One authenticated call: its parameters, its answer, and the operation between them.</summary>
internal sealed class AliyunCall(
    OperationContext context, AliyunRequest request, AliyunWriter answer) : IDisposable
{
    /// <summary>The parameters.</summary>
    public ParameterBinder Bind { get; } = new(request, context.Account);

    /// <summary>The region this service is.</summary>
    public string Region => context.Kms.Region;

    /// <summary>
    /// Runs the operation and renders its result; or says what is wrong with the parameters, in which
    /// case the operation is not run.
    /// </summary>
    public async ValueTask<AliyunError?> RunAsync<T>(
        IOperation<T> operation, Action<AliyunWriter, T> render)
    {
        if (Bind.Error is { } error) return error;
        var outcome = await operation.RunAsync(context);
        if (outcome.Refused(out var refusal)) return AliyunErrors.Of(refusal);
        using var disposable = outcome.Value as IDisposable;
        render(answer, outcome.Value);
        return null;
    }

    /// <summary>Runs an operation that answers with nothing but a RequestId.</summary>
    public ValueTask<AliyunError?> RunAsync(IOperation<Done> operation) => RunAsync(operation, static (_, _) => { });

    /// <summary>Answers without an operation.</summary>
    public AliyunError? Answer(Action<AliyunWriter> render)
    {
        if (Bind.Error is { } error) return error;
        render(answer);
        return null;
    }

    /// <summary>An ARN of one of the caller's resources.</summary>
    public string ArnOf(string resource) => Arn.Of(Region, context.Account, resource);

    /// <summary>The caller's account number.</summary>
    public string Account => context.Account;

    /// <summary>A time as this protocol writes it; nothing when there is none.</summary>
    public static string Time(DateTimeOffset? time) =>
        time?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";

    /// <inheritdoc/>
    public void Dispose() => Bind.Dispose();
}
