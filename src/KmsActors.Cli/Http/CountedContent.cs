using System.Net;
using System.Net.Http.Headers;

namespace KmsActors.Cli;

/// <summary>A file as the body of a request, which tells how much of it has gone.</summary>
internal sealed class CountedContent : HttpContent
{
    private const int BufferSize = 81920;

    private readonly FileStream _file;
    private long _sent;

    public CountedContent(FileStream file)
    {
        _file = file;
        Headers.ContentType = new MediaTypeHeaderValue("application/vnd.sqlite3");
    }

    /// <summary>Bytes sent so far.</summary>
    public long Sent => Volatile.Read(ref _sent);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        while (await _file.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            Volatile.Write(ref _sent, _sent + read);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _file.Length;
        return true;
    }
}
