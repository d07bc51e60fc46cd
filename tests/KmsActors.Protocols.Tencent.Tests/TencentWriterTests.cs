using System.Text;
using KmsActors.Grains;
using Microsoft.AspNetCore.Http;

namespace KmsActors.Protocols.Tencent.Tests;

public class TencentWriterTests
{
    [Fact]
    public void Success_HasTheEnvelopeBeforeItsFields()
    {
        using var writer = TencentWriter.Success(Calls.RequestId);
        writer.BeginObject("keyMetadata");
        writer.String("alias", null);
        writer.String("description", "密\"<&'+>");
        writer.Time("createTime", DateTimeOffset.UnixEpoch.AddSeconds(1500000000.9));
        writer.Time("deleteTime", null);
        writer.EndObject();
        writer.BeginList("keys");
        writer.BeginItem();
        writer.Base64("plaintext", [255, 254, 253]);
        writer.EndItem();
        writer.EndList();
        Assert.Equal(
            """{"code":0,"message":"","codeDesc":"Success","requestId":"284b2b80-9b17-4546-a093-adfbae512a54" """.TrimEnd()
            + ""","keyMetadata":{"alias":"","description":"密\"<&'+>","createTime":1500000000,"deleteTime":0}"""
            + ""","keys":[{"plaintext":"//79"}]}""",
            Encoding.UTF8.GetString(writer.Finish().Span));
    }

    [Fact]
    public void Finish_WithSomethingOpen_IsAFault()
    {
        using var writer = TencentWriter.Success(Calls.RequestId);
        writer.BeginList("keys");
        Assert.Throws<InvariantException>(() => writer.Finish());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Error_IsSentWithStatus200(bool isForNow)
    {
        var context = Calls.Context("GET");
        var error = isForNow ? TencentErrors.Unavailable : TencentErrors.InternalError;
        await ResponseWriter.ErrorAsync(context, Calls.RequestId, error);
        await context.Response.BodyWriter.FlushAsync();
        var body = Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray());
        Assert.Equal(
            $$"""{"code":6000,"message":"{{error.Message}}","codeDesc":"{{error.Description}}","requestId":"{{Calls.RequestId}}"}""",
            body);
        var response = context.Response;
        Assert.Equal((StatusCodes.Status200OK, "application/json; charset=utf-8"), (response.StatusCode, response.ContentType));
        Assert.Equal(isForNow ? "1" : "", response.Headers.RetryAfter.ToString());
        Assert.Equal(Encoding.UTF8.GetByteCount(body), response.ContentLength);
    }
}
