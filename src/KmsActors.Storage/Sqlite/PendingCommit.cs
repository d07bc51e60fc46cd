using KmsActors.Grains.Hosting;

namespace KmsActors.Storage.Sqlite;

/// <summary>
/// A commit on its way through the writer. Its outcome is set in the transaction and told to its caller
/// after that has become durable.
/// </summary>
internal sealed class PendingCommit(GrainCommit commit)
    : TaskCompletionSource<CommitResult>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public GrainCommit Commit { get; } = commit;

    public CommitResult? Result { get; set; }

    public Exception? Error { get; set; }

    public void Complete()
    {
        if (Error is { } error) SetException(error);
        else SetResult(Result!);
    }
}
