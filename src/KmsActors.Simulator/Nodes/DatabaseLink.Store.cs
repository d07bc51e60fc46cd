using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Simulator;

/// <content>Grains, their listings, the feed and the board.</content>
internal sealed partial class DatabaseLink
{
    /// <inheritdoc/>
    public ValueTask<StoredGrain?> LoadAsync(GrainId id, CancellationToken cancellation) =>
        AskAsync(() => database.Load(id), cancellation);

    /// <inheritdoc/>
    public ValueTask<CommitResult> CommitAsync(GrainCommit commit, CancellationToken cancellation)
    {
        var answer = Answer<CommitResult>(cancellation);
        world.After(OneWay(), () =>
        {
            if (Refuses(answer)) return;
            var transaction = database.Begin();
            var isCutOff = !isOwn && chance.Happens(trouble.CutsOff);
            if (isCutOff) answer.TrySetException(Unavailable());
            if (latency.IsNone) End(transaction, commit, answer);
            else world.After(
                isCutOff ? chance.Between(TimeSpan.Zero, LongestCutOff) : OneWay(),
                () => End(transaction, commit, answer));
        });
        return new(answer.Task);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DueReminder>> DueRemindersAsync(
        DateTimeOffset now, int most, CancellationToken cancellation) =>
        AskAsync(
            () =>
            {
                // As when all claims are over.
                var asked = trouble.IgnoresClaims ? world.Unskipped + SimulatedReminders.ClaimTime : world.Unskipped;
                return database.Reminders.TakeDue(Node, now, most, asked);
            },
            cancellation);

    /// <inheritdoc/>
    public ValueTask<Page<string>> KeysAsync(
        string account, KeyFilter filter, long offset, int limit, CancellationToken cancellation) =>
        AskAsync(() => database.Listings.Keys(account, filter, offset, limit), cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<KeyValuePair<string, string>>> TagsAsync(
        string account, ProjectSet projects, int limit, CancellationToken cancellation) =>
        AskAsync(() => database.Listings.Tags(account, projects, limit), cancellation);

    /// <inheritdoc/>
    public ValueTask<Page<AliasRow>> AliasesAsync(
        string account, long offset, int limit, CancellationToken cancellation) =>
        AskAsync(() => database.Listings.Aliases(account, offset, limit), cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> NamesAsync(
        GrainKind kind, string account, Rows which, string after, int limit, CancellationToken cancellation) =>
        AskAsync(() => database.Listings.Names(kind, account, which, after, limit), cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<GrainKind, long>> CountsAsync(
        string account, CancellationToken cancellation) =>
        AskAsync(() => database.Listings.Counts(account), cancellation);

    /// <inheritdoc/>
    public ValueTask<Page<AliasRow>> AliasesOfKeyAsync(
        string account, string keyId, long offset, int limit, CancellationToken cancellation) =>
        AskAsync(() => database.Listings.AliasesOfKey(account, keyId, offset, limit), cancellation);

    /// <inheritdoc/>
    public ValueTask<FeedPage> PollAsync(FeedPosition? applied, CancellationToken cancellation)
    {
        var answer = Answer<FeedPage>(cancellation);
        world.After(OneWay(), () =>
        {
            if (Refuses(answer)) return;
            var beat = world.Unskipped;
            database.Feed.Beat(Node, applied, beat);
            if (latency.IsNone) Read(applied, beat, answer);
            else world.After(OneWay(), () => Read(applied, beat, answer));
        });
        return new(answer.Task);
    }

    /// <inheritdoc/>
    public ValueTask<Spread> SpreadAsync(DateTimeOffset? since, TimeSpan lease, CancellationToken cancellation) =>
        AskAsync(() => database.Feed.Spread(Node, since, lease, world.Unskipped), cancellation);

    /// <inheritdoc/>
    public async ValueTask LeaveAsync(CancellationToken cancellation) =>
        await AskAsync(
            () =>
            {
                database.Feed.Leave(Node);
                return true;
            },
            cancellation);

    /// <inheritdoc/>
    public ValueTask<BoardPage> ExchangeAsync(
        IReadOnlyDictionary<string, double> own, TimeSpan age, CancellationToken cancellation) =>
        AskAsync(() => database.Board.Exchange(Node, own, age, world.Unskipped), cancellation);

    private void End(Transaction transaction, GrainCommit commit, TaskCompletionSource<CommitResult> answer)
    {
        // Who goes away takes back what was not committed.
        if (trouble.IsAway || (isOwn && process.HasEnded))
        {
            database.Abort(transaction);
            answer.TrySetException(Unavailable());
            return;
        }

        var result = database.Commit(transaction, commit, world.Unskipped);
        if (chance.Happens(trouble.LosesAnswers)) answer.TrySetException(Unavailable());
        else Return(answer, () => answer.TrySetResult(result));
    }

    private void Read(FeedPosition? applied, DateTimeOffset beat, TaskCompletionSource<FeedPage> answer)
    {
        if (Refuses(answer)) return;
        var page = database.Feed.Read(applied, beat);
        Return(answer, () => answer.TrySetResult(page));
    }
}
