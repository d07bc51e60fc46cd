using System.Text.Encodings.Web;
using System.Text.Json;
using KmsActors.Grains;
using KmsActors.Hsa;

namespace KmsActors.Protocols.Http;

/// <summary>
/// Writes one answer, a JSON object, into a rented buffer. To be disposed; not for two threads at once.
/// </summary>
internal abstract class JsonAnswer : IDisposable
{
    // The body is never part of a page, so only what JSON itself must have escaped is escaped.
    private static readonly JsonWriterOptions Options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly PooledBuffer _buffer = new(1024);

    protected JsonAnswer()
    {
        Json = new Utf8JsonWriter(_buffer, Options);
        Json.WriteStartObject();
    }

    /// <summary>Writes what the protocol has forms of its own for.</summary>
    protected Utf8JsonWriter Json { get; }

    /// <summary>A text; null is written as the empty one.</summary>
    public void String(string name, string? value) => Json.WriteString(name, value ?? "");

    public void Number(string name, long value) => Json.WriteNumber(name, value);

    public void Base64(string name, ReadOnlySpan<byte> value) => Json.WriteBase64String(name, value);

    public void BeginObject(string name) => Json.WriteStartObject(name);

    public void EndObject() => Json.WriteEndObject();

    public void BeginList(string name) => Json.WriteStartArray(name);

    public void EndList() => Json.WriteEndArray();

    /// <summary>Begins an object that is an element of a list.</summary>
    public void BeginItem() => Json.WriteStartObject();

    public void EndItem() => Json.WriteEndObject();

    /// <summary>Closes the root and returns the whole body, which is good until disposal.</summary>
    public ReadOnlyMemory<byte> Finish()
    {
        Invariant.That(Json.CurrentDepth == 1, "everything opened is closed");
        Json.WriteEndObject();
        Json.Flush();
        return _buffer.WrittenMemory;
    }

    public void Dispose()
    {
        Json.Dispose();
        _buffer.Dispose();
    }
}
