using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace KmsActors.Grains.Hosting;

/// <summary>
/// Runs grains: turns one at a time per grain, each committed in one transaction with everything that
/// belongs to it, and snapshots for those who only read. With the store, the only place with concurrency.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
public sealed partial class GrainHost : IDisposable
{
    private readonly IGrainStore _store;
    private readonly TimeProvider _time;
    private readonly GrainHostOptions _options;
    private readonly ActivationMap _activations;

    /// <summary>Null when no other node can have the store open.</summary>
    private readonly Coherence? _coherence;

    /// <summary>A host on a store.</summary>
    /// <param name="store">The store.</param>
    /// <param name="time">The clock.</param>
    /// <param name="options">The host's bounds.</param>
    /// <param name="feed">What other nodes change; null when no other node can have the store open.</param>
    /// <param name="log">Told when the feed cannot be followed.</param>
    public GrainHost(
        IGrainStore store,
        TimeProvider time,
        GrainHostOptions options,
        IChangeFeed? feed = null,
        ILogger<GrainHost>? log = null)
    {
        _store = store;
        _time = time;
        _options = options;
        _activations = new ActivationMap(options.MostActivations);
        if (feed is not null)
        {
            _coherence = new Coherence(
                feed, _activations, time, options.Coherence, log ?? NullLogger<GrainHost>.Instance);
        }
    }

    /// <summary>Whether states in memory may be used: other nodes' changes to them are known.</summary>
    public bool MayServe => _coherence?.MayServe ?? true;

    /// <summary>Keeps up with other nodes' changes until cancelled. Before it does, nothing can be read.</summary>
    public Task FollowAsync(CancellationToken cancellation) =>
        _coherence?.RunAsync(cancellation) ?? Task.CompletedTask;

    /// <summary>The grain's latest committed state. Takes no turn; costs a load when it is not in memory.</summary>
    /// <exception cref="StoreUnavailableException">
    /// It had to be loaded and the store cannot answer, or it cannot be told whether another node has changed it.
    /// </exception>
    public ValueTask<Snapshot> ReadAsync(GrainId id, CancellationToken cancellation)
    {
        if (!MayServe) return ValueTask.FromException<Snapshot>(NotServing());
        return _activations.Find(id)?.Snapshot is { } snapshot
            ? new ValueTask<Snapshot>(snapshot)
            : ActivateAsync(id, cancellation);
    }

    /// <summary>
    /// Runs <paramref name="turn"/> on the grain's current state and commits what it did. A refused turn
    /// changes nothing, whatever it did to the grain before it refused. The turn may run more than once,
    /// on fresh state each time.
    /// </summary>
    /// <exception cref="StoreUnavailableException">
    /// The store cannot answer; whether the change took place is unknown.
    /// </exception>
    public ValueTask<Outcome<T>> InTurn<TGrain, T>(
        GrainId id, TurnContext context, Func<TGrain, Outcome<T>> turn, CancellationToken cancellation)
        where TGrain : Grain
    {
        return RunAsync([id], context, grains => turn((TGrain)grains[0]), cancellation);
    }

    /// <summary>
    /// Runs a turn over two grains and commits both or neither. A grain the turn leaves as it was is
    /// still held to its ETag: the commit fails if it changed meanwhile. The first is the audit record's
    /// subject.
    /// </summary>
    /// <inheritdoc cref="InTurn{TGrain, T}"/>
    public ValueTask<Outcome<T>> InTurn<TFirst, TSecond, T>(
        GrainId first,
        GrainId second,
        TurnContext context,
        Func<TFirst, TSecond, Outcome<T>> turn,
        CancellationToken cancellation)
        where TFirst : Grain
        where TSecond : Grain
    {
        return InTurn(
            [first, second], context, grains => turn((TFirst)grains[0], (TSecond)grains[1]), cancellation);
    }

