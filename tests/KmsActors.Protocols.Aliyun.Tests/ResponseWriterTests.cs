using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using FsCheck;
using FsCheck.Xunit;
using KmsActors.Grains;
using Microsoft.AspNetCore.Http;

namespace KmsActors.Protocols.Aliyun.Tests;

public class ResponseWriterTests
{
    private const string Odd = "a<b>&\"'\\/ 密钥 🔑 \t\n\r \u0001\u001f\u007f\u2028 \ud800 \ufffe\uffff end";
    private const string OddInXml =
        "a<b>&\"'\\/ 密钥 🔑 \t\n\r \ufffd\ufffd\u007f\u2028 \ufffd \ufffd\ufffd end";
    private const string OddInJson =
        "a<b>&\"'\\/ 密钥 🔑 \t\n\r \u0001\u001f\u007f\u2028 \ufffd \ufffe\uffff end";

    [Fact]
    public async Task Success_Json_IsAsDocumented()
    {
        HttpContext context = await Succeed(AliyunFormat.Json, WriteSample);
        Assert.Equal(200, context.Response.StatusCode);
        Assert.Equal("application/json; charset=utf-8", context.Response.ContentType);
        Assert.Equal(
            """
            {"KeyId":"k","DeleteDate":"","Plaintext":"aGk=","Value":true,"KeyMetadata":{"Origin":"EXTERNAL"},
            "Keys":{"Key":[{"KeyId":"1","Code":"c"},{"KeyId":"2"}]},"Tags":{"Tag":[]},"TotalCount":2,
            "RequestId":"284b2b80-9b17-4546-a093-adfbae512a54"}
            """.ReplaceLineEndings(""),
            Body(context));
    }

    [Fact]
    public async Task Success_Xml_IsAsDocumented()
    {
        HttpContext context = await Succeed(AliyunFormat.Xml, WriteSample);
        Assert.Equal(200, context.Response.StatusCode);
        Assert.Equal("text/xml;charset=utf-8", context.Response.ContentType);
        Assert.Equal(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            + "<KMS><KeyId>k</KeyId><DeleteDate></DeleteDate><Plaintext>aGk=</Plaintext><Value>true</Value>"
            + "<KeyMetadata><Origin>EXTERNAL</Origin></KeyMetadata>"
            + "<Keys><Key><KeyId>1</KeyId><Code>c</Code></Key><Key><KeyId>2</KeyId></Key></Keys><Tags></Tags>"
            + $"<TotalCount>2</TotalCount><RequestId>{Calls.RequestId}</RequestId></KMS>",
            Body(context));
    }

    [Fact]
    public void Lists_Nested_CloseInOrder()
    {
        static void Write(AliyunWriter writer)
        {
            writer.BeginList("Keys", "Key");
            writer.BeginItem();
            writer.BeginList("Tags", "Tag");
            writer.BeginItem();
            writer.Number("N", -1);
            writer.EndItem();
            writer.EndList();
            writer.EndItem();
            writer.EndList();
        }

        Assert.Equal(
            """{"Keys":{"Key":[{"Tags":{"Tag":[{"N":-1}]}}]}}""", Rendered(AliyunFormat.Json, Write));
        Assert.EndsWith(
            "<KMS><Keys><Key><Tags><Tag><N>-1</N></Tag></Tags></Key></Keys></KMS>",
            Rendered(AliyunFormat.Xml, Write),
            StringComparison.Ordinal);
    }

    [Fact]
    public void String_OddCharacters_NeverBreakTheDocument()
    {
        Assert.Equal(OddInJson, Value(AliyunFormat.Json, w => w.String("V", Odd)));
        Assert.Equal(OddInXml, Value(AliyunFormat.Xml, w => w.String("V", Odd)));
        Assert.Contains("密钥", Rendered(AliyunFormat.Json, w => w.String("V", Odd)), StringComparison.Ordinal);
    }

    [Fact]
    public void Utf8_OddBytes_NeverBreakTheDocument()
    {
        byte[] text = Encoding.UTF8.GetBytes(Odd);
        byte[] invalid = [0x61, 0xC0, 0xAF, 0xE5];
        Assert.Equal(OddInJson, Value(AliyunFormat.Json, w => w.Utf8("V", text)));
        Assert.Equal(OddInXml, Value(AliyunFormat.Xml, w => w.Utf8("V", text)));
        Assert.Equal("a\ufffd\ufffd\ufffd", Value(AliyunFormat.Json, w => w.Utf8("V", invalid)));
        Assert.Equal("a\ufffd\ufffd\ufffd", Value(AliyunFormat.Xml, w => w.Utf8("V", invalid)));
    }

