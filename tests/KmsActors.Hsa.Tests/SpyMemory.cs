namespace KmsActors.Hsa.Tests;

/// <summary>Keeps what the memory held at the moment it was given back.</summary>
internal sealed unsafe class SpyMemory : KeyMemory
{
    private readonly int _length;

    public SpyMemory(int length)
        : base(length) => _length = length;

    public List<byte[]> Freed { get; } = [];

    public void Fill()
    {
        using Lease lease = Use();
        lease.Span.Fill(0xAB);
    }

    internal override void Free(nint address)
    {
        Freed.Add(new ReadOnlySpan<byte>((void*)address, _length).ToArray());
        base.Free(address);
    }
}