    /// <summary>
    /// Runs a turn over any few grains, each of them once, as over two. They come in the order of
    /// <paramref name="ids"/>.
    /// </summary>
    /// <inheritdoc cref="InTurn{TGrain, T}"/>
    public ValueTask<Outcome<T>> InTurn<T>(
        IReadOnlyList<GrainId> ids, TurnContext context, Func<Grain[], Outcome<T>> turn, CancellationToken cancellation)
    {
        Invariant.That(ids.Distinct().Count() == ids.Count, "a turn takes a grain once");
        return RunAsync([.. ids], context, turn, cancellation);
    }

    /// <summary>
    /// Runs a turn over any few grains that have nothing else to do with each other than what a commit costs, which
    /// they share: all or none, and each that changes has an audit record of its own.
    /// </summary>
    /// <inheritdoc cref="InTurn{TGrain, T}"/>
    public ValueTask<Outcome<Done>> InTurns(
        IReadOnlyList<GrainId> ids, TurnContext context, Action<Grain> turn, CancellationToken cancellation)
    {
        Invariant.That(ids.Distinct().Count() == ids.Count, "a turn takes a grain once");
        return RunAsync<Done>(
            [.. ids],
            context,
            grains =>
            {
                foreach (var grain in grains) turn(grain);
                return default(Done);
            },
            cancellation,
            isOneChange: false);
    }

    /// <summary>Carries out due reminders of any few grains in one turn, and commits all or none.</summary>
    /// <inheritdoc cref="InTurn{TGrain, T}"/>
    public ValueTask<Outcome<Done>> RemindAsync(IReadOnlyList<DueReminder> due, CancellationToken cancellation)
    {
        var reminders = due.ToLookup(each => each.Id, each => each.Reminder);
        return InTurns(
            [.. reminders.Select(each => each.Key)],
            TurnContext.Reminders,
            grain =>
            {
                foreach (var reminder in reminders[grain.Id]) grain.OnReminder(reminder);
            },
            cancellation);
    }

    /// <summary>Forgets all activations and disposes what is attached to them.</summary>
    public void Dispose() => _activations.Clear();

    private async ValueTask<Snapshot> ActivateAsync(GrainId id, CancellationToken cancellation)
    {
        var activation = await TakeTurnAsync(id, cancellation);
        try
        {
            return (await EnsureLoadedAsync(activation, cancellation)).Snapshot;
        }
        finally
        {
            activation.EndTurn();
        }
    }

    private async ValueTask<Activation> TakeTurnAsync(GrainId id, CancellationToken cancellation)
    {
        while (true)
        {
            var activation = _activations.Get(id);
            await activation.TakeTurnAsync(cancellation);
            if (!activation.Evicted) return activation;
            activation.EndTurn();
        }
    }

    /// <summary>The state, and whether it has been read just now.</summary>
    private async ValueTask<(Snapshot Snapshot, bool IsFresh)> EnsureLoadedAsync(
        Activation activation, CancellationToken cancellation)
    {
        while (true)
        {
            if (activation.Snapshot is { } snapshot && MayServe) return (snapshot, _coherence is null);
            var epoch = activation.Epoch;
            var stored = await _store.LoadAsync(activation.Id, cancellation);
            var loaded = Read(activation.Id, stored, _time.GetTimestamp());
            // Of what there is not the feed will not tell when another node makes it, so it is not remembered.
            if (stored is null && _coherence is not null) return (loaded, true);
            if (activation.TryPublish(loaded, epoch)) return (loaded, true);
        }
    }

    private static StoreUnavailableException NotServing() =>
        new("Whether other nodes have changed something cannot be told now.");

    private static Snapshot Read(GrainId id, StoredGrain? stored, long now)
    {
        if (stored is null) return new Snapshot(null, 0) { Since = now };
        var grain = GrainCatalog.New(id.Kind);
        grain.StateObject = JsonSerializer.Deserialize(stored.State, GrainCatalog.StateJson(id.Kind));
        grain.CheckState();
        return new Snapshot(grain.StateObject, stored.ETag) { Since = now };
    }
}
