using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using KmsActors.Hsa;

namespace KmsActors.Protocols.Huawei;

/// <summary>Reads the body of a request as JSON, more strictly than JSON itself is.</summary>
internal static class JsonFields
{
    /// <summary>How deep objects and arrays may be nested, the outermost included.</summary>
    public const int MostDepth = 8;

    /// <summary>The most properties of one object: a context of the most characters may have so many.</summary>
    public const int MostProperties = 8192;

    // With names that may not be doubled, all names are decoded too, so none is half a surrogate pair.
    private static readonly JsonDocumentOptions Options =
        new() { MaxDepth = MostDepth, AllowDuplicateProperties = false };

    /// <summary>
    /// The one object that <paramref name="utf8"/> is, or null for anything else: other bytes than UTF-8, a
    /// name twice in an object, too much of something, text that is not Unicode. The document makes no copy
    /// of the bytes.
    /// </summary>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> utf8)
    {
        if (!Utf8.IsValid(utf8.Span)) return null;
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(utf8, Options);
            if (document.RootElement.ValueKind == JsonValueKind.Object && IsGood(document.RootElement))
                return document;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            // InvalidOperationException is the reader's word for an escape that is half a surrogate pair.
        }

        document?.Dispose();
        return null;
    }

    /// <summary>Appends the text of a JSON string in UTF-8; no string is made of it, for it may be a secret.</summary>
    public static void AppendText(JsonElement text, PooledBuffer to)
    {
        var quoted = JsonMarshal.GetRawUtf8Value(text);
        var reader = new Utf8JsonReader(quoted);
        reader.Read();
        to.Advance(reader.CopyString(to.GetSpan(quoted.Length)));
    }

    private static bool IsGood(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.GetPropertyCount() <= MostProperties
            && element.EnumerateObject().All(property => IsGood(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().All(IsGood),
        JsonValueKind.String => IsUnicode(element),
        _ => true,
    };

    // Only an escape can make a text that is not: the bytes themselves are valid.
    private static bool IsUnicode(JsonElement text)
    {
        if (JsonMarshal.GetRawUtf8Value(text).IndexOf("\\u"u8) < 0) return true;
        using var scratch = new PooledBuffer(256);
        AppendText(text, scratch);
        return true;
    }
}
