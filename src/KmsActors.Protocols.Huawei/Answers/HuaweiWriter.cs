using System.Globalization;
using KmsActors.Hsa;
using KmsActors.Protocols.Http;

namespace KmsActors.Protocols.Huawei;

/// <summary>
/// Writes the fields of one answer into a rented buffer. This protocol holds most numbers, all times and
/// many truths in strings: those members that do say Text. To be disposed; not for two threads at once.
/// </summary>
internal sealed class HuaweiWriter : JsonAnswer
{
    /// <summary>A text that is UTF-8 already; what is not valid in it becomes U+FFFD.</summary>
    public void Utf8(string name, ReadOnlySpan<byte> value) => Json.WriteString(name, value);

    /// <summary>A number in a string: <c>"2"</c>.</summary>
    public void NumberText(string name, long value)
    {
        Span<char> digits = stackalloc char[20];
        value.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        Json.WriteString(name, digits[..length]);
    }

    /// <summary>A truth in a string: <c>"true"</c>.</summary>
    public void BooleanText(string name, bool value) => Json.WriteString(name, value ? "true"u8 : "false"u8);

    /// <summary>
    /// A time in milliseconds, 13 digits in a string; the empty string when there is none. The document's
    /// tables say seconds, its examples have milliseconds, and clients take those.
    /// </summary>
    public void TimeText(string name, DateTimeOffset? time)
    {
        if (time is { } given) NumberText(name, given.ToUnixTimeMilliseconds());
        else String(name, null);
    }

    public void Null(string name) => Json.WriteNull(name);

    public void Boolean(string name, bool value) => Json.WriteBoolean(name, value);

    /// <summary>Two digits a byte, in upper case as in the document's examples.</summary>
    public void Hex(string name, ReadOnlySpan<byte> value)
    {
        using var digits = new PooledBuffer(2 * value.Length);
        Convert.TryToHexString(value, digits.GetSpan(2 * value.Length), out var length);
        digits.Advance(length);
        Json.WriteString(name, digits.Written);
    }

    /// <summary>A text that is an element of a list.</summary>
    public void Item(string value) => Json.WriteStringValue(value);

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
}
