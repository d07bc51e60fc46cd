using System.Net.Sockets;
using System.Text;

namespace KmsActors.Server.Tests;

/// <summary>An answer as it came over a raw socket.</summary>
internal sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public Answer Parsed => Answer.Of(Status, Headers["content-type"], Body);
}

/// <summary>HTTP/1.1 by hand, for requests that no decent client would send.</summary>
internal static class RawHttp
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Task<RawAnswer> ExchangeAsync(Uri address, string request) =>
        ExchangeAsync(address, stream => stream.WriteAsync(Encoding.Latin1.GetBytes(request)).AsTask());

    /// <summary>Writes and reads at once: a server may answer before it has been told everything.</summary>
    public static async Task<RawAnswer> ExchangeAsync(Uri address, Func<Stream, Task> write)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        await using var stream = client.GetStream();
        var writing = WriteAsync(stream, write);
        var answer = await ReadAsync(stream);
        client.Close();
        await writing;
        return answer;
    }

    public static async Task<RawAnswer> ReadAsync(Stream stream)
    {
        using var late = new CancellationTokenSource(Patience);
        List<byte> head = [];
        var one = new byte[1];
        while (!head.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            Assert.Equal(1, await stream.ReadAsync(one, late.Token));
            head.Add(one[0]);
        }

        var lines = Encoding.Latin1.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(line => line.Split(':', 2))
            .ToDictionary(pair => pair[0], pair => pair[1].Trim(), StringComparer.OrdinalIgnoreCase);
        var length = headers.TryGetValue("content-length", out var text) ? int.Parse(text) : 0;
        var body = new byte[length];
        await stream.ReadExactlyAsync(body, late.Token);
        return new RawAnswer(int.Parse(lines[0].Split(' ')[1]), headers, body);
    }

    private static async Task WriteAsync(Stream stream, Func<Stream, Task> write)
    {
        try
        {
            await write(stream);
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException)
        {
            // The server has heard enough.
        }
    }
}
