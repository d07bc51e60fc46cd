namespace KmsActors.Grains.Hosting;

/// <content>How turns are run.</content>
public sealed partial class GrainHost
{
    private async ValueTask<Outcome<T>> RunAsync<T>(
        GrainId[] ids,
        TurnContext context,
        Func<Grain[], Outcome<T>> turn,
        CancellationToken cancellation,
        bool isOneChange = true)
    {
        var (outcome, mattersElsewhere) = await RunInTurnAsync(ids, context, turn, isOneChange, cancellation);
        // After the turn, so that the next one need not wait as well.
        if (mattersElsewhere && _coherence is not null) await _coherence.UntilHeededAsync();
        return outcome;
    }

    private async ValueTask<(Outcome<T> Outcome, bool MattersElsewhere)> RunInTurnAsync<T>(
        GrainId[] ids,
        TurnContext context,
        Func<Grain[], Outcome<T>> turn,
        bool isOneChange,
        CancellationToken cancellation)
    {
        var taken = new List<Activation>(ids.Length);
        try
        {
            foreach (var id in ids.Order()) taken.Add(await TakeTurnAsync(id, cancellation));
            for (var attempt = 0; attempt < _options.MostAttempts; attempt++)
            {
                // Read one after the other, several may never have been so at once: a commit finds out, an answer
                // without one has to look.
                var isFresh = ids.Length == 1 || _coherence is null;
                var slots = new TurnSlot[ids.Length];
                for (var i = 0; i < ids.Length; i++)
                {
                    var activation = taken.Find(each => each.Id == ids[i])!;
                    var epoch = activation.Epoch;
                    var loaded = await EnsureLoadedAsync(activation, cancellation);
                    isFresh &= loaded.IsFresh;
                    slots[i] = new TurnSlot(activation, epoch, loaded.Snapshot, _time.GetUtcNow());
                }

                Outcome<T> outcome;
                try
                {
                    outcome = turn(Array.ConvertAll(slots, slot => slot.Grain));
                }
                catch (InvariantException) when (!isFresh)
                {
                    // What was never so at once may be what can never be.
                    if (await AreCurrentAsync(slots, cancellation)) throw;
                    continue;
                }

                if (outcome.Refused(out _) || !slots.Any(slot => slot.Changed))
                {
                    if (!isFresh && !await AreCurrentAsync(slots, cancellation)) continue;
                    return (outcome, !outcome.Refused(out _) && MayBeUnheeded(slots, context));
                }

                var status = await CommitAsync(slots, Audit(slots, context, isOneChange));
                if (status == CommitStatus.Committed) return (outcome, MatterElsewhere(slots, context));
                if (status == CommitStatus.LimitExceeded) return (new Refusal(RefusalCode.LimitExceeded), false);
            }

            return (new Refusal(RefusalCode.Unavailable), false);
        }
        finally
        {
            foreach (var activation in taken) activation.EndTurn();
        }
    }

    /// <summary>
    /// Whether no other node has been faster. A turn that commits finds out by its commit; but to say that there is
    /// nothing to do, or why it cannot be done, takes the latest state, too.
    /// </summary>
    private async ValueTask<bool> AreCurrentAsync(TurnSlot[] slots, CancellationToken cancellation)
    {
        var areCurrent = true;
        foreach (var slot in slots)
        {
            var stored = await _store.LoadAsync(slot.Activation.Id, cancellation);
            if ((stored?.ETag ?? 0) == slot.ETag) continue;
            slot.Activation.Invalidate();
            areCurrent = false;
        }

        return areCurrent;
    }

    // Of what a reminder does nobody waits for an answer, and at its time it is so without it.
    private static bool MatterElsewhere(TurnSlot[] slots, TurnContext context) =>
        context != TurnContext.Reminders
        && slots.Any(slot => slot.Grain.Effects.Audit.Any(happened => happened.MattersElsewhere()));

    /// <summary>
    /// That it is as it was to be is an answer like that to the change itself, of which others may not have heard yet:
    /// whoever makes a call again because the first one was not answered counts on it as much.
    /// </summary>
    private bool MayBeUnheeded(TurnSlot[] slots, TurnContext context) =>
        _coherence is { } coherence
        && context != TurnContext.Reminders
        && slots.Any(slot => !coherence.IsHeeded(slot.Since));

    private static AuditRecord[] Audit(TurnSlot[] slots, TurnContext context, bool isOneChange)
    {
        if (isOneChange) return [Of(slots[0], slots.SelectMany(slot => slot.Grain.Effects.Audit))];
        return [.. slots.Where(slot => slot.Changed).Select(slot => Of(slot, slot.Grain.Effects.Audit))];

        AuditRecord Of(TurnSlot slot, IEnumerable<AuditEvent> happened)
        {
            AuditEvent[] events = [.. happened];
            Invariant.That(events.Length > 0, "a change has something for the audit record");
            return new AuditRecord(slot.Grain.Now, slot.Grain.Id, context.Actor, context.RequestId, events);
        }
    }

    private async ValueTask<CommitStatus> CommitAsync(TurnSlot[] slots, AuditRecord[] audit)
    {
        CommitResult result;
        try
        {
            // Once on its way a commit cannot be called back, so it takes no cancellation.
            result = await _store.CommitAsync(
                new GrainCommit(Array.ConvertAll(slots, slot => slot.ToWrite()), audit), CancellationToken.None);
        }
        catch
        {
            foreach (var slot in slots) slot.Activation.Invalidate();
            throw;
        }

        foreach (var slot in slots) slot.Conclude(result, _time.GetTimestamp());
        foreach (var id in result.Cascaded) _activations.Find(id)?.Invalidate();
        return result.Status;
    }
}
