using KmsActors.Hsa;
using Microsoft.AspNetCore.Http;

namespace KmsActors.Protocols.Http;

/// <summary>How the reading of a body ended.</summary>
internal enum BodyStatus
{
    /// <summary>All of it was read.</summary>
    Whole,

    /// <summary>It is longer than is allowed.</summary>
    TooLong,

    /// <summary>It is none: malformed chunks, or it came too slowly.</summary>
    Broken,
}

/// <summary>Reads bodies off their connections, and of each no more than is allowed.</summary>
internal static class RequestBody
{
    /// <summary>
    /// Appends the body to <paramref name="to"/>. If it cannot be read to its end the connection is not used
    /// again: what was not read must not be taken for the next request.
    /// </summary>
    public static async ValueTask<BodyStatus> ReadAsync(
        HttpRequest request, PooledBuffer to, int mostBytes, CancellationToken cancellation)
    {
        var status = request.ContentLength > mostBytes
            ? BodyStatus.TooLong
            : await ReadToEndAsync(request, to, mostBytes, cancellation);
        if (status != BodyStatus.Whole && request.Protocol.StartsWith("HTTP/1", StringComparison.Ordinal))
            request.HttpContext.Response.Headers.Connection = "close";
        return status;
    }

    private static async ValueTask<BodyStatus> ReadToEndAsync(
        HttpRequest request, PooledBuffer to, int mostBytes, CancellationToken cancellation)
    {
        var reader = request.BodyReader;
        long left = mostBytes;
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(cancellation);
                left -= read.Buffer.Length;
                if (left >= 0)
                {
                    foreach (var segment in read.Buffer) to.Append(segment.Span);
                }

                reader.AdvanceTo(read.Buffer.End);
                if (left < 0) return BodyStatus.TooLong;
                if (read.IsCompleted) return BodyStatus.Whole;
            }
        }
        catch (IOException)
        {
            // The server's own verdict. Most are a BadHttpRequestException, but not that of a chunk's size which no
            // number can hold.
            return BodyStatus.Broken;
        }
    }
}
