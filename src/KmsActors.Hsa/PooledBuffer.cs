using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace KmsActors.Hsa;

/// <summary>Growing, of rented memory, which is zeroed before it goes back: plaintext passes here.</summary>
public sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    private byte[] _array;

    public PooledBuffer(int capacity) => _array = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; private set; }

    public Span<byte> Written => _array.AsSpan(0, Length);

    public ReadOnlyMemory<byte> WrittenMemory => _array.AsMemory(0, Length);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _array.Length - Length);
        Length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _array.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _array.AsSpan(Length);
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Appends text as UTF-8; a lone surrogate becomes U+FFFD.</summary>
    public void Append(ReadOnlySpan<char> text) =>
        Length += Encoding.UTF8.GetBytes(text, GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length)));

    public void Dispose()
    {
        Release();
        _array = [];
        Length = 0;
    }

    private void Reserve(int room)
    {
        room = Math.Max(room, 1);
        if (_array.Length - Length >= room) return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(Length + room, _array.Length * 2));
        Written.CopyTo(larger);
        Release();
        _array = larger;
    }

    private void Release()
    {
        CryptographicOperations.ZeroMemory(Written);
        if (_array.Length > 0) ArrayPool<byte>.Shared.Return(_array);
    }
}
