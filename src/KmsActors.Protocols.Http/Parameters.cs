using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using KmsActors.Hsa;

namespace KmsActors.Protocols.Http;

/// <summary>
/// The parameters of one request, decoded once into the request's own buffer and sorted by name, which is
/// the order the signatures want and which lays doubled names side by side. Strings are made when asked for.
/// </summary>
internal sealed class Parameters : IDisposable
{
    /// <summary>The most parameters a request may have. Aliyun's flattened EncryptionContext is many.</summary>
    public const int Most = 256;

    /// <summary>The longest name in characters: of one of those, "EncryptionContext." and a key of 8192.</summary>
    public const int LongestName = 8300;

    private readonly PooledBuffer _text;
    private readonly int _queryLength;
    private readonly string? _kept;
    private readonly Entry[] _entries;
    private bool _disposed;

    private Parameters(PooledBuffer text, int queryLength, string? kept)
    {
        _text = text;
        _kept = kept;
        _queryLength = queryLength;
        _entries = ArrayPool<Entry>.Shared.Rent(Most);
    }

    public int Count { get; private set; }

    /// <summary>True if some of the text is no parameters: what is here then is only what could be read.</summary>
    public bool AreMalformed { get; private set; }

    /// <summary>A name that there is twice, or null.</summary>
    public string? DoubledName { get; private set; }

    /// <summary>The decoded value, or null. Makes a new string at every call.</summary>
    public string? this[string name] => TryGet(name, out string? value) ? value : null;

    /// <summary>Reads and takes over <paramref name="text"/>: a query and behind it a form body.</summary>
    /// <param name="text">Both, encoded.</param>
    /// <param name="queryLength">How many bytes of it are the query.</param>
    /// <param name="kept">The name of one that is not given up for being one too many.</param>
    public static Parameters Parse(PooledBuffer text, int queryLength, string? kept = null)
    {
        Parameters parameters = new(text, queryLength, kept);
        parameters.Read(0, queryLength);
        parameters.Read(queryLength, text.Length);
        parameters._entries.AsSpan(0, parameters.Count).Sort(parameters.CompareNames);
        parameters.FindDoubledName();
        return parameters;
    }

    public ReadOnlySpan<byte> Name(int index) =>
        _text.Written.Slice(_entries[index].Start, _entries[index].NameLength);

    public ReadOnlySpan<byte> Value(int index) =>
        _text.Written.Slice(_entries[index].ValueStart, _entries[index].ValueLength);

    /// <summary>True if it came in the query, false if in the body.</summary>
    public bool IsInQuery(int index) => _entries[index].Start < _queryLength;

    public bool TryGet(string name, [NotNullWhen(true)] out string? value)
    {
        bool found = TryGetUtf8(name, out ReadOnlySpan<byte> utf8);
        value = found ? Encoding.UTF8.GetString(utf8) : null;
        return found;
    }

    /// <summary>
    /// The decoded value without a string of it. The span is good until disposal. Names of the protocol
    /// are ASCII, and only such are found here.
    /// </summary>
    public bool TryGetUtf8(string name, out ReadOnlySpan<byte> value)
    {
        for (int i = 0; i < Count; i++)
        {
            if (_entries[i].NameLength != name.Length || !Ascii.Equals(Name(i), name)) continue;
            value = Value(i);
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>Those whose name begins with an ASCII prefix, without the prefix, in order of name.</summary>
    public IEnumerable<KeyValuePair<string, string>> StartingWith(string prefix)
    {
        for (int i = 0; i < Count; i++)
        {
            if (_entries[i].NameLength < prefix.Length) continue;
            if (!Ascii.Equals(Name(i)[..prefix.Length], prefix)) continue;
            string rest = Encoding.UTF8.GetString(Name(i)[prefix.Length..]);
            yield return new(rest, Encoding.UTF8.GetString(Value(i)));
        }
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        Count = 0;
        _text.Dispose();
        ArrayPool<Entry>.Shared.Return(_entries);
    }

    // Goes on after a mistake: only so can the answer to a broken request come in the format it asked for.
    private void Read(int start, int end)
    {
        while (start < end)
        {
            Span<byte> rest = _text.Written[start..end];
            int length = rest.IndexOf((byte)'&');
            if (length < 0) length = rest.Length;
            if (length > 0) ReadOne(start, rest[..length]);
            start += length + 1;
        }
    }

    private void ReadOne(int start, Span<byte> piece)
    {
        int equals = piece.IndexOf((byte)'=');
        Span<byte> name = equals < 0 ? piece : piece[..equals];
        int valueStart = equals < 0 ? piece.Length : equals + 1;
        Span<byte> value = piece[valueStart..];

        int nameLength = PercentCoding.DecodeInPlace(name);
        int valueLength = PercentCoding.DecodeInPlace(value);
        if (nameLength <= 0 || valueLength < 0 || !Utf8.IsValid(name[..nameLength])
            || !Utf8.IsValid(value[..valueLength]) || IsTooLong(name[..nameLength]))
        {
            AreMalformed = true;
            return;
        }

        Entry entry = new(start, nameLength, start + valueStart, valueLength);
        if (Count < Most)
        {
            _entries[Count++] = entry;
            return;
        }

        AreMalformed = true;
        if (Ascii.Equals(name[..nameLength], _kept)) _entries[Most - 1] = entry;
    }

    private static bool IsTooLong(ReadOnlySpan<byte> name) =>
        name.Length > LongestName && Encoding.UTF8.GetCharCount(name) > LongestName;

    private void FindDoubledName()
    {
        for (int i = 1; DoubledName is null && i < Count; i++)
        {
            if (Name(i).SequenceEqual(Name(i - 1))) DoubledName = Encoding.UTF8.GetString(Name(i));
        }
    }

    /// <summary>
    /// The ordinal order of UTF-16, in which the vendor's clients sort. UTF-8 has the same one but for
    /// characters beyond the first plane, whose surrogates come before U+E000 and above.
    /// </summary>
    private int CompareNames(Entry left, Entry right)
    {
        ReadOnlySpan<byte> a = _text.Written.Slice(left.Start, left.NameLength);
        ReadOnlySpan<byte> b = _text.Written.Slice(right.Start, right.NameLength);
        int same = a.CommonPrefixLength(b);
        if (same == a.Length || same == b.Length) return a.Length - b.Length;
        return a[same] >= 0xEE && b[same] >= 0xEE && (a[same] >= 0xF0) != (b[same] >= 0xF0)
            ? b[same] - a[same]
            : a[same] - b[same];
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Entry(int Start, int NameLength, int ValueStart, int ValueLength);
}
