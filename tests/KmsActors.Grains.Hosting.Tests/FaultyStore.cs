namespace KmsActors.Grains.Hosting.Tests;

/// <summary>
/// A real store whose n-th call fails: before it is carried out, or after, so that its answer is lost.
/// </summary>
internal sealed class FaultyStore(IGrainStore store) : IGrainStore
{
    private int _calls;

    /// <summary>The call that fails, from 1; 0 for none.</summary>
    public int FailingCall { get; set; }

    /// <summary>Whether the failing call is carried out all the same.</summary>
    public bool LosesAnswer { get; set; }

    public int Calls => _calls;

    public void Reset() => _calls = 0;

    public ValueTask<StoredGrain?> LoadAsync(GrainId id, CancellationToken cancellation) =>
        Call(() => store.LoadAsync(id, cancellation));

    public ValueTask<CommitResult> CommitAsync(GrainCommit commit, CancellationToken cancellation) =>
        Call(() => store.CommitAsync(commit, cancellation));

    public ValueTask<IReadOnlyList<DueReminder>> DueRemindersAsync(
        DateTimeOffset now, int most, CancellationToken cancellation) =>
        Call(() => store.DueRemindersAsync(now, most, cancellation));

    private async ValueTask<T> Call<T>(Func<ValueTask<T>> call)
    {
        var fails = Interlocked.Increment(ref _calls) == FailingCall;
        if (fails && !LosesAnswer) throw new StoreUnavailableException("before");
        var result = await call();
        return fails ? throw new StoreUnavailableException("after") : result;
    }
}
