using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Simulator.Tests;

/// <summary>What a service could do wrong, done on purpose. Each is one mistake that somebody could make.</summary>
internal static class Sabotages
{
    /// <summary>By name: how it is done, and the rules that may be found broken.</summary>
    public static IReadOnlyDictionary<string, Sabotage> All { get; } = new Dictionary<string, Sabotage>
    {
        ["the commit forgets its reminders"] = Rule(new() { KeepsReminders = false }, Rules.Reminder),
        ["the commit does not look at the ETag"] = Rule(
            new() { ChecksETags = false },
            Rules.Transition, Rules.Listing, Rules.LostWrite, Rules.Fault, Rules.Late),
        ["the commit does not list"] = Rule(new() { KeepsListings = false }, Rules.Listing),
        ["aliases stay when their key goes"] = Rule(new() { Cascades = false }, Rules.Alias),
        ["nobody counts"] = Rule(new() { EnforcesCounts = false }, Rules.Quota),
        ["nothing is audited"] = Rule(new() { KeepsAudit = false }, Rules.Audit),
        ["the feed is read by the greatest number"] = Rule(
            new() { ReadsByHorizon = false }, Rules.OldRight, Rules.WrongRefusal),
        ["a revocation does not wait"] = Parts(
            parts => parts with { Feed = Of(parts.Feed, feed => new Feed(feed) { Waits = false }) }, Rules.OldRight, Rules.WrongRefusal),
        ["changes are not heeded"] = Parts(
            parts => parts with { Feed = Of(parts.Feed, feed => new Feed(feed) { Heeds = false }) }, Rules.OldRight, Rules.WrongRefusal),
        ["a node that cannot poll goes on"] = Parts(
            parts => parts with { Feed = Of(parts.Feed, feed => new Feed(feed) { NeverFails = true }) },
            Rules.OldRight, Rules.WrongRefusal),
        ["states are loaded from a cache"] = Parts(
            parts => parts with { Store = new Store(parts.Store) { Caches = _ => true } },
            Rules.OldRight, Rules.WrongRefusal, Rules.Fault),
        ["users are loaded from a cache"] = Cached(GrainKind.User),
        ["tokens are loaded from a cache"] = Cached(GrainKind.AuthToken),
        ["accounts are loaded from a cache"] = Cached(GrainKind.Account),
        ["commits are said to be done"] = Parts(
            parts => parts with { Store = new Store(parts.Store) { Lies = true } }, Rules.LostWrite, Rules.WrongRefusal),
        ["a commit of unknown outcome is made again"] = Parts(
            parts => parts with { Store = new Store(parts.Store) { Repeats = true } },
            Rules.LeftBehind, Rules.Fault, Rules.WrongRefusal, Rules.LostWrite),
        ["deletions are passed over"] = Parts(
            parts => parts with { Store = new Store(parts.Store) { PassesOver = Reminder.DeleteKey } }, Rules.Late),
        ["reminders fire early"] = Parts(
            parts => parts with { Clock = new OtherClock(parts.Clock, TimeSpan.FromMinutes(10)) },
            Rules.Early, Rules.WrongRefusal),
        ["expired material is used"] = Parts(
            parts => parts with { Clock = new OtherClock(parts.Clock, -TimeSpan.FromSeconds(20)) },
            Rules.OldRight, Rules.WrongRefusal),
    };

    private static Sabotage Rule(DatabaseRules rules, params string[] found) => new(rules, parts => parts, found);

    // A node alone has none.
    private static Feed? Of(IChangeFeed? feed, Func<IChangeFeed, Feed> sabotage) => feed is null ? null : sabotage(feed);

    private static Sabotage Parts(Func<NodeParts, NodeParts> parts, params string[] found) =>
        new(DatabaseRules.All, parts, found);

    private static Sabotage Cached(GrainKind kind) => Parts(
        parts => parts with { Store = new Store(parts.Store) { Caches = id => id.Kind == kind } },
        Rules.OldRight, Rules.WrongRefusal, Rules.LostWrite, Rules.Listing);

    /// <summary>One mistake.</summary>
    internal sealed record Sabotage(DatabaseRules Rules, Func<NodeParts, NodeParts> Parts, string[] Found);

    private sealed class Feed(IChangeFeed feed) : IChangeFeed
    {
        public bool Waits { get; init; } = true;

        public bool Heeds { get; init; } = true;

        public bool NeverFails { get; init; }

        public async ValueTask<FeedPage> PollAsync(FeedPosition? applied, CancellationToken cancellation)
        {
            try
            {
                var page = await feed.PollAsync(applied, cancellation);
                return Heeds ? page : page with { Changed = [], IsWhole = true };
            }
            catch (Exception failure)
                when (NeverFails && applied is not null && failure is StoreUnavailableException or OperationCanceledException)
            {
                return new FeedPage(applied!, [], true);
            }
        }

        public ValueTask<Spread> SpreadAsync(DateTimeOffset? since, TimeSpan lease, CancellationToken cancellation) =>
            Waits ? feed.SpreadAsync(since, lease, cancellation) : new(new Spread(DateTimeOffset.MaxValue, 0));

        public ValueTask LeaveAsync(CancellationToken cancellation) => feed.LeaveAsync(cancellation);
    }

    private sealed class Store(IGrainStore store) : IGrainStore
    {
        private readonly Dictionary<GrainId, StoredGrain?> _cache = [];
        private int _commits;

        public Func<GrainId, bool> Caches { get; init; } = _ => false;

        public bool Lies { get; init; }

        public bool Repeats { get; init; }

        public Reminder? PassesOver { get; init; }

        public async ValueTask<StoredGrain?> LoadAsync(GrainId id, CancellationToken cancellation)
        {
            if (Caches(id) && _cache.TryGetValue(id, out var cached)) return cached;
            var loaded = await store.LoadAsync(id, cancellation);
            if (loaded is not null) _cache[id] = loaded;
            return loaded;
        }

        public async ValueTask<CommitResult> CommitAsync(GrainCommit commit, CancellationToken cancellation)
        {
            if (Lies && ++_commits % 10 == 0) return new CommitResult(CommitStatus.Committed, long.MaxValue / 2, []);
            try
            {
                var result = await store.CommitAsync(commit, cancellation);
                foreach (var write in commit.Writes) _cache.Remove(write.Id);
                return result;
            }
            catch (StoreUnavailableException) when (Repeats)
            {
                return await store.CommitAsync(commit, cancellation);
            }
        }

        public async ValueTask<IReadOnlyList<DueReminder>> DueRemindersAsync(
            DateTimeOffset now, int most, CancellationToken cancellation) =>
            [.. (await store.DueRemindersAsync(now, most, cancellation)).Where(due => due.Reminder != PassesOver)];
    }

    private sealed class OtherClock(TimeProvider clock, TimeSpan offset) : TimeProvider
    {
        public override long TimestampFrequency => clock.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() + offset;

        public override long GetTimestamp() => clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            clock.CreateTimer(callback, state, dueTime, period);
    }
}
