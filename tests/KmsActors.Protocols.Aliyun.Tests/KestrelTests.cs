using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace KmsActors.Protocols.Aliyun.Tests;

/// <summary>What only the real server can show: bytes on a connection.</summary>
public sealed class KestrelTests : IAsyncLifetime
{
    private readonly WebApplication _app;

    public KestrelTests()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(async context =>
        {
            using Received received = await RequestReader.ReadAsync(context, Calls.RequestId);
            if (received.Refused(out AliyunError? error, out AliyunRequest? request))
            {
                await ResponseWriter.ErrorAsync(context, received, error);
                return;
            }

            using AliyunWriter writer = AliyunWriter.Create(received.Format);
            writer.String("V", request["V"]);
            await ResponseWriter.SuccessAsync(context, received, writer);
        });
    }

    public Task InitializeAsync() => _app.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Read_ChunkedForm_IsWholeAndTheConnectionLives()
    {
        string chunked = $"Transfer-Encoding: chunked\r\nContent-Type: {Calls.FormType}\r\n\r\n"
            + "4\r\nV=a%\r\n5\r\n20b+c\r\n0\r\n\r\n";
        string answers = await Send(Head("POST") + chunked + Head("GET") + "\r\n", bodies: 2);
        Assert.Contains("\"V\":\"a b c\"", answers, StringComparison.Ordinal);
        Assert.Equal(3, answers.Split("HTTP/1.1 200 OK").Length);
        Assert.DoesNotContain("chunked", answers, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length: 10485760\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nnonsense\r\n")]
    [InlineData("Content-Length: 10485760\r\nExpect: 100-continue\r\n\r\n")]
    public async Task Read_HopelessBody_IsRefusedAndTheConnectionClosed(string rest)
    {
        string answer = await Send($"{Head("POST")}Content-Type: {Calls.FormType}\r\n{rest}");
        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
        Assert.Contains("\"Code\":\"ParseRequestParameterException\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_ChunkedBodyWithoutEnd_IsRefusedAtTheBound()
    {
        string chunk = "10000\r\n" + new string('v', 0x10000) + "\r\n";
        string answer = await Send(
            Head("POST") + "Transfer-Encoding: chunked\r\n\r\n" + string.Concat(Enumerable.Repeat(chunk, 5)));
        Assert.Contains("\"Code\":\"ParseRequestParameterException\"", answer, StringComparison.Ordinal);
    }

    private static string Head(string method) =>
        $"{method} /?{Calls.Common}&Format=JSON HTTP/1.1\r\nHost: kms.example\r\n";

    /// <summary>
    /// Sends, and returns what comes back: as many bodies as wanted, for after a refusal the server keeps
    /// the connection some seconds longer, lest a reset overtake the answer.
    /// </summary>
    private async Task<string> Send(string request, int bodies = 1)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(_app.Urls.First()).Port, limit.Token);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), limit.Token);

        StringBuilder answer = new();
        byte[] buffer = new byte[4096];
        while (answer.ToString().Split('}').Length <= bodies)
        {
            int read = await stream.ReadAsync(buffer, limit.Token);
            Assert.NotEqual(0, read);
            answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        return answer.ToString();
    }
}
