using Microsoft.Extensions.Time.Testing;

namespace KmsActors.Grains.Hosting.Tests;

/// <summary>What several nodes have in common beside the store itself: the feed of changes and who is alive.</summary>
internal sealed class SharedStore(IGrainStore store, FakeTimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly List<ChangedGrain> _changes = [];
    private readonly Dictionary<Node, (DateTimeOffset Beat, DateTimeOffset Applied)> _nodes = [];

    /// <summary>A node's connection to it.</summary>
    public sealed class Node(SharedStore shared) : IGrainStore, IChangeFeed
    {
        private int _loads;

        /// <summary>Whether the store does not answer this node.</summary>
        public bool IsAway { get; set; }

        /// <summary>Whether the next answer to a poll says that not all changes are known.</summary>
        public bool HasForgotten { get; set; }

        /// <summary>Awaited by polls after they have been answered by the store.</summary>
        public TaskCompletionSource? PollGate { get; set; }

        /// <summary>Awaited by loads after they have read.</summary>
        public TaskCompletionSource? LoadGate { get; set; }

        public int Loads => _loads;

        public int Polls { get; private set; }

        public async ValueTask<StoredGrain?> LoadAsync(GrainId id, CancellationToken cancellation)
        {
            Require();
            Interlocked.Increment(ref _loads);
            var loaded = await shared.Store.LoadAsync(id, cancellation);
            if (LoadGate is { } gate) await gate.Task;
            return loaded;
        }

        public async ValueTask<CommitResult> CommitAsync(GrainCommit commit, CancellationToken cancellation)
        {
            Require();
            var result = await shared.Store.CommitAsync(commit, cancellation);
            if (result.Status == CommitStatus.Committed)
                shared.Add(commit.Writes.Where(write => write.Change is not null).Select(write => write.Id), result.ETag);
            return result;
        }

        public ValueTask<IReadOnlyList<DueReminder>> DueRemindersAsync(
            DateTimeOffset now, int most, CancellationToken cancellation)
        {
            Require();
            return shared.Store.DueRemindersAsync(now, most, cancellation);
        }

        public async ValueTask<FeedPage> PollAsync(FeedPosition? applied, CancellationToken cancellation)
        {
            Require();
            Polls++;
            var page = shared.Poll(this, applied) with { IsWhole = !HasForgotten };
            HasForgotten = false;
            if (PollGate is { } gate) await gate.Task.WaitAsync(cancellation);
            return page;
        }

        public ValueTask<Spread> SpreadAsync(DateTimeOffset? since, TimeSpan lease, CancellationToken cancellation)
        {
            Require();
            return new(shared.SpreadFrom(this, since, lease));
        }

        public ValueTask LeaveAsync(CancellationToken cancellation)
        {
            Require();
            shared.Remove(this);
            return ValueTask.CompletedTask;
        }

        private void Require()
        {
            if (IsAway) throw new StoreUnavailableException("away");
        }
    }

    private IGrainStore Store => store;

    public Node NewNode() => new(this);

    private void Add(IEnumerable<GrainId> ids, long etag)
    {
        lock (_lock) _changes.AddRange(ids.Select(id => new ChangedGrain(id, etag)));
    }

    private FeedPage Poll(Node node, FeedPosition? applied)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            _nodes[node] = (now, applied?.ReadAt ?? DateTimeOffset.MinValue);
            ChangedGrain[] changed = applied is null ? [] : [.. _changes.Skip((int)applied.Horizon)];
            return new FeedPage(new FeedPosition(_changes.Count, now), changed, true);
        }
    }

    private Spread SpreadFrom(Node node, DateTimeOffset? since, TimeSpan lease)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var at = since ?? now;
            return new Spread(at, _nodes.Count(other =>
                other.Key != node && other.Value.Beat > now - lease && other.Value.Applied <= at));
        }
    }

    private void Remove(Node node)
    {
        lock (_lock) _nodes.Remove(node);
    }
}
