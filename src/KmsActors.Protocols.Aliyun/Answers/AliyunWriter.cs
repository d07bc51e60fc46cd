using KmsActors.Grains;
using KmsActors.Hsa;

namespace KmsActors.Protocols.Aliyun;

/// <summary>
/// Writes the fields of one answer, in either format, straight into a rented buffer. Names are constants of
/// the protocol and are not escaped. To be disposed; not for two threads at once.
/// </summary>
internal abstract class AliyunWriter : IDisposable
{
    private bool _isError;

    protected PooledBuffer Buffer { get; } = new(1024);

    /// <summary>How many objects and lists are open within the root.</summary>
    protected int Depth { get; private set; }

    public abstract string ContentType { get; }

    public static AliyunWriter Create(AliyunFormat format) =>
        format == AliyunFormat.Json ? new JsonAliyunWriter() : new XmlAliyunWriter();

    /// <summary>A text; null is written as the empty one.</summary>
    public void String(string name, string? value)
    {
        CheckName(name);
        WriteText(name, value);
    }

    /// <summary>A text that is UTF-8 already; what is not valid in it becomes U+FFFD.</summary>
    public void Utf8(string name, ReadOnlySpan<byte> value)
    {
        CheckName(name);
        WriteUtf8(name, value);
    }

    public abstract void Number(string name, long value);

    public abstract void Boolean(string name, bool value);

    public abstract void Base64(string name, ReadOnlySpan<byte> value);

    public void BeginObject(string name)
    {
        CheckName(name);
        Depth++;
        Open(name);
    }

    public void EndObject()
    {
        Depth--;
        Close();
    }

    /// <summary>
    /// A list: <c>"Keys":{"Key":[{…}]}</c> or <c>&lt;Keys&gt;&lt;Key&gt;…&lt;/Key&gt;&lt;/Keys&gt;</c>.
    /// </summary>
    public void BeginList(string name, string item)
    {
        CheckName(name);
        Depth++;
        OpenList(name, item);
    }

    public abstract void BeginItem();

    public abstract void EndItem();

    public void EndList()
    {
        Depth--;
        CloseList();
    }

    /// <summary>The fields of an error, in place of all others.</summary>
    public void Error(AliyunError error, string requestId, string hostId)
    {
        _isError = true;
        Number("HttpStatus", error.HttpStatus);
        String("Code", error.Code);
        String("Message", error.Message);
        String("RequestId", requestId);
        String("HostId", hostId);
    }

    /// <summary>Closes the root and returns the whole body, which is good until disposal.</summary>
    public ReadOnlyMemory<byte> Finish()
    {
        Invariant.That(Depth == 0, "everything opened is closed");
        CloseRoot();
        return Buffer.WrittenMemory;
    }

    public virtual void Dispose() => Buffer.Dispose();

    protected abstract void WriteText(string name, ReadOnlySpan<char> value);

    protected abstract void WriteUtf8(string name, ReadOnlySpan<byte> value);

    protected abstract void Open(string name);

    protected abstract void Close();

    protected abstract void OpenList(string name, string item);

    protected abstract void CloseList();

    protected abstract void CloseRoot();

    // One of the vendor's clients takes any answer with a Code at its top for an error, whatever its status.
    private void CheckName(string name) =>
        Invariant.That(_isError || Depth > 0 || name != "Code", "no success has a Code");
}
