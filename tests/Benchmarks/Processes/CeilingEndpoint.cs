using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace KmsActors.Benchmarks.Processes;

/// <summary>
/// The ceiling of this stack: Kestrel, no routing, and of the work of a signed Encrypt only what nobody could
/// leave out: read the body, one HMAC over it, one AES-256-GCM of 1 KiB, an answer of the same size.
/// </summary>
internal static class CeilingEndpoint
{
    public const string Argument = "--serve-ceiling";

    private const int PlaintextBytes = 1024;

    // What an envelope adds to its plaintext.
    private const int Overhead = 140;

    private static readonly byte[] s_signingKey = RandomNumberGenerator.GetBytes(32);
    private static readonly byte[] s_key = RandomNumberGenerator.GetBytes(32);

    /// <summary>Serves until it is told to stop.</summary>
    public static async Task<int> RunAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestLineSize = 128 * 1024;
            kestrel.Limits.MaxConcurrentConnections = 20_000;
        });
        var app = builder.Build();
        app.Run(http => HttpMethods.IsGet(http.Request.Method) ? Task.CompletedTask : ServeAsync(http));
        await app.RunAsync();
        return 0;
    }

    private static async Task ServeAsync(HttpContext http)
    {
        var body = ArrayPool<byte>.Shared.Rent(8192);
        var answer = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            var length = 0;
            while (true)
            {
                var read = await http.Request.BodyReader.ReadAsync(http.RequestAborted);
                read.Buffer.CopyTo(body.AsSpan(length));
                length += (int)read.Buffer.Length;
                http.Request.BodyReader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) break;
            }

            var written = Work(body.AsSpan(0, length), answer);
            http.Response.ContentType = "application/json; charset=utf-8";
            http.Response.ContentLength = written;
            await http.Response.BodyWriter.WriteAsync(answer.AsMemory(0, written), http.RequestAborted);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body);
            ArrayPool<byte>.Shared.Return(answer);
        }
    }

    private static int Work(ReadOnlySpan<byte> body, Span<byte> answer)
    {
        Span<byte> mac = stackalloc byte[20];
#pragma warning disable CA5350 // The protocol's own.
        HMACSHA1.HashData(s_signingKey, body, mac);
#pragma warning restore CA5350
        Span<byte> envelope = stackalloc byte[PlaintextBytes + Overhead];
        mac.CopyTo(envelope);
        RandomNumberGenerator.Fill(envelope.Slice(20, 12));
        using (var gcm = new AesGcm(s_key, 16))
        {
            gcm.Encrypt(
                envelope.Slice(20, 12), body[..PlaintextBytes], envelope[Overhead..], envelope.Slice(32, 16));
        }

        var start = "{\"KeyId\":\"00000000-0000-0000-0000-000000000000\","u8;
        var middle = "\"KeyVersionId\":\"00000000-0000-0000-0000-000000000000\",\"CiphertextBlob\":\""u8;
        var end = "\",\"RequestId\":\"00000000-0000-0000-0000-000000000000\"}"u8;
        start.CopyTo(answer);
        middle.CopyTo(answer[start.Length..]);
        Base64.EncodeToUtf8(envelope, answer[(start.Length + middle.Length)..], out _, out var encoded);
        end.CopyTo(answer[(start.Length + middle.Length + encoded)..]);
        return start.Length + middle.Length + encoded + end.Length;
    }
}
