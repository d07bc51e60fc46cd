using System.Text.Encodings.Web;
using System.Text.Json;

namespace KmsActors.Protocols.Aliyun;

/// <summary>JSON: one object.</summary>
internal sealed class JsonAliyunWriter : AliyunWriter
{
    // The body is never part of a page, so only what JSON itself must have escaped is escaped.
    private static readonly JsonWriterOptions s_options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Utf8JsonWriter _json;

    public JsonAliyunWriter()
    {
        _json = new Utf8JsonWriter(Buffer, s_options);
        _json.WriteStartObject();
    }

    public override string ContentType => "application/json; charset=utf-8";

    public override void Number(string name, long value) => _json.WriteNumber(name, value);

    public override void Boolean(string name, bool value) => _json.WriteBoolean(name, value);

    public override void Base64(string name, ReadOnlySpan<byte> value) =>
        _json.WriteBase64String(name, value);

    public override void BeginItem() => _json.WriteStartObject();

    public override void EndItem() => _json.WriteEndObject();

    public override void Dispose()
    {
        _json.Dispose();
        base.Dispose();
    }

    protected override void WriteText(string name, ReadOnlySpan<char> value) =>
        _json.WriteString(name, value);

    // The encoder puts U+FFFD for what is not UTF-8.
    protected override void WriteUtf8(string name, ReadOnlySpan<byte> value) => _json.WriteString(name, value);

    protected override void Open(string name) => _json.WriteStartObject(name);

    protected override void Close() => _json.WriteEndObject();

    protected override void OpenList(string name, string item)
    {
        _json.WriteStartObject(name);
        _json.WriteStartArray(item);
    }

    protected override void CloseList()
    {
        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    protected override void CloseRoot()
    {
        _json.WriteEndObject();
        _json.Flush();
    }
}
