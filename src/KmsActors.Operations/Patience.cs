using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Waiting, within bounds, for what takes the HSA a while to make.</summary>
internal static class Patience
{
    // An RSA pair takes up to a second, and those made ahead are soon used up by a crowd.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    /// <summary>What <paramref name="make"/> makes, or Unavailable when more is asked for than can be made.</summary>
    public static async ValueTask<Outcome<T>> WaitForAsync<T>(
        this OperationContext context, Func<CancellationToken, ValueTask<T>> make)
    {
        using var patience = new CancellationTokenSource(LongestWait, context.Kms.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, context.Cancellation);
        try
        {
            return await make(either.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return new Refusal(RefusalCode.Unavailable);
        }
    }
}
