namespace KmsActors.Hsa.Tests;

public sealed class IdleObjectsTests
{
    [Fact]
    public void Take_OneAfterAnother_ReusesOneMadeOfThePrivateKey()
    {
        List<Spy> made = [];
        using IdleObjects<Spy> objects = Make(made);
        for (int i = 0; i < 10; i++)
        {
            using IdleObjects<Spy>.Loan loan = objects.Take();
            Assert.Same(made[0], loan.Value);
        }

        Assert.Equal([1, 2, 3], Assert.Single(made).Made);
    }

    [Fact]
    public void Take_SeveralAtOnce_GivesEachItsOwnAndNoMoreThanNeeded()
    {
        List<Spy> made = [];
        using IdleObjects<Spy> objects = Make(made);
        for (int i = 0; i < 3; i++)
        {
            using IdleObjects<Spy>.Loan first = objects.Take();
            using IdleObjects<Spy>.Loan second = objects.Take();
            Assert.NotSame(first.Value, second.Value);
        }

        Assert.Equal(2, made.Count);
    }

    [Fact]
    public void Take_ManyThreads_NeverSharesAnObject()
    {
        const int threads = 8;
        List<Spy> made = [];
        using IdleObjects<Spy> objects = Make(made);
        int shared = 0;
        Fixtures.OnThreads(threads, _ =>
        {
            for (int i = 0; i < 5000; i++)
            {
                using IdleObjects<Spy>.Loan loan = objects.Take();
                if (Interlocked.Increment(ref loan.Value.Users) != 1)
                    Interlocked.Increment(ref shared);
                Thread.SpinWait(i % 50);
                Interlocked.Decrement(ref loan.Value.Users);
            }
        });
        Assert.Equal(0, shared);
        Assert.InRange(made.Count, 1, threads);
    }

    [Fact]
    public void Dispose_SomeLent_DisposesIdleOnesAtOnceAndLentOnesWhenTheyComeBack()
    {
        List<Spy> made = [];
        IdleObjects<Spy> objects = Make(made);
        IdleObjects<Spy>.Loan lent = objects.Take();
        objects.Take().Dispose();
        objects.Dispose();
        objects.Dispose();
        Assert.False(made[0].IsDisposed);
        Assert.True(made[1].IsDisposed);
        lent.Dispose();
        Assert.True(made[0].IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => objects.Take().Dispose());
        Assert.Equal(2, made.Count);
    }

    [Fact]
    public void Dispose_PrivateKey_IsZeroed()
    {
        SpyMemory memory = new(32);
        memory.Fill();
        IdleObjects<Spy> objects = new(memory, key => new Spy(key.ToArray()));
        objects.Take().Dispose();
        Assert.Empty(memory.Freed);
        objects.Dispose();
        Assert.Equal(new byte[32], Assert.Single(memory.Freed));
    }

    private static IdleObjects<Spy> Make(List<Spy> made) => new(KeyMemory.CopyOf([1, 2, 3]), key =>
    {
        Spy spy = new(key.ToArray());
        lock (made)
            made.Add(spy);
        return spy;
    });

    private sealed class Spy(byte[] made) : IDisposable
    {
        public int Users;

        public byte[] Made => made;

        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}
