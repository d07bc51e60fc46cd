using System.Buffers;
using System.Globalization;
using System.Text;

namespace KmsActors.Protocols.Aliyun;

/// <summary>XML with the root <c>KMS</c>, as every example of seed 001 but the one of 1.5 has it.</summary>
internal sealed class XmlAliyunWriter : AliyunWriter
{
    // Markup, the characters that XML 1.0 cannot hold even escaped, and CR, which a reader would make LF.
    // Surrogates are not here: the conversion to UTF-8 replaces lone ones itself.
    private static readonly SearchValues<char> s_special = SearchValues.Create(
        "<>&\"'\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\v\f\r\u000e\u000f\u0010\u0011\u0012\u0013"
        + "\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f\ufffe\uffff");

    /// <summary>The names of what is open; an open list has two, its own and its items'.</summary>
    private readonly Stack<string> _open = new();

    public XmlAliyunWriter() => Buffer.Append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<KMS>"u8);

    public override string ContentType => "text/xml;charset=utf-8";

    public override void Number(string name, long value) =>
        WriteText(name, value.ToString(CultureInfo.InvariantCulture));

    public override void Boolean(string name, bool value) => WriteText(name, value ? "true" : "false");

    public override void Base64(string name, ReadOnlySpan<byte> value)
    {
        Start(name);
        Span<byte> span = Buffer.GetSpan(System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(value.Length));
        System.Buffers.Text.Base64.EncodeToUtf8(value, span, out _, out int written);
        Buffer.Advance(written);
        End(name);
    }

    public override void BeginItem() => Start(_open.Peek());

    public override void EndItem() => End(_open.Peek());

    protected override void WriteText(string name, ReadOnlySpan<char> value)
    {
        Start(name);
        Escape(value);
        End(name);
    }

    protected override void WriteUtf8(string name, ReadOnlySpan<byte> value) =>
        WriteText(name, Encoding.UTF8.GetString(value));

    protected override void Open(string name)
    {
        _open.Push(name);
        Start(name);
    }

    protected override void Close() => End(_open.Pop());

    protected override void OpenList(string name, string item)
    {
        Open(name);
        _open.Push(item);
    }

    protected override void CloseList()
    {
        _open.Pop();
        Close();
    }

    protected override void CloseRoot() => Buffer.Append("</KMS>"u8);

    private void Escape(ReadOnlySpan<char> value)
    {
        while (true)
        {
            int run = value.IndexOfAny(s_special);
            Buffer.Append(run < 0 ? value : value[..run]);
            if (run < 0) return;
            Buffer.Append(value[run] switch
            {
                '<' => "&lt;"u8,
                '>' => "&gt;"u8,
                '&' => "&amp;"u8,
                '"' => "&quot;"u8,
                '\'' => "&apos;"u8,
                '\r' => "&#13;"u8,
                _ => "\ufffd"u8,
            });
            value = value[(run + 1)..];
        }
    }

    private void Start(string name)
    {
        Buffer.Append("<"u8);
        Buffer.Append(name);
        Buffer.Append(">"u8);
    }

    private void End(string name)
    {
        Buffer.Append("</"u8);
        Buffer.Append(name);
        Buffer.Append(">"u8);
    }
}
