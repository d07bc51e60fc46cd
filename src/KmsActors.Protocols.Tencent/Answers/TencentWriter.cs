using System.Text.Encodings.Web;
using System.Text.Json;
using KmsActors.Grains;
using KmsActors.Hsa;

namespace KmsActors.Protocols.Tencent;

/// <summary>
/// Writes one answer into a rented buffer: <c>code</c>, <c>message</c>, <c>codeDesc</c> and <c>requestId</c>, and
/// behind them the fields of the action. To be disposed; not for two threads at once.
/// </summary>
internal sealed class TencentWriter : IDisposable
{
    // The body is never part of a page, so only what JSON itself must have escaped is escaped.
    private static readonly JsonWriterOptions Options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly PooledBuffer _buffer = new(1024);
    private readonly Utf8JsonWriter _json;

    private TencentWriter(int code, string message, string description, string requestId)
    {
        _json = new Utf8JsonWriter(_buffer, Options);
        _json.WriteStartObject();
        Number("code", code);
        String("message", message);
        String("codeDesc", description);
        String("requestId", requestId);
    }

    /// <summary>The answer of a call that succeeds, without the action's fields.</summary>
    public static TencentWriter Success(string requestId) => new(0, "", "Success", requestId);

    /// <summary>The whole answer of a call that does not.</summary>
    public static TencentWriter Failure(string requestId, TencentError error) =>
        new(error.Code, error.Message, error.Description, requestId);

    /// <summary>A text; null is written as the empty one.</summary>
    public void String(string name, string? value) => _json.WriteString(name, value ?? "");

    public void Number(string name, long value) => _json.WriteNumber(name, value);

    /// <summary>Unix seconds; 0 when there is no time.</summary>
    public void Time(string name, DateTimeOffset? time) => Number(name, time?.ToUnixTimeSeconds() ?? 0);

    public void Base64(string name, ReadOnlySpan<byte> value) => _json.WriteBase64String(name, value);

    public void BeginObject(string name) => _json.WriteStartObject(name);

    public void EndObject() => _json.WriteEndObject();

    public void BeginList(string name) => _json.WriteStartArray(name);

    public void EndList() => _json.WriteEndArray();

    /// <summary>Begins an object that is an element of a list.</summary>
    public void BeginItem() => _json.WriteStartObject();

    public void EndItem() => _json.WriteEndObject();

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
