using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace KmsActors.Protocols.Huawei.Tests;

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
            using Received received = await Calls.Read(context);
            if (received.Refused(out HuaweiError? error, out HuaweiRequest? request))
            {
                await ResponseWriter.ErrorAsync(context, received.RequestId, error);
                return;
            }

            if (request.Method == "DELETE")
            {
                ResponseWriter.NoContent(context, received.RequestId);
                return;
            }

            using FieldBinder bind = new(request);
            using HuaweiWriter writer = new();
            writer.String("method", request.Method);
            writer.String("path", request.Target.RawPath);
            writer.String("resource", string.Join('|', request.Target.Resource));
            writer.String("host", request.Headers.Host);
            writer.NumberText("length", request.Body.Length);
            writer.String("v", bind.OptionalText("v", new TextRule(0, 1_000_000), HuaweiErrors.ParameterInvalid));
            writer.String("signed", SignedTexts.Of(request, Signer.Clock)?.IsMadeWith(Signer.Secret) ?? false ? "yes" : "no");
            writer.String("code", bind.Error?.Code);
            await ResponseWriter.SuccessAsync(context, received.RequestId, writer);
        });
    }

    public Task InitializeAsync() => _app.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Read_BodiesOfEveryKind_AreWholeAndTheConnectionLives()
    {
        string[] requests =
        [
            Head("POST", "list-keys") + "Transfer-Encoding: chunked\r\n\r\n6\r\n{\"v\":\"\r\n5\r\nab\"}\n\r\n0\r\n\r\n",
            Head("GET", "user-quotas") + "Content-Length: 2\r\n\r\n{}",
            Head("DELETE", "tags/a") + "Content-Length: 2\r\n\r\n{}",
            Head("POST", "user-instances") + "Content-Length: 0\r\n\r\n",
            Head("GET", "last%20one/") + "\r\n",
        ];
        string answers = await Send(string.Concat(requests), until: "last%20one/\",");
        Assert.Contains("\"length\":\"11\",\"v\":\"ab\"", answers, StringComparison.Ordinal);
        Assert.Contains("\"length\":\"2\",\"v\":\"\"", answers, StringComparison.Ordinal);
        Assert.Contains("\"resource\":\"last one\"", answers, StringComparison.Ordinal);
        Assert.DoesNotContain("chunked", answers, StringComparison.Ordinal);
        Assert.DoesNotContain("KMS.", answers, StringComparison.Ordinal);
        AssertTimes(4, "HTTP/1.1 200 OK\r\n", answers);
        AssertTimes(4, "Content-Type: application/json\r\n", answers);
        AssertTimes(1, "HTTP/1.1 204 No Content\r\n", answers);
        AssertTimes(5, $"x-request-id: {Calls.RequestId}\r\n", answers);
    }

    [Theory]
    [InlineData("Content-Length: 10485760\r\n\r\n", "KMS.0203")]
    [InlineData("Content-Length: 131073\r\nExpect: 100-continue\r\n\r\n", "KMS.0203")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nnonsense\r\n", "KMS.0202")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n", "KMS.0202")]
    public async Task Read_HopelessBody_IsRefusedAndTheConnectionClosed(string rest, string code)
    {
        string answer = await Send(Head("POST", "list-keys") + rest, until: "}}");
        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
        Assert.Contains($"\"error_code\":\"{code}\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_ChunkedBodyWithoutEnd_IsRefusedAtTheBound()
    {
        string chunk = "10000\r\n" + new string('v', 0x10000) + "\r\n";
        string answer = await Send(
            Head("GET", "tags") + "Transfer-Encoding: chunked\r\n\r\n" + string.Concat(Enumerable.Repeat(chunk, 3)), until: "}}");
        Assert.Contains("\"error_code\":\"KMS.0203\"", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1.0/p/kms/%C0%AF")]
    [InlineData("/v1.0/p/kms/tags?a=%zz")]
    [InlineData("http://kms.example/v1.0/p/kms/tags")]
    public async Task Read_BadTarget_IsRefusedAndTheConnectionLives(string target)
    {
        string bad = $"POST {target} HTTP/1.1\r\nHost: kms.example\r\nContent-Length: 2\r\n\r\n{{}}";
        string answers = await Send(bad + Head("GET", "tags") + "\r\n", until: "\"tags\"");
        Assert.StartsWith("HTTP/1.1 400", answers, StringComparison.Ordinal);
        Assert.Contains("\"error_code\":\"KMS.0201\"", answers, StringComparison.Ordinal);
        AssertTimes(1, "HTTP/1.1 200 OK", answers);
    }

    [Theory]
    [InlineData("POST", "describe-key", "{\"key_id\":\"0d0466b0-e727-4d9c-b35d-f84bb474a37f\"}\n")]
    [InlineData("GET", "user-instances?b=2%20c&a=%E5%AF%86&b=1", "{}")]
    [InlineData("GET", "k/tags/a%20b%2B/", "")]
    [InlineData("POST", "list-keys", "{\"v\":\"密钥 🔑\"}")]
    public async Task Read_SignedRequest_CanBeVerified(string method, string path, string body)
    {
        byte[] bytes = Calls.Bytes(body);
        Signer signer = new()
        {
            Method = method,
            Target = Calls.Root + path,
            Body = bytes,
            Headers = [("host", "kms.example:8080"), ("x-sdk-date", Signer.Now), ("x-a", "密"), ("X-B", "2"), ("x-B", "1")],
        };
        string head = string.Concat(signer.Headers.Append(("Authorization", signer.Authorization()))
            .Select(header => $"{header.Item1}:  {header.Item2} \r\n"));
        string request = $"{method} {signer.Target} HTTP/1.1\r\n{head}Content-Length: {bytes.Length}\r\n\r\n{body}";
        Assert.Contains("\"signed\":\"yes\"", await Send(request, until: "\"code\""), StringComparison.Ordinal);
        string changed = request.Replace("kms.example:8080", "kms.example:8081", StringComparison.Ordinal);
        Assert.Contains("\"signed\":\"no\"", await Send(changed, until: "\"code\""), StringComparison.Ordinal);
    }

    private static string Head(string method, string path) =>
        $"{method} {Calls.Root}{path} HTTP/1.1\r\nHost: kms.example\r\n";

    private static void AssertTimes(int times, string text, string answers) =>
        Assert.Equal(times, answers.Split(text).Length - 1);

    /// <summary>
    /// Sends, and returns what comes back up to a certain text and the end of what came with it: after a
    /// refusal the server keeps the connection some seconds longer, lest a reset overtake the answer.
    /// </summary>
    private async Task<string> Send(string request, string until)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(_app.Urls.First()).Port, limit.Token);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request), limit.Token);

        StringBuilder answer = new();
        byte[] buffer = new byte[4096];
        while (!answer.ToString().Contains(until, StringComparison.Ordinal))
        {
            int read = await stream.ReadAsync(buffer, limit.Token);
            Assert.NotEqual(0, read);
            answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        return answer.ToString();
    }
}
