using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using KmsActors.Grains;
using KmsActors.Hsa;

namespace KmsActors.Protocols.Huawei;

/// <summary>
/// Writes the fields of one answer into a rented buffer. This protocol holds most numbers, all times and
/// many truths in strings: those members that do say Text. To be disposed; not for two threads at once.
/// </summary>
internal sealed class HuaweiWriter : IDisposable
{
    // The body is never part of a page, so only what JSON itself must have escaped is escaped.
    private static readonly JsonWriterOptions Options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly PooledBuffer _buffer = new(1024);
    private readonly Utf8JsonWriter _json;

    public HuaweiWriter()
    {
        _json = new Utf8JsonWriter(_buffer, Options);
        _json.WriteStartObject();
    }

    /// <summary>A text; null is written as the empty one.</summary>
    public void String(string name, string? value) => _json.WriteString(name, value ?? "");

    /// <summary>A text that is UTF-8 already; what is not valid in it becomes U+FFFD.</summary>
    public void Utf8(string name, ReadOnlySpan<byte> value) => _json.WriteString(name, value);

    /// <summary>A number in a string: <c>"2"</c>.</summary>
    public void NumberText(string name, long value)
    {
        Span<char> digits = stackalloc char[20];
        value.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        _json.WriteString(name, digits[..length]);
    }

    /// <summary>A truth in a string: <c>"true"</c>.</summary>
    public void BooleanText(string name, bool value) => _json.WriteString(name, value ? "true"u8 : "false"u8);

    /// <summary>
    /// A time in milliseconds, 13 digits in a string; the empty string when there is none. The document's
    /// tables say seconds, its examples have milliseconds, and clients take those.
    /// </summary>
    public void TimeText(string name, DateTimeOffset? time)
    {
        if (time is { } given) NumberText(name, given.ToUnixTimeMilliseconds());
        else String(name, null);
    }

    /// <summary>A number that is one: totals, quotas, the seconds of get-parameters-for-import.</summary>
    public void Number(string name, long value) => _json.WriteNumber(name, value);

    public void Null(string name) => _json.WriteNull(name);

    public void Boolean(string name, bool value) => _json.WriteBoolean(name, value);

    public void Base64(string name, ReadOnlySpan<byte> value) => _json.WriteBase64String(name, value);

    /// <summary>Two digits a byte, in upper case as in the document's examples.</summary>
    public void Hex(string name, ReadOnlySpan<byte> value)
    {
        using var digits = new PooledBuffer(2 * value.Length);
        Convert.TryToHexString(value, digits.GetSpan(2 * value.Length), out var length);
        digits.Advance(length);
        _json.WriteString(name, digits.Written);
    }

    public void BeginObject(string name) => _json.WriteStartObject(name);

    public void EndObject() => _json.WriteEndObject();

    public void BeginList(string name) => _json.WriteStartArray(name);

    public void EndList() => _json.WriteEndArray();

    /// <summary>Begins an object that is an element of a list.</summary>
    public void BeginItem() => _json.WriteStartObject();

    public void EndItem() => _json.WriteEndObject();

    /// <summary>A text that is an element of a list.</summary>
    public void Item(string value) => _json.WriteStringValue(value);

    /// <summary>The end of a listing's answer: where the next page begins, if there is one.</summary>
    public void Page(long offset, int limit, long total)
    {
        var next = offset + limit;
        var isTruncated = next < total;
        if (isTruncated) NumberText("next_marker", next);
        else String("next_marker", null);
        BooleanText("truncated", isTruncated);
        Number("total", total);
    }

    /// <summary>The fields of an error, in place of all others.</summary>
    public void Error(HuaweiError error, string requestId)
    {
        switch (error.Shape)
        {
            case ErrorShape.Gateway:
                String("error_msg", error.Message);
                String("error_code", error.Code);
                String("request_id", requestId);
                break;
            case ErrorShape.Iam:
                BeginObject("error");
                Number("code", error.HttpStatus);
                String("message", error.Message);
                String("title", error.Code);
                EndObject();
                break;
            default:
                BeginObject("error");
                String("error_code", error.Code);
                String("error_msg", error.Message);
                EndObject();
                break;
        }
    }

    /// <summary>Closes the root and returns the whole body, which is good until disposal.</summary>
    public ReadOnlyMemory<byte> Finish()
    {
        Invariant.That(_json.CurrentDepth == 1, "everything opened is closed");
        _json.WriteEndObject();
        _json.Flush();
        return _buffer.WrittenMemory;
    }

    public void Dispose()
    {
        _json.Dispose();
        _buffer.Dispose();
    }
}
