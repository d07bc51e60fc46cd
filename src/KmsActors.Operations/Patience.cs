using KmsActors.Grains;
using KmsActors.Hsa;

namespace KmsActors.Operations;

/// <summary>Waiting, within bounds, for what takes a while to make.</summary>
internal static class Patience
{
    // An RSA pair takes up to a second, and those made ahead are soon used up by a crowd.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    /// <summary>
    /// What <paramref name="make"/> makes, or Unavailable when more is asked for than can be made, or the HSA is away.
    /// </summary>
    public static ValueTask<Outcome<T>> WaitForAsync<T>(
        this OperationContext context, Func<CancellationToken, ValueTask<T>> make) =>
        WaitForAsync(context.Kms.Time, make, context.Cancellation);

    /// <inheritdoc cref="WaitForAsync{T}(OperationContext, Func{CancellationToken, ValueTask{T}})"/>
    public static async ValueTask<Outcome<T>> WaitForAsync<T>(
        TimeProvider time, Func<CancellationToken, ValueTask<T>> make, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(LongestWait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            return await make(either.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return new Refusal(RefusalCode.Unavailable);
        }
        catch (HsaUnavailableException)
        {
            return new Refusal(RefusalCode.Unavailable);
        }
    }
}
