using KmsActors.Hsa.Pkcs11.Cryptoki;

namespace KmsActors.Hsa.Pkcs11;

/// <summary>
/// The keys that are open in the token, so many at most: the one that was used least recently, and is not in use, makes
/// room for another. All end with the token's life.
/// </summary>
/// <remarks>
/// A call holds a session, of which there are fewer than open keys: so there is always one not in use.
/// </remarks>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
internal sealed class OpenKeys(SessionPool sessions, int most)
{
    private readonly Lock _gate = new();

    // The most recently used is first.
    private readonly LinkedList<Entry> _entries = new();
    private readonly Stack<nuint> _discarded = new();
    private TokenLife? _life;

    // Those that have room and are not open yet.
    private int _opening;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _entries.Count;
        }
    }

    /// <summary>Lends an open key; false if it is not open.</summary>
    /// <exception cref="ObjectDisposedException">It was closed.</exception>
    public bool TryHold(Entry entry, Session session, out nuint handle)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(entry.Closed, entry);
            Renew(session.Life);
            handle = entry.Handle;
            if (entry.Node.List is null)
                return false;
            entry.Users++;
            if (_entries.First != entry.Node)
            {
                _entries.Remove(entry.Node);
                _entries.AddFirst(entry.Node);
            }

            return true;
        }
    }

    /// <summary>Sees to it that one more may be opened, by this session.</summary>
    public void MakeRoom(Session session)
    {
        List<nuint> going = [];
        lock (_gate)
        {
            Renew(session.Life);
            while (_discarded.TryPop(out nuint discarded))
                going.Add(discarded);
            LinkedListNode<Entry>? node = _entries.Last;
            while (_entries.Count + _opening >= most && node is not null)
            {
                LinkedListNode<Entry>? next = node.Previous;
                if (node.Value.Users == 0)
                {
                    going.Add(node.Value.Handle);
                    _entries.Remove(node);
                }

                node = next;
            }

            _opening++;
        }

        foreach (nuint handle in going)
            session.Discard(handle);
    }

    /// <summary>Nothing was opened after <see cref="MakeRoom"/>.</summary>
    public void GiveRoomBack(Session session)
    {
        lock (_gate)
        {
            if (session.Life == _life)
                _opening--;
        }
    }

    /// <summary>Something was, and is lent to who did.</summary>
    public void Hold(Entry entry, Session session, nuint handle)
    {
        lock (_gate)
        {
            Renew(session.Life);
            _opening--;
            entry.Handle = handle;
            entry.Users = 1;
            _entries.AddFirst(entry.Node);
        }
    }

    /// <summary>Takes a lent one back.</summary>
    public void Release(Entry entry, Session session)
    {
        lock (_gate)
        {
            entry.Users--;
            if (!entry.Closed || entry.Users > 0 || entry.Node.List is null)
                return;
            _entries.Remove(entry.Node);
        }

        session.Discard(entry.Handle);
    }

    /// <summary>Lends it to nobody any more; it goes when nobody uses it.</summary>
    public void Close(Entry entry)
    {
        lock (_gate)
        {
            if (entry.Closed)
                return;
            entry.Closed = true;
            if (entry.Node.List is null || entry.Users > 0)
                return;
            _entries.Remove(entry.Node);
            _discarded.Push(entry.Handle);
        }

        DiscardNow();
    }

    // If no session is free, the next to open a key does it.
    private void DiscardNow()
    {
        if (sessions.TryTakeNow() is not { } session)
            return;
        try
        {
            nuint handle;
            while (TryPopDiscarded(session, out handle))
                session.Discard(handle);
        }
        finally
        {
            sessions.TakeBack(session);
        }
    }

    private bool TryPopDiscarded(Session session, out nuint handle)
    {
        lock (_gate)
        {
            Renew(session.Life);
            return _discarded.TryPop(out handle);
        }
    }

    // A new life begins when no call is under way: nothing of the last is in use.
    private void Renew(TokenLife life)
    {
        if (_life == life)
            return;
        foreach (Entry entry in _entries)
            entry.Users = 0;
        _entries.Clear();
        _discarded.Clear();
        _opening = 0;
        _life = life;
    }

    /// <summary>What is known of a key here.</summary>
    internal sealed class Entry
    {
        public Entry() => Node = new LinkedListNode<Entry>(this);

        /// <summary>In the list while the key is open.</summary>
        public LinkedListNode<Entry> Node { get; }

        public nuint Handle { get; set; }

        public int Users { get; set; }

        public bool Closed { get; set; }
    }
}
