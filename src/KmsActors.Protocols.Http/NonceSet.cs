namespace KmsActors.Protocols.Http;

/// <summary>What became of a nonce.</summary>
internal enum NonceVerdict
{
    Fresh,
    Used,

    /// <summary>Of a time that has been given up: nobody can say any more.</summary>
    Closed,
}

/// <summary>
/// The hashes of the nonces of one minute of request time, in 16 stripes: a stripe has its own lock, and
/// its table doubles without the others waiting for it.
/// </summary>
internal sealed class NonceSet
{
    private const int Stripes = 16;
    private const int FirstSize = 32;

    private readonly Stripe[] _stripes = new Stripe[Stripes];

    public NonceSet(long minute)
    {
        Minute = minute;
        for (int i = 0; i < Stripes; i++) _stripes[i] = new Stripe();
    }

    public long Minute { get; }

    /// <summary>The last Unix second that belongs here.</summary>
    public long LastSecond => (Minute * 60) + 59;

    // The stripe is taken from the high bits, the place in its table from the low ones.
    public NonceVerdict Add(ulong hash) => _stripes[hash >> 60].Add(hash);

    /// <summary>What would become of it.</summary>
    public NonceVerdict Look(ulong hash) => _stripes[hash >> 60].Look(hash);

    /// <summary>Forgets all and refuses from now on. Returns how many there were.</summary>
    public int Close()
    {
        int forgotten = 0;
        foreach (Stripe stripe in _stripes) forgotten += stripe.Close();
        return forgotten;
    }

    private sealed class Stripe
    {
        private readonly Lock _lock = new();
        private ulong[]? _table = new ulong[FirstSize]; // zero is an empty place
        private int _count;

        public NonceVerdict Add(ulong hash)
        {
            lock (_lock)
            {
                if (_table is null) return NonceVerdict.Closed;
                if (_count >= _table.Length / 4 * 3) Grow(_table);
                if (!Insert(_table, hash)) return NonceVerdict.Used;
                _count++;
                return NonceVerdict.Fresh;
            }
        }

        public NonceVerdict Look(ulong hash)
        {
            lock (_lock)
            {
                if (_table is null) return NonceVerdict.Closed;
                return _table[PlaceOf(_table, hash)] == 0 ? NonceVerdict.Fresh : NonceVerdict.Used;
            }
        }

        public int Close()
        {
            lock (_lock)
            {
                int forgotten = _count;
                _table = null;
                _count = 0;
                return forgotten;
            }
        }

        private void Grow(ulong[] old)
        {
            ulong[] larger = new ulong[old.Length * 2];
            foreach (ulong hash in old)
            {
                if (hash != 0) Insert(larger, hash);
            }

            _table = larger;
        }

        private static bool Insert(ulong[] table, ulong hash)
        {
            int place = PlaceOf(table, hash);
            if (table[place] == hash) return false;
            table[place] = hash;
            return true;
        }

        /// <summary>Where it is or, if it is not, belongs.</summary>
        private static int PlaceOf(ulong[] table, ulong hash)
        {
            int mask = table.Length - 1;
            int place = (int)(hash & (uint)mask);
            while (table[place] != 0 && table[place] != hash) place = (place + 1) & mask;
            return place;
        }
    }
}
