using KmsActors.Grains.Hosting;

namespace KmsActors.Simulator;

/// <summary>
/// A node's way to the database. A call takes its time there, at the database, and back, and what is wrong with the
/// database happens to it on the way. When the node ends, what it has sent is carried out or not; not if the database
/// is its own, in its process.
/// </summary>
internal sealed partial class DatabaseLink(
    World world,
    SimulatedDatabase database,
    Trouble trouble,
    Latency latency,
    Chance chance,
    Process process,
    bool isOwn)
    : IGrainStore, IListings, IChangeFeed, IDemandBoard
{
    // A call that was cut off may go on for so long.
    private static readonly TimeSpan LongestCutOff = TimeSpan.FromSeconds(3);

    /// <summary>Whether the node's way is cut, and the others' is not.</summary>
    public bool IsCut { get; set; }

    private int Node => process.Number;

    /// <summary>A call that only looks: read at one instant.</summary>
    private ValueTask<T> AskAsync<T>(Func<T> ask, CancellationToken cancellation = default)
    {
        var answer = Answer<T>(cancellation);
        world.After(OneWay(), () =>
        {
            if (Refuses(answer)) return;
            var result = ask();
            Return(answer, () => answer.TrySetResult(result));
        });
        return new(answer.Task);
    }

    private static TaskCompletionSource<T> Answer<T>(CancellationToken cancellation)
    {
        var answer = new TaskCompletionSource<T>();
        if (cancellation.CanBeCanceled) cancellation.Register(() => answer.TrySetCanceled(cancellation));
        return answer;
    }

    private void Return<T>(TaskCompletionSource<T> answer, Action complete)
    {
        if (latency.IsNone) complete();
        else world.After(OneWay(), () =>
        {
            // What went wrong since went wrong with the answer.
            if (trouble.IsAway || IsCut) answer.TrySetException(Unavailable());
            else complete();
        });
    }

    private bool Refuses<T>(TaskCompletionSource<T> answer)
    {
        var isOver = process.HasEnded && (isOwn || chance.Happens(0.5));
        if (!isOver && !trouble.IsAway && !IsCut && !chance.Happens(trouble.Fails)) return false;
        world.After(OneWay(), () => answer.TrySetException(Unavailable()));
        return true;
    }

    private TimeSpan OneWay() =>
        latency.IsNone ? TimeSpan.Zero : chance.Between(latency.Least, latency.Most) * trouble.Slowness;

    private static StoreUnavailableException Unavailable() => new("The simulated database does not answer.");
}
