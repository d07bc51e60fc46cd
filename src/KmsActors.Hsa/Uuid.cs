namespace KmsActors.Hsa;

/// <summary>Ids as this service writes them: lower-case UUIDs, so that equal ids are equal strings.</summary>
internal static class Uuid
{
    public const int Size = 16;

    /// <summary>Reads an id.</summary>
    /// <exception cref="ArgumentException">It is not a UUID, or not in lower case.</exception>
    public static Guid Parse(string id)
    {
        if (Guid.TryParseExact(id, "D", out Guid value) && value.ToString("D") == id)
            return value;
        throw new ArgumentException("The id is not a lower-case UUID.", nameof(id));
    }

    /// <summary>Writes 16 bytes, big-endian.</summary>
    /// <exception cref="ArgumentException">The id is not a lower-case UUID.</exception>
    public static void Write(string id, Span<byte> destination) =>
        Parse(id).TryWriteBytes(destination, bigEndian: true, out _);

    /// <summary>Reads 16 bytes, big-endian.</summary>
    public static string Read(ReadOnlySpan<byte> source) =>
        new Guid(source, bigEndian: true).ToString("D");
}
