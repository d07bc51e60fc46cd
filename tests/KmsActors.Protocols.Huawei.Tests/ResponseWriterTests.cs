using Microsoft.AspNetCore.Http;

namespace KmsActors.Protocols.Huawei.Tests;

public class ResponseWriterTests
{
    [Theory]
    [InlineData(200)]
    [InlineData(201)]
    public async Task Success_HasStatusHeadersAndBody(int status)
    {
        HttpContext context = Calls.Context("POST", "/");
        using HuaweiWriter writer = new();
        writer.String("key_id", "k");
        await ResponseWriter.SuccessAsync(context, Calls.RequestId, writer, status);
        AssertHeaders(context, status);
        Assert.Equal("""{"key_id":"k"}""", context.Body());
    }

    [Fact]
    public async Task Success_WithoutFields_IsAnEmptyObject()
    {
        HttpContext context = Calls.Context("POST", "/");
        using HuaweiWriter writer = new();
        await ResponseWriter.SuccessAsync(context, Calls.RequestId, writer);
        AssertHeaders(context, 200);
        Assert.Equal("{}", context.Body());
    }

    [Fact]
    public void NoContent_HasTheIdAndNoBody()
    {
        HttpContext context = Calls.Context("POST", "/");
        ResponseWriter.NoContent(context, Calls.RequestId);
        Assert.Equal(204, context.Response.StatusCode);
        Assert.Equal(Calls.RequestId, context.Response.Headers["x-request-id"]);
        Assert.Null(context.Response.ContentType);
        Assert.Null(context.Response.ContentLength);
        Assert.Equal("", context.Body());
    }

    [Fact]
    public async Task Error_OfKms_IsNested()
    {
        HttpContext context = await Fail(HuaweiErrors.KeyIdInvalid);
        AssertHeaders(context, 400);
        Assert.Equal("""{"error":{"error_code":"KMS.0205","error_msg":"Invalid key ID."}}""", context.Body());
    }

    [Fact]
    public async Task Error_OfTheGateway_IsAtTheTop()
    {
        HttpContext context = await Fail(HuaweiErrors.SignatureRefused);
        AssertHeaders(context, 401);
        Assert.Equal(
            """
            {"error_msg":"Incorrect IAM authentication information: verify aksk signature fail",
            "error_code":"APIGW.0301","request_id":"284b2b80-9b17-4546-a093-adfbae512a54"}
            """.ReplaceLineEndings(""),
            context.Body());
    }

    [Fact]
    public async Task Error_OfIam_HasANumberAndATitle()
    {
        HttpContext context = await Fail(HuaweiErrors.PasswordWrong);
        AssertHeaders(context, 401);
        Assert.Equal(
            """{"error":{"code":401,"message":"The username or password is wrong.","title":"Unauthorized"}}""",
            context.Body());
    }

    private static async Task<HttpContext> Fail(HuaweiError error)
    {
        HttpContext context = Calls.Context("POST", "/");
        await ResponseWriter.ErrorAsync(context, Calls.RequestId, error);
        return context;
    }

    private static void AssertHeaders(HttpContext context, int status)
    {
        Assert.Equal(status, context.Response.StatusCode);
        Assert.Equal("application/json", context.Response.ContentType);
        Assert.Equal(Calls.RequestId, context.Response.Headers["x-request-id"]);
    }
}
