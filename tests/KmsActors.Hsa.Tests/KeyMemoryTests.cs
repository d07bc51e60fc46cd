namespace KmsActors.Hsa.Tests;

public sealed class KeyMemoryTests
{
    private const int Length = 48;

    [Fact]
    public void Use_NewMemory_IsZeroAndOfItsLength()
    {
        using KeyMemory memory = new(Length);
        using KeyMemory.Lease lease = memory.Use();
        Assert.Equal(new byte[Length], lease.Span.ToArray());
    }

    [Fact]
    public void Dispose_Unused_ZeroesThenFreesOnce()
    {
        SpyMemory memory = new(Length);
        memory.Fill();
        memory.Dispose();
        memory.Dispose();
        Assert.Equal(new byte[Length], Assert.Single(memory.Freed));
    }

    [Fact]
    public void Dispose_WhileInUse_WaitsForLastLeaseAndRefusesNewOnes()
    {
        SpyMemory memory = new(Length);
        memory.Fill();
        using (KeyMemory.Lease first = memory.Use())
        {
            using (KeyMemory.Lease second = memory.Use())
            {
                memory.Dispose();
                Assert.Throws<ObjectDisposedException>(() => memory.Use().Dispose());
                Assert.Equal(0xAB, second.Span[^1]);
            }

            Assert.Equal(0xAB, first.Span[^1]);
            Assert.Empty(memory.Freed);
        }

        Assert.Equal(new byte[Length], Assert.Single(memory.Freed));
    }

    [Fact]
    public void Use_AfterDispose_Throws()
    {
        KeyMemory memory = new(Length);
        memory.Dispose();
        Assert.Throws<ObjectDisposedException>(() => memory.Use().Dispose());
    }

    [Fact]
    public void ToString_HoldingBytes_SaysNothingOfThem()
    {
        using SpyMemory memory = new(Length);
        memory.Fill();
        Assert.Equal(typeof(SpyMemory).FullName, ((object)memory).ToString());
    }
}
