using System.Security.Cryptography;

namespace KmsActors.Operations;

/// <summary>
/// Request ids: lower-case UUIDs of a random half for this process and a counter. They name a request in
/// logs and answers; nothing depends on their being hard to guess.
/// </summary>
public sealed class RequestIds
{
    private readonly ulong _process = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
    private long _last;

    /// <summary>The next id.</summary>
    public string Next()
    {
        Span<byte> id = stackalloc byte[16];
        BitConverter.TryWriteBytes(id, _process);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(id[8..], Interlocked.Increment(ref _last));
        id[6] = (byte)((id[6] & 0x0f) | 0x40);
        id[8] = (byte)((id[8] & 0x3f) | 0x80);
        return new Guid(id, bigEndian: true).ToString();
    }
}
