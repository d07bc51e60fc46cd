using System.Buffers.Binary;

namespace KmsActors.Grains;

/// <summary>A state with blobs in it that the HSA has wrapped.</summary>
public interface IHoldsWrapped
{
    /// <summary>The blobs.</summary>
    IEnumerable<byte[]> Wrapped { get; }

    /// <summary>The same state with another blob in place of each.</summary>
    IHoldsWrapped Rewrapped(Func<byte[], byte[]> rewrap);
}

/// <summary>What can be seen of a blob without the HSA.</summary>
public static class WrappedBlob
{
    private const int VersionAt = 1;

    // The others are a token's.
    private const byte SoftwareFormat = 1;

    /// <summary>Whether the software appliance opens it, by its first byte, which says who does.</summary>
    public static bool IsInSoftware(ReadOnlySpan<byte> blob) => blob is [SoftwareFormat, ..];

    /// <summary>
    /// The version of the root key that a blob is under: of all blobs the second to fifth byte, big-endian. Null for
    /// what is too short to be one.
    /// </summary>
    public static long? RootKeyVersion(ReadOnlySpan<byte> blob) =>
        blob.Length < VersionAt + sizeof(uint) ? null : BinaryPrimitives.ReadUInt32BigEndian(blob[VersionAt..]);

    /// <summary>The oldest version that a grain's state needs; null when it needs none.</summary>
    public static long? OldestRootKeyVersion(object? state) =>
        (state as IHoldsWrapped)?.Wrapped.Min(blob => RootKeyVersion(blob));
}