    [Property]
    public void String_Any_ReadsBackFromBothFormats(NonNull<string> text)
    {
        string json = Value(AliyunFormat.Json, w => w.String("V", text.Get));
        Assert.Equal(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Get)), json);
        string expected = string.Concat(json.Select(
            c => c is '\t' or '\n' or '\r' or (>= ' ' and < '\ufffe') ? c : '\ufffd'));
        Assert.Equal(expected, Value(AliyunFormat.Xml, w => w.String("V", text.Get)));
    }

    [Property]
    public void Utf8_AnyBytes_ReadBackFromBothFormats(byte[] bytes)
    {
        string text = Encoding.UTF8.GetString(bytes);
        Assert.Equal(text, Value(AliyunFormat.Json, w => w.Utf8("V", bytes)));
        Assert.Equal(
            Value(AliyunFormat.Xml, w => w.String("V", text)), Value(AliyunFormat.Xml, w => w.Utf8("V", bytes)));
    }

    [Property]
    public void Base64_Any_ReadsBackFromBothFormats(byte[] bytes)
    {
        Assert.Equal(Convert.ToBase64String(bytes), Value(AliyunFormat.Json, w => w.Base64("V", bytes)));
        Assert.Equal(Convert.ToBase64String(bytes), Value(AliyunFormat.Xml, w => w.Base64("V", bytes)));
    }

    [Fact]
    public void String_LongerThanAnyBuffer_IsWhole()
    {
        string text = new('密', 100_000);
        Assert.Equal(text, Value(AliyunFormat.Json, w => w.String("V", text)));
        Assert.Equal(text, Value(AliyunFormat.Xml, w => w.String("V", text)));
    }

    [Fact]
    public async Task Error_Json_HasAllFiveFields()
    {
        HttpContext context = await Fail(AliyunFormat.Json, AliyunErrors.MissingParameter("KeyId"), null);
        Assert.Equal(400, context.Response.StatusCode);
        Assert.Equal(
            """
            {"HttpStatus":400,"Code":"MissingParameter",
            "Message":"The parameter \"KeyId\" is needed but not provided.",
            "RequestId":"284b2b80-9b17-4546-a093-adfbae512a54","HostId":"kms.example"}
            """.ReplaceLineEndings(""),
            Body(context));
        Assert.False(context.Response.Headers.ContainsKey("Retry-After"));
    }

    [Fact]
    public async Task Error_Xml_HasAllFiveFields()
    {
        HttpContext context = await Fail(AliyunFormat.Xml, AliyunErrors.ServiceUnavailableTemporary, 3);
        Assert.Equal(503, context.Response.StatusCode);
        Assert.Equal("3", context.Response.Headers.RetryAfter);
        Assert.Equal(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<KMS><HttpStatus>503</HttpStatus>"
            + "<Code>ServiceUnavailableTemporary</Code><Message>Service Unavailable Temporary.</Message>"
            + $"<RequestId>{Calls.RequestId}</RequestId><HostId>kms.example</HostId></KMS>",
            Body(context));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void String_CodeAtTheTopOfASuccess_IsAFault(bool isJson)
    {
        using AliyunWriter writer = AliyunWriter.Create(isJson ? AliyunFormat.Json : AliyunFormat.Xml);
        Assert.Throws<InvariantException>(() => writer.String("Code", "x"));
        Assert.Throws<InvariantException>(() => writer.BeginObject("Code"));
    }

    [Fact]
    public void Finish_SomethingOpen_IsAFault()
    {
        using AliyunWriter writer = AliyunWriter.Create(AliyunFormat.Xml);
        writer.BeginObject("KeyMetadata");
        Assert.Throws<InvariantException>(() => writer.Finish());
    }

    private static void WriteSample(AliyunWriter writer)
    {
        writer.String("KeyId", "k");
        writer.String("DeleteDate", null);
        writer.Base64("Plaintext", "hi"u8);
        writer.Boolean("Value", true);
        writer.BeginObject("KeyMetadata");
        writer.String("Origin", "EXTERNAL");
        writer.EndObject();
        writer.BeginList("Keys", "Key");
        writer.BeginItem();
        writer.String("KeyId", "1");
        writer.String("Code", "c");
        writer.EndItem();
        writer.BeginItem();
        writer.String("KeyId", "2");
        writer.EndItem();
        writer.EndList();
        writer.BeginList("Tags", "Tag");
        writer.EndList();
        writer.Number("TotalCount", 2);
    }

    private static async Task<HttpContext> Succeed(AliyunFormat format, Action<AliyunWriter> write)
    {
        HttpContext context = Calls.Context("GET");
        using AliyunWriter writer = AliyunWriter.Create(format);
        write(writer);
        await ResponseWriter.SuccessAsync(context, new(format, Calls.RequestId, "h", null, null), writer);
        return context;
    }

    private static async Task<HttpContext> Fail(AliyunFormat format, AliyunError error, int? retryAfter)
    {
        HttpContext context = Calls.Context("GET");
        Received received = new(format, Calls.RequestId, "kms.example", null, error);
        await ResponseWriter.ErrorAsync(context, received, error, retryAfter);
        return context;
    }

    private static string Body(HttpContext context)
    {
        byte[] bytes = ((MemoryStream)context.Response.Body).ToArray();
        Assert.Equal(context.Response.ContentLength, bytes.Length);
        return Encoding.UTF8.GetString(bytes);
    }

    private static string Rendered(AliyunFormat format, Action<AliyunWriter> write)
    {
        using AliyunWriter writer = AliyunWriter.Create(format);
        write(writer);
        return Encoding.UTF8.GetString(writer.Finish().Span);
    }

    /// <summary>The field V as a reader of the format gets it.</summary>
    private static string Value(AliyunFormat format, Action<AliyunWriter> write)
    {
        string text = Rendered(format, write);
        return format == AliyunFormat.Json
            ? JsonDocument.Parse(text).RootElement.GetProperty("V").GetString()!
            : XDocument.Parse(text, LoadOptions.PreserveWhitespace).Root!.Element("V")!.Value;
    }
}
