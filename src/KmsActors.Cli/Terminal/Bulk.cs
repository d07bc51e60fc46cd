using System.Runtime.ExceptionServices;
using System.Text.Json;

namespace KmsActors.Cli;

/// <summary>The same call many times, a few at once, with a progress bar when it takes long.</summary>
internal static class Bulk
{
    /// <summary>The most of one command.</summary>
    public const int Most = 100_000;

    private const int AtOnce = 8;

    /// <summary>
    /// Makes <paramref name="count"/> things. After the first failure, or Ctrl-C, nothing more is begun, but what was
    /// made is shown before the failure is.
    /// </summary>
    public static async Task MakeAsync(
        Call call, string title, int count, Func<int, Task<JsonElement>> make, Action<List<JsonElement>> show)
    {
        call.Service.FinishesWhatIsSent = true;
        var (made, failure) = await RunAsync(call, title, count, make);
        show(made);
        if (made.Count < count) call.Output.Say($"{made.Count} of {count} made.");
        failure?.Throw();
    }

    /// <summary>The results in their order, as far as it came, and what ended it early.</summary>
    public static async Task<(List<JsonElement> Results, ExceptionDispatchInfo? Failure)> RunAsync(
        Call call, string title, int count, Func<int, Task<JsonElement>> one)
    {
        var results = new JsonElement?[count];
        var next = -1;
        var done = 0;
        ExceptionDispatchInfo? failure = null;
        var work = Task.WhenAll(Enumerable.Range(0, Math.Min(AtOnce, count)).Select(_ => WorkAsync()));
        await Progress.ShowAsync(call, title, count, () => Volatile.Read(ref done), work);
        await work;
        return ([.. results.Where(each => each is not null).Select(each => each!.Value)], failure);

        async Task WorkAsync()
        {
            while (Volatile.Read(ref failure) is null && Interlocked.Increment(ref next) is var index && index < count)
            {
                try
                {
                    call.Cancellation.ThrowIfCancellationRequested();
                    results[index] = await one(index);
                    Interlocked.Increment(ref done);
                }
#pragma warning disable CA1031 // Whatever ends it, what was made has to be shown first.
                catch (Exception ended)
#pragma warning restore CA1031
                {
                    Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(ended), null);
                }
            }
        }
    }
}
