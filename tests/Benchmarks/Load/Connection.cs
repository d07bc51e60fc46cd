using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace KmsActors.Benchmarks.Load;

/// <summary>
/// One keep-alive connection: sends a request, reads its answer. Blocking calls on a thread of its own cost
/// the client the least, and what it does not use is the server's.
/// </summary>
internal sealed class Connection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _length;
    private int _end;

    public Connection(int port)
    {
        _socket.NoDelay = true;
        _socket.Connect(IPAddress.Loopback, port);
    }

    /// <summary>The body of the last answer, good until the next call.</summary>
    public ReadOnlySpan<byte> Body => _buffer.AsSpan(BodyAt, _end - BodyAt);

    private int BodyAt { get; set; }

    /// <summary>Sends a request and returns the status of the answer, all of which it has read.</summary>
    public int Call(ReadOnlySpan<byte> request)
    {
        Send(request);
        return Receive();
    }

    /// <summary>Sends requests; another thread may receive meanwhile.</summary>
    public void Send(ReadOnlySpan<byte> requests) => _socket.Send(requests);

    /// <summary>The status of the next answer, all of which it has read.</summary>
    public int Receive()
    {
        // What came behind the last answer is the beginning of this one.
        _buffer.AsSpan(_end, _length - _end).CopyTo(_buffer);
        _length -= _end;
        BodyAt = 0;
        _end = 0;
        while (!IsWhole())
        {
            var read = _socket.Receive(_buffer.AsSpan(_length));
            if (read == 0) throw new IOException("The server has closed the connection.");
            _length += read;
        }

        return Utf8Parser.TryParse(_buffer.AsSpan("HTTP/1.1 ".Length), out int status, out _)
            ? status
            : throw new IOException($"An answer without a status: {this}");
    }

    /// <summary>The last answer as text, for messages.</summary>
    public override string ToString() => Encoding.UTF8.GetString(_buffer, 0, _end);

    public void Dispose() => _socket.Dispose();

    private bool IsWhole()
    {
        if (BodyAt == 0)
        {
            var headers = _buffer.AsSpan(0, _length).IndexOf("\r\n\r\n"u8);
            if (headers < 0) return false;
            BodyAt = headers + 4;
            _end = BodyAt + ContentLength(_buffer.AsSpan(0, headers));
        }

        return _length >= _end;
    }

    private static int ContentLength(ReadOnlySpan<byte> headers)
    {
        var name = "Content-Length: "u8;
        var at = headers.IndexOf(name);
        if (at < 0 || !Utf8Parser.TryParse(headers[(at + name.Length)..], out int length, out _))
            throw new IOException("An answer without a Content-Length: " + Encoding.UTF8.GetString(headers));
        return length;
    }
}
