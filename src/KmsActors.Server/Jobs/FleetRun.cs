using System.Text.Json;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Server;

/// <summary>A run as its job sees it. What it is told is written to the ledger a moment later.</summary>
/// <threadsafety>The job's one caller, and whoever writes notes of it.</threadsafety>
internal sealed class FleetRun
{
    /// <summary>The longest checkpoint and the longest report, in characters of JSON.</summary>
    public const int MostCharacters = 512 * 1024;

    private const int LongestMessage = 200;

    private readonly TimeProvider _time;
    private readonly int _rowsPerSecond;
    private long _paceSince;
    private long _paced;

    // Replaced as a whole, so that a note is of one moment.
    private volatile JobNote _note;

    public FleetRun(JobRun run, TimeProvider time, int rowsPerSecond)
    {
        Run = run;
        _time = time;
        _rowsPerSecond = rowsPerSecond;
        _paceSince = time.GetTimestamp();
        _note = new JobNote(JobRunState.Running, run.Done, run.Total, run.Message, run.Checkpoint, null);
    }

    /// <summary>The run as this attempt at it began.</summary>
    public JobRun Run { get; }

    /// <summary>How much is done, over all attempts.</summary>
    public long Done => _note.Done;

    /// <summary>How far it has come.</summary>
    internal JobNote Latest => _note;

    /// <summary>What the job noted last, in this attempt or an earlier one; null at the beginning.</summary>
    public T? Checkpoint<T>()
        where T : class =>
        _note.Checkpoint is { } text ? JsonSerializer.Deserialize<T>(text, JsonSerializerOptions.Web) : null;

    /// <summary>Tells how far it has come.</summary>
    /// <param name="done">How much is done, over all attempts.</param>
    /// <param name="total">How much there is to do; 0 if that is not known.</param>
    /// <param name="message">What it is at, for people; no secret.</param>
    /// <param name="checkpoint">All that another attempt needs to go on from here, as JSON.</param>
    public void Note<T>(long done, long total, string message, T checkpoint)
        where T : class
    {
        var text = JsonSerializer.Serialize(checkpoint, JsonSerializerOptions.Web);
        Invariant.That(text.Length <= MostCharacters, "a checkpoint is short");
        _note = new JobNote(JobRunState.Running, done, total, Short(message), text, null);
    }

    /// <summary>
    /// Waits until so many rows more, read or written, are no more than <c>Kms:Jobs:RowsPerSecond</c>: others are to
    /// be served meanwhile.
    /// </summary>
    public async Task PaceAsync(int rows, CancellationToken cancellation)
    {
        _paced += rows;
        var ahead = TimeSpan.FromSeconds((double)_paced / _rowsPerSecond) - _time.GetElapsedTime(_paceSince);
        if (ahead > TimeSpan.Zero) await Task.Delay(ahead, _time, cancellation);
        // It is not to make up for having been slow.
        (_paced, _paceSince) = (0, _time.GetTimestamp());
    }

    /// <summary>The note with which this attempt ends.</summary>
    internal JobNote End(JobRunState state, string? message, JobReport? report)
    {
        var text = report is null ? null : JsonSerializer.Serialize(report, JsonSerializerOptions.Web);
        Invariant.That(text is null || text.Length <= MostCharacters, "a report is short");
        var checkpoint = state == JobRunState.Waiting ? _note.Checkpoint : null;
        return _note with
        {
            State = state, Message = message is null ? _note.Message : Short(message), Checkpoint = checkpoint,
            Report = text,
        };
    }

    private static string Short(string text) => text.Length <= LongestMessage ? text : text[..LongestMessage];
}
