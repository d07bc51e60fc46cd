using System.Collections.Concurrent;

namespace KmsActors.Grains.Hosting;

/// <summary>
/// The activations of this node, bounded: a clock hand passes over them in order of arrival and removes
/// those that were not used since it passed last and are not in a turn.
/// </summary>
internal sealed class ActivationMap(int most)
{
    private const int MostSteps = 32;

    private readonly ConcurrentDictionary<GrainId, Activation> _map = new();
    private readonly ConcurrentQueue<Activation> _clock = new();
    private int _count;

    /// <summary>The activation if it is in memory.</summary>
    public Activation? Find(GrainId id)
    {
        if (!_map.TryGetValue(id, out var activation)) return null;
        if (!activation.Touched) activation.Touched = true;
        return activation;
    }

    /// <summary>The same, without saying that it is in use.</summary>
    public Activation? Peek(GrainId id) => _map.GetValueOrDefault(id);

    /// <summary>Forgets all states: nobody knows which of them have changed.</summary>
    public void InvalidateAll()
    {
        foreach (var activation in _map.Values) activation.Invalidate();
    }

    /// <summary>The activation, made when there is none.</summary>
    public Activation Get(GrainId id)
    {
        if (Find(id) is { } found) return found;
        var made = new Activation(id);
        var activation = _map.GetOrAdd(id, made);
        if (!ReferenceEquals(activation, made))
        {
            made.Dispose();
            return activation;
        }

        _clock.Enqueue(made);
        if (Interlocked.Increment(ref _count) > most) Sweep(made);
        return made;
    }

    /// <summary>Removes every activation; the host is closing.</summary>
    public void Clear()
    {
        foreach (var activation in _map.Values) activation.Invalidate();
        _map.Clear();
    }

    /// <param name="kept">
    /// Stays: whoever has just made it, while all others are in turns, would else find it gone for ever.
    /// </param>
    private void Sweep(Activation kept)
    {
        for (var step = 0; step < MostSteps && Volatile.Read(ref _count) > most; step++)
        {
            if (!_clock.TryDequeue(out var activation)) return;
            if (activation.Touched || ReferenceEquals(activation, kept) || !TryEvict(activation))
            {
                activation.Touched = false;
                _clock.Enqueue(activation);
            }
        }
    }

    private bool TryEvict(Activation activation)
    {
        if (!activation.TryTakeTurn()) return false;
        activation.Evicted = true;
        _map.TryRemove(activation.Id, out _);
        Interlocked.Decrement(ref _count);
        activation.Invalidate();
        activation.EndTurn();
        return true;
    }
}
