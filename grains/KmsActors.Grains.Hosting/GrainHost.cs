using System.Text.Json;

namespace KmsActors.Grains.Hosting;

/// <summary>
/// Runs grains: turns one at a time per grain, each committed in one transaction with everything that
/// belongs to it, and snapshots for those who only read. With the store, the only place with concurrency.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
public sealed class GrainHost(IGrainStore store, TimeProvider time, GrainHostOptions options) : IDisposable
{
    private readonly ActivationMap _activations = new(options.MostActivations);

    /// <summary>The grain's latest committed state. Takes no turn; costs a load when it is not in memory.</summary>
    /// <exception cref="StoreUnavailableException">It had to be loaded and the store cannot answer.</exception>
    public ValueTask<Snapshot> ReadAsync(GrainId id, CancellationToken cancellation)
    {
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

    /// <summary>Forgets all activations and disposes what is attached to them.</summary>
    public void Dispose() => _activations.Clear();

    private async ValueTask<Snapshot> ActivateAsync(GrainId id, CancellationToken cancellation)
    {
        var activation = await TakeTurnAsync(id, cancellation);
        try
        {
            return await EnsureLoadedAsync(activation, cancellation);
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

    private async ValueTask<Snapshot> EnsureLoadedAsync(Activation activation, CancellationToken cancellation)
    {
        while (true)
        {
            if (activation.Snapshot is { } snapshot) return snapshot;
            var epoch = activation.Epoch;
            var stored = await store.LoadAsync(activation.Id, cancellation);
            var loaded = Read(activation.Id, stored);
            if (activation.TryPublish(loaded, epoch)) return loaded;
        }
    }

    private static Snapshot Read(GrainId id, StoredGrain? stored)
    {
        if (stored is null) return new Snapshot(null, 0);
        var grain = GrainCatalog.New(id.Kind);
        grain.StateObject = JsonSerializer.Deserialize(stored.State, GrainCatalog.StateJson(id.Kind));
        grain.CheckState();
        return new Snapshot(grain.StateObject, stored.ETag);
    }

    private async ValueTask<Outcome<T>> RunAsync<T>(
        GrainId[] ids, TurnContext context, Func<Grain[], Outcome<T>> turn, CancellationToken cancellation)
    {
        var taken = new List<Activation>(ids.Length);
        try
        {
            foreach (var id in ids.Order()) taken.Add(await TakeTurnAsync(id, cancellation));
            for (var attempt = 0; attempt < options.MostAttempts; attempt++)
            {
                var slots = new TurnSlot[ids.Length];
                for (var i = 0; i < ids.Length; i++)
                {
                    var activation = taken.Find(each => each.Id == ids[i])!;
                    var epoch = activation.Epoch;
                    var snapshot = await EnsureLoadedAsync(activation, cancellation);
                    slots[i] = new TurnSlot(activation, epoch, snapshot, time.GetUtcNow());
                }

                var outcome = turn(Array.ConvertAll(slots, slot => slot.Grain));
                if (outcome.Refused(out _) || !slots.Any(slot => slot.Changed)) return outcome;
                var status = await CommitAsync(slots, context);
                if (status == CommitStatus.Committed) return outcome;
                if (status == CommitStatus.LimitExceeded) return new Refusal(RefusalCode.LimitExceeded);
            }

            return new Refusal(RefusalCode.Unavailable);
        }
        finally
        {
            foreach (var activation in taken) activation.EndTurn();
        }
    }

    private async ValueTask<CommitStatus> CommitAsync(TurnSlot[] slots, TurnContext context)
    {
        var events = slots.SelectMany(slot => slot.Grain.Effects.Audit).ToArray();
        Invariant.That(events.Length > 0, "a change has something for the audit record");
        var audit = new AuditRecord(
            slots[0].Grain.Now, slots[0].Grain.Id, context.Actor, context.RequestId, events);
        CommitResult result;
        try
        {
            // Once on its way a commit cannot be called back, so it takes no cancellation.
            result = await store.CommitAsync(
                new GrainCommit(Array.ConvertAll(slots, slot => slot.ToWrite()), audit), CancellationToken.None);
        }
        catch
        {
            foreach (var slot in slots) slot.Activation.Invalidate();
            throw;
        }

        foreach (var slot in slots) slot.Conclude(result);
        foreach (var id in result.Cascaded) _activations.Find(id)?.Invalidate();
        return result.Status;
    }
}
