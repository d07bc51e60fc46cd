using FsCheck;
using FsCheck.Xunit;
using Microsoft.AspNetCore.Http;

namespace KmsActors.Protocols.Huawei.Tests;

public class RequestReaderTests
{
    [Theory]
    [InlineData("POST")]
    [InlineData("GET")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    public async Task Read_AnyMethod_KeepsTheBodyToTheByte(string method)
    {
        byte[] body = [.. "{ \"a\" :1}\n"u8, 0xFF, 0x00];
        HttpContext context = Calls.Context(method, Calls.Root + "list-keys?limit=1", body);
        context.Request.Headers["X-Any"] = "1";
        using Received received = await Calls.Read(context);
        Assert.False(received.Refused(out _, out HuaweiRequest? request));
        Assert.Equal(Calls.RequestId, received.RequestId);
        Assert.Equal(method, request.Method);
        Assert.Equal(Calls.Project, request.Target.ProjectId);
        Assert.Equal(["list-keys"], request.Target.Resource);
        Assert.Equal("1", request.Target.QueryValue("limit"));
        Assert.Equal("1", request.Headers["x-any"]);
        Assert.Equal(body, request.Body.Written.ToArray());
    }

    [Theory]
    [InlineData("*")]
    [InlineData("/v1.0/p/kms/%zz")]
    [InlineData("/v1.0/p/kms/list-keys?a=%")]
    public async Task Read_UndecodableTarget_IsRefused(string target)
    {
        using Received received = await Calls.Read(Calls.Context("POST", target));
        Assert.True(received.Refused(out HuaweiError? error, out _));
        Assert.Equal(HuaweiErrors.UrlInvalid, error);
    }

    [Fact]
    public async Task Read_LongContentLength_IsRefusedUnread()
    {
        HttpContext context = Calls.Context("POST", Calls.Root, new byte[10 * 1024 * 1024]);
        using Received received = await Calls.Read(context);
        Assert.Equal(HuaweiErrors.RequestTooLong, received.Error);
        Assert.Equal(0, context.Request.Body.Position);
        Assert.Equal("close", context.Response.Headers.Connection);
    }

    [Theory]
    [InlineData(RequestReader.MostBodyBytes, true)]
    [InlineData(RequestReader.MostBodyBytes + 1, false)]
    public async Task Read_AnnouncedBody_IsReadUpToTheBound(int length, bool isGood)
    {
        using Received received = await Calls.Read(Calls.Context("GET", Calls.Root, new byte[length]));
        Assert.Equal(isGood ? null : HuaweiErrors.RequestTooLong, received.Error);
        Assert.Equal(isGood ? length : null, received.Request?.Body.Length);
    }

    [Theory]
    [InlineData(RequestReader.MostBodyBytes, true)]
    [InlineData(RequestReader.MostBodyBytes + 1, false)]
    [InlineData(RequestReader.MostBodyBytes * 40, false)]
    public async Task Read_ChunkedBody_IsReadUpToTheBound(int length, bool isGood)
    {
        HttpContext context = Calls.Context("POST", Calls.Root, new byte[length], isChunked: true);
        using Received received = await Calls.Read(context);
        Assert.Equal(isGood ? null : HuaweiErrors.RequestTooLong, received.Error);
        Assert.Equal(isGood, context.Response.Headers.Connection.Count == 0);
        Assert.InRange(context.Request.Body.Position, 0, RequestReader.MostBodyBytes * 2);
        Assert.Equal(isGood ? length : null, received.Request?.Body.Length);
    }

    [Fact]
    public async Task Read_LongBodyOverHttp2_LeavesTheConnectionAlone()
    {
        HttpContext context = Calls.Context("POST", Calls.Root, new byte[RequestReader.MostBodyBytes + 1]);
        context.Request.Protocol = "HTTP/2";
        using Received received = await Calls.Read(context);
        Assert.Equal(HuaweiErrors.RequestTooLong, received.Error);
        Assert.Equal(0, context.Response.Headers.Connection.Count);
    }

    [Property]
    public void Read_RandomBytes_NeverThrows(byte[] body, NonNull<string> target)
    {
        using Received received = Calls.Read(Calls.Context("POST", target.Get, body)).AsTask().GetAwaiter().GetResult();
        Assert.Equal(received.Request is null, received.Refused(out _, out _));
    }
}
