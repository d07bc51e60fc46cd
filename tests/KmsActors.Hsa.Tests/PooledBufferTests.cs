using System.Runtime.InteropServices;

namespace KmsActors.Hsa.Tests;

public class PooledBufferTests
{
    [Fact]
    public void Dispose_AfterUse_LeavesNothingInTheRentedMemory()
    {
        PooledBuffer buffer = new(16);
        buffer.Append("plaintext"u8);
        byte[] array = ArrayOf(buffer);
        buffer.Dispose();
        Assert.DoesNotContain((byte)'p', array);
        Assert.Equal(0, buffer.Length);
        buffer.Dispose();
    }

    [Fact]
    public void Append_BeyondTheCapacity_LeavesNothingInTheOldMemory()
    {
        using PooledBuffer buffer = new(16);
        buffer.Append("plaintext"u8);
        byte[] array = ArrayOf(buffer);
        buffer.Append(new byte[array.Length]);
        Assert.NotSame(array, ArrayOf(buffer));
        Assert.DoesNotContain((byte)'p', array);
        Assert.True(buffer.Written.StartsWith("plaintext"u8));
    }

    [Fact]
    public void Advance_BeyondTheMemory_IsAFault()
    {
        using PooledBuffer buffer = new(16);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(1 << 20));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(-1));
    }

    private static byte[] ArrayOf(PooledBuffer buffer)
    {
        Assert.True(MemoryMarshal.TryGetArray(buffer.WrittenMemory, out ArraySegment<byte> segment));
        return segment.Array!;
    }
}
