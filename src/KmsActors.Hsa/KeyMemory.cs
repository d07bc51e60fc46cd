using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace KmsActors.Hsa;

/// <summary>
/// Key bytes outside the garbage collector's reach: never copied by a compaction, and zeroed when the last
/// user is done. Disposing waits for nobody: leases already given stay good, later ones are refused.
/// </summary>
/// <threadsafety>
/// All members may be called from any thread at once; who writes through a lease sees to order himself.
/// </threadsafety>
public unsafe class KeyMemory : SafeHandle
{
    private readonly int _length;

    // SafeHandle alone goes on counting references up for as long as one is held, so a busy key would
    // never be refused nor zeroed after its disposal.
    private volatile bool _disposed;

    /// <summary>Allocates <paramref name="length"/> zero bytes.</summary>
    public KeyMemory(int length)
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        _length = length;
        SetHandle((nint)NativeMemory.AllocZeroed((nuint)length));
    }

    /// <summary>A copy of <paramref name="key"/>, 1 byte or more; the caller zeroes its own.</summary>
    public static KeyMemory CopyOf(ReadOnlySpan<byte> key)
    {
        KeyMemory memory = new(key.Length);
        using Lease lease = memory.Use();
        key.CopyTo(lease.Span);
        return memory;
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Lends the bytes until the lease is disposed.</summary>
    /// <exception cref="ObjectDisposedException">This memory was disposed before the call.</exception>
    public Lease Use()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        bool added = false;
        DangerousAddRef(ref added);
        return new Lease(this);
    }

    /// <summary>Frees memory that was zeroed already. Virtual so that a test can see that it was.</summary>
    internal virtual void Free(nint address) => NativeMemory.Free((void*)address);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _disposed = true;
        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        CryptographicOperations.ZeroMemory(new Span<byte>((void*)handle, _length));
        Free(handle);
        return true;
    }

    /// <summary>The right to use the bytes. Dispose it exactly once.</summary>
    public readonly ref struct Lease(KeyMemory owner) : IDisposable
    {
        /// <summary>The bytes, good until this lease is disposed.</summary>
        public Span<byte> Span => new((void*)owner.handle, owner._length);

        /// <inheritdoc/>
        public void Dispose() => owner.DangerousRelease();
    }
}
