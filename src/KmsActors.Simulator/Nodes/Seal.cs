using System.Buffers.Binary;
using System.Text;

namespace KmsActors.Simulator;

/// <summary>
/// What stands for cryptography in the simulator: quick, the same on every run, and no secret. A seal of 16 bytes
/// shows that what is sealed and what it is sealed for are the same as they were.
/// </summary>
internal static class Seal
{
    /// <summary>A seal's length, and by how much what is sealed is longer.</summary>
    public const int Size = 16;

    private const ulong Prime = 0x100000001b3;

    /// <summary>The seal of some bytes for <paramref name="boundTo"/>.</summary>
    public static void Of(ReadOnlySpan<byte> boundTo, ReadOnlySpan<byte> bytes, Span<byte> seal)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(seal, Mix(0xcbf29ce484222325, boundTo, bytes));
        BinaryPrimitives.WriteUInt64LittleEndian(seal[8..], Mix(0x84222325cbf29ce4, bytes, boundTo));
    }

    /// <summary>The bytes behind their seal.</summary>
    public static byte[] Close(string boundTo, ReadOnlySpan<byte> bytes)
    {
        var closed = new byte[Size + bytes.Length];
        bytes.CopyTo(closed.AsSpan(Size));
        Of(Encoding.UTF8.GetBytes(boundTo), bytes, closed.AsSpan(0, Size));
        return closed;
    }

    /// <summary>The bytes, or null if they were not sealed for this.</summary>
    public static byte[]? TryOpen(string boundTo, ReadOnlySpan<byte> closed)
    {
        if (closed.Length < Size) return null;
        Span<byte> seal = stackalloc byte[Size];
        Of(Encoding.UTF8.GetBytes(boundTo), closed[Size..], seal);
        return seal.SequenceEqual(closed[..Size]) ? closed[Size..].ToArray() : null;
    }

    private static ulong Mix(ulong state, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        unchecked
        {
            state = (state ^ (ulong)first.Length) * Prime;
            foreach (var each in first) state = (state ^ each) * Prime;
            foreach (var each in second) state = (state ^ each) * Prime;
            return state ^ (state >> 29);
        }
    }
}
