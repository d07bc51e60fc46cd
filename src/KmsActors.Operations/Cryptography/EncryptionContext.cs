using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>
/// An encryption context: a map of strings that must be given again, in any order, to decrypt. Held in
/// its canonical form, which is associated data of the ciphertext and never part of it.
/// </summary>
public sealed class EncryptionContext
{
    /// <summary>The most characters of its JSON text, and of all keys and values together.</summary>
    public const int MostCharacters = 8192;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly byte[] _canonical;

    private EncryptionContext(byte[] canonical) => _canonical = canonical;

    /// <summary>No context; the same as an empty map.</summary>
    public static EncryptionContext Empty { get; } = new([]);

    /// <summary>
    /// UTF-8, sorted by key in ordinal order; each key and value behind its length in 4 bytes,
    /// big-endian. Two contexts are equal exactly when these bytes are.
    /// </summary>
    public ReadOnlySpan<byte> Canonical => _canonical;

    /// <summary>The context of <paramref name="pairs"/>, or null: too long, a key twice, or not Unicode.</summary>
    public static EncryptionContext? From(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        // Made for the first pair: most calls have none.
        SortedDictionary<string, string>? sorted = null;
        var characters = 0;
        foreach (var (key, value) in pairs)
        {
            characters += key.Length + value.Length;
            sorted ??= new SortedDictionary<string, string>(StringComparer.Ordinal);
            if (characters > MostCharacters || !sorted.TryAdd(key, value)) return null;
        }

        if (sorted is null) return Empty;
        var canonical = new MemoryStream();
        try
        {
            foreach (var (key, value) in sorted)
            {
                Append(canonical, key);
                Append(canonical, value);
            }
        }
        catch (EncoderFallbackException)
        {
            return null;
        }

        return new EncryptionContext(canonical.ToArray());
    }

    /// <summary>
    /// The context of a JSON object whose values are all strings, or null when <paramref name="json"/> is
    /// anything else (seed 001, 4.11: "key/value对的JSON字符串").
    /// </summary>
    public static EncryptionContext? FromJson(string json)
    {
        if (json.Length > MostCharacters) return null;
        try
        {
            var reader = new Utf8JsonReader(StrictUtf8.GetBytes(json), new JsonReaderOptions { MaxDepth = 1 });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            var pairs = new List<KeyValuePair<string, string>>();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var key = reader.GetString()!;
                if (!reader.Read() || reader.TokenType != JsonTokenType.String) return null;
                pairs.Add(new(key, reader.GetString()!));
            }

            // The reader throws when something follows the object.
            Invariant.That(!reader.Read(), "a JSON object is followed by nothing");
            return From(pairs);
        }
        catch (Exception malformed) when (malformed
            is JsonException or EncoderFallbackException or InvalidOperationException)
        {
            // InvalidOperationException is the reader's word for an escape that is half a surrogate pair.
            return null;
        }
    }

    private static void Append(MemoryStream canonical, string text)
    {
        var bytes = StrictUtf8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        canonical.Write(length);
        canonical.Write(bytes);
    }
}
