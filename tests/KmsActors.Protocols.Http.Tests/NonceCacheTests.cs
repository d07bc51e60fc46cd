using System.Globalization;
using FsCheck.Xunit;
using KmsActors.Grains;
using Microsoft.Extensions.Time.Testing;

namespace KmsActors.Protocols.Http.Tests;

public class NonceCacheTests
{
    private static readonly byte[] s_key = Convert.FromHexString("000102030405060708090a0b0c0d0e0f");

    private static readonly TimeSpan s_halfWidth = TimeSpan.FromMinutes(15);

    // On the whole minute, so that the tests can speak of minutes.
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2016, 3, 28, 3, 0, 0, TimeSpan.Zero));

    private DateTimeOffset Now => _time.GetUtcNow();

    // The vector of the SipHash paper, and two of its authors' own table.
    [Theory]
    [InlineData(0, 0x726fdb47dd0e0e31)]
    [InlineData(8, 0x93f5f5799a932462)]
    [InlineData(15, 0xa129ca6149be45e5)]
    public void Hash_PublishedVector_Holds(int length, ulong expected)
    {
        byte[] data = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
        Assert.Equal(expected, SipHash.Hash(s_key, data));
    }

    [Fact]
    public void Record_SecondTime_IsUsed()
    {
        NonceCache cache = New();
        Assert.Equal(NonceVerdict.Fresh, cache.Record("id", "n", Now));
        Assert.Equal(NonceVerdict.Used, cache.Record("id", "n", Now));
        Assert.Equal(1, cache.Count);
    }

    [Fact]
    public void Look_SaysWhatRecordWould_AndTakesNoPlace()
    {
        NonceCache cache = New();
        Assert.Equal(NonceVerdict.Fresh, cache.Look("id", "n", Now));
        Assert.Equal(NonceVerdict.Fresh, cache.Look("id", "n", Now));
        Assert.Equal(0, cache.Count);
        cache.Record("id", "n", Now);
        Assert.Equal(NonceVerdict.Used, cache.Look("id", "n", Now));
        Assert.Equal(NonceVerdict.Fresh, cache.Look("id", "m", Now));
        Assert.Equal(NonceVerdict.Closed, cache.Look("id", "n", Now - s_halfWidth - TimeSpan.FromTicks(1)));
        Assert.Equal(1, cache.Count);
    }

    [Fact]
    public void Record_AnotherKeyNonceOrMinute_IsFresh()
    {
        NonceCache cache = New();
        Assert.Equal(NonceVerdict.Fresh, cache.Record("id", "nonce", Now));
        Assert.Equal(NonceVerdict.Fresh, cache.Record("other", "nonce", Now));
        Assert.Equal(NonceVerdict.Fresh, cache.Record("id", "another", Now));
        Assert.Equal(NonceVerdict.Fresh, cache.Record("idn", "once", Now));
        Assert.Equal(NonceVerdict.Fresh, cache.Record("id", "nonce", Now.AddMinutes(1)));
    }

    [Theory]
    [InlineData(-15 * 60)]
    [InlineData(-15 * 60 + 59)]
    [InlineData(0)]
    [InlineData(15 * 60)]
    public void Record_ReplayWhileInTheWindow_IsNeverFresh(int offset)
    {
        NonceCache cache = New();
        DateTimeOffset timestamp = Now.AddSeconds(offset);
        Assert.Equal(NonceVerdict.Fresh, cache.Record("id", "n", timestamp));
        while ((Now - timestamp).Duration() <= s_halfWidth)
        {
            Assert.Equal(NonceVerdict.Used, cache.Record("id", "n", timestamp));
            cache.Record("id", Now.ToString(CultureInfo.InvariantCulture), Now);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(NonceVerdict.Closed, cache.Record("id", "n", timestamp));
    }

    [Fact]
    public void Record_OutsideTheWindow_IsClosed()
    {
        NonceCache cache = New();
        Assert.Equal(NonceVerdict.Closed, cache.Record("id", "n", Now.AddSeconds(901)));
        Assert.Equal(NonceVerdict.Closed, cache.Record("id", "n", Now.AddSeconds(-901)));
        Assert.Equal(0, cache.Count);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(30)]
    public void Record_InAWindowOfAnotherWidth_IsUsedAsLongAsThatIsOpen(int minutes)
    {
        NonceCache cache = new(_time, TimeSpan.FromMinutes(minutes), s_key);
        DateTimeOffset timestamp = Now.AddMinutes(minutes);
        Assert.Equal(NonceVerdict.Closed, cache.Record("id", "n", timestamp.AddSeconds(1)));
        Assert.Equal(NonceVerdict.Fresh, cache.Record("id", "n", timestamp));
        for (int i = 0; i <= 2 * minutes; i++)
        {
            Assert.Equal(NonceVerdict.Used, cache.Record("id", "n", timestamp));
            Assert.Equal(NonceVerdict.Fresh, cache.Record("id", $"other{i}", Now));
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(NonceVerdict.Closed, cache.Record("id", "n", timestamp));
    }

    [Fact]
    public void New_ForAWindowWiderThanItsRing_IsAFault() => Assert.Throws<InvariantException>(
        () => new NonceCache(_time, TimeSpan.FromMinutes(31), s_key));

    [Fact]
    public void Record_MinuteLeavesTheWindow_IsForgotten()
    {
        NonceCache cache = New();
        for (int i = 0; i < 100; i++) Assert.Equal(NonceVerdict.Fresh, cache.Record("id", $"n{i}", Now));
        _time.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(NonceVerdict.Fresh, cache.Record("id", "n", Now));
        Assert.Equal(101, cache.Count);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(NonceVerdict.Fresh, cache.Record("id", "n", Now));
        Assert.Equal(2, cache.Count);
    }

    [Fact]
    public void Record_ManyHours_StaysSmall()
    {
        NonceCache cache = New();
        for (int minute = 0; minute < 300; minute++)
        {
            Assert.Equal(NonceVerdict.Fresh, cache.Record("id", $"n{minute}", Now));
            Assert.Equal(NonceVerdict.Fresh, cache.Record("id", $"n{minute}", Now.AddMinutes(15)));
            Assert.InRange(cache.Count, 0, 47); // 16 minutes of the one, 31 of the other
            _time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public void Record_Full_ForgetsTheOldestMinuteAndRefusesIt()
    {
        NonceCache cache = New(capacity: 20);
        DateTimeOffset old = Now.AddMinutes(-2);
        for (int i = 0; i < 10; i++) Assert.Equal(NonceVerdict.Fresh, cache.Record("id", $"n{i}", old));
        for (int i = 0; i < 10; i++) Assert.Equal(NonceVerdict.Fresh, cache.Record("id", $"n{i}", Now));
        Assert.Equal(20, cache.Count);

        Assert.Equal(NonceVerdict.Fresh, cache.Record("id", "last", Now));
        Assert.Equal(11, cache.Count);
        Assert.Equal(old.ToUnixTimeSeconds() + 59, cache.Horizon);
        Assert.Equal(NonceVerdict.Closed, cache.Record("id", "n0", old));
        Assert.Equal(NonceVerdict.Closed, cache.Record("id", "new", old.AddSeconds(59)));
        Assert.Equal(NonceVerdict.Fresh, cache.Record("id", "new", old.AddSeconds(60)));
        Assert.Equal(NonceVerdict.Used, cache.Record("id", "n0", Now));
        Assert.Equal(NonceVerdict.Used, cache.Record("id", "last", Now));
    }

    [Fact]
    public void Record_FullWithinOneMinute_RefusesTheRestOfIt()
    {
        NonceCache cache = New(capacity: 10);
        for (int i = 0; i < 11; i++) Assert.Equal(NonceVerdict.Fresh, cache.Record("id", $"n{i}", Now));
        Assert.Equal(0, cache.Count);
        Assert.Equal(NonceVerdict.Closed, cache.Record("id", "n10", Now));
        Assert.Equal(NonceVerdict.Fresh, cache.Record("id", "n10", Now.AddMinutes(1)));
    }

    [Fact]
    public void Record_ClockGoesBack_DoesNotForgetItsHorizon()
    {
        DateTimeOffset start = Now;
        RewindableTime time = new(start);
        NonceCache cache = new(time, s_halfWidth, s_key);
        Assert.Equal(NonceVerdict.Fresh, cache.Record("id", "n", start));
        time.Now = start.AddHours(1);
        Assert.Equal(NonceVerdict.Fresh, cache.Record("id", "n", time.Now));
        time.Now = start;
        Assert.Equal(NonceVerdict.Closed, cache.Record("id", "n", start));
    }

    // Whoever found a set before it was given up must not take it for an empty one.
    [Fact]
    public void Add_AfterClose_IsClosed()
    {
        NonceSet set = new(minute: 1);
        Assert.Equal(NonceVerdict.Fresh, set.Add(5));
        Assert.Equal(1, set.Close());
        Assert.Equal(NonceVerdict.Closed, set.Add(5));
        Assert.Equal(0, set.Close());
    }

    [Fact]
    public void Record_ManyThreads_LetsEachNonceThroughOnce()
    {
        NonceCache cache = New();
        int fresh = 0;
        Parallel.For(0, 8, _ =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                if (cache.Record("id", $"n{i}", Now.AddSeconds(i % 600)) == NonceVerdict.Fresh)
                    Interlocked.Increment(ref fresh);
            }
        });
        Assert.Equal(20_000, fresh);
        Assert.Equal(20_000, cache.Count);
    }

    [Fact]
    public void Record_ManyThreadsWhileFull_LetsNoneThroughTwice()
    {
        NonceCache cache = New(capacity: 5_000);
        int[] admitted = new int[50_000];
        Parallel.For(0, 8, _ =>
        {
            for (int i = 0; i < admitted.Length; i++)
            {
                if (cache.Record("id", $"n{i}", Now.AddSeconds((i / 100) - 250)) == NonceVerdict.Fresh)
                    Interlocked.Increment(ref admitted[i]);
                Assert.InRange(cache.Count, -8, 5_008);
            }
        });
        Assert.DoesNotContain(admitted, count => count > 1);
        Assert.True(admitted.Sum() > 5_000);
    }

    [Property]
    public bool Record_AnySequence_AgreesWithAPlainSet(byte[] steps)
    {
        NonceCache cache = New();
        HashSet<(int, int)> seen = [];
        foreach (byte step in steps)
        {
            (int nonce, int minute) = (step % 4, step / 64);
            bool isFresh = cache.Record("id", $"{nonce}", Now.AddMinutes(minute)) == NonceVerdict.Fresh;
            if (isFresh != seen.Add((nonce, minute))) return false;
        }

        return cache.Count == seen.Count;
    }

    private NonceCache New(int capacity = NonceCache.DefaultCapacity) => new(_time, s_halfWidth, s_key, capacity);

    private sealed class RewindableTime(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
