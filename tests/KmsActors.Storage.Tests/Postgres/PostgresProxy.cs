using System.Buffers.Binary;
using System.Net.Sockets;
using KmsActors.Testing.Postgres;

namespace KmsActors.Storage.Tests.Postgres;

/// <summary>Stands between a store and the server, counts what is asked for, and cuts connections when told to.</summary>
public sealed class PostgresProxy : IAsyncDisposable
{
    private const string SocketName = ".s.PGSQL.5432";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("kmsactors-proxy-");
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly PostgresCluster _cluster;
    private readonly Task _accepting;
    private readonly List<Socket> _clients = [];
    private int _asked;

    public PostgresProxy(PostgresCluster cluster)
    {
        _cluster = cluster;
        _listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(_directory.FullName, SocketName)));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    /// <summary>When to cut the connection that asks next.</summary>
    public enum Cut
    {
        Never,
        BeforeTheServerHasIt,
        BeforeItsAnswer,
    }

    public Cut Next { get; set; }

    /// <summary>How often an answer was waited for: every Sync.</summary>
    public int Asked => _asked;

    /// <summary>In place of the server's own, in plain words.</summary>
    public string ConnectionString(string of) => of.Replace(
        _cluster.SocketDirectory, _directory.FullName, StringComparison.Ordinal) + ";SSL Mode=Disable;Gss Encryption Mode=Disable";

    /// <summary>Ends all connections, and nobody is told why.</summary>
    public void CutAll()
    {
        lock (_clients)
        {
            foreach (var client in _clients) client.Close();
            _clients.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        _directory.Delete(recursive: true);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptAsync();
                lock (_clients) _clients.Add(client);
                _ = ForwardAsync(client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task ForwardAsync(Socket client)
    {
        using var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using (client)
        {
            try
            {
                await server.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(_cluster.SocketDirectory, SocketName)));
                using var cut = new CancellationTokenSource();
                var (asking, answering) = (AskAsync(client, server, cut), AnswerAsync(server, client, cut.Token));
                await Task.WhenAny(asking, answering);
            }
            catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
            {
                // The server is down, or the connection was ended.
            }
        }
    }

    private async Task AskAsync(Socket client, Socket server, CancellationTokenSource cut)
    {
        await using var from = new NetworkStream(client);
        var first = true;
        while (true)
        {
            // Type and length; the first message has no type.
            var head = new byte[first ? 4 : 5];
            await from.ReadExactlyAsync(head);
            var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(head.Length - 4)) - 4];
            await from.ReadExactlyAsync(body);
            if (!first && head[0] == 'S')
            {
                Interlocked.Increment(ref _asked);
                var how = Next;
                if (how != Cut.Never) Next = Cut.Never;
                if (how == Cut.BeforeTheServerHasIt) return;
                if (how == Cut.BeforeItsAnswer)
                {
                    await cut.CancelAsync();
                    await server.SendAsync(head);
                    // Waits for the server to have done it.
                    await server.ReceiveAsync(new byte[1]);
                    await Task.Delay(200);
                    return;
                }
            }

            await server.SendAsync((byte[])[.. head, .. body]);
            first = false;
        }
    }

    private static async Task AnswerAsync(Socket server, Socket client, CancellationToken cut)
    {
        var buffer = new byte[65536];
        try
        {
            while (await server.ReceiveAsync(buffer, cut) is var read and > 0)
            {
                await client.SendAsync(buffer.AsMemory(0, read), CancellationToken.None);
            }
        }
        catch (OperationCanceledException)
        {
            // What the server answers is not for the client.
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        }
    }
}
