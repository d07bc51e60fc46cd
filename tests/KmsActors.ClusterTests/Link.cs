using System.Net.Sockets;

namespace KmsActors.ClusterTests;

/// <summary>A node's way to the database, which can be cut: nothing comes through then, and nobody is told.</summary>
internal sealed class Link : IDisposable
{
    private const string SocketName = ".s.PGSQL.5432";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("kmsactors-link-");
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly PostgresCluster _database;
    private readonly Lock _lock = new();
    private readonly HashSet<Socket> _open = [];
    private TaskCompletionSource _whole = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Link(PostgresCluster database)
    {
        _database = database;
        _whole.SetResult();
        _listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(_directory.FullName, SocketName)));
        _listener.Listen();
        _ = AcceptAsync();
    }

    /// <summary>In place of the database's own.</summary>
    public string ConnectionString => _database.ConnectionString.Replace(
        _database.SocketDirectory, _directory.FullName, StringComparison.Ordinal);

    /// <summary>From now on nothing comes through.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            if (_whole.Task.IsCompleted) _whole = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>What was held up comes through, or its connections break.</summary>
    public void Mend(bool breaks)
    {
        lock (_lock)
        {
            if (breaks)
            {
                foreach (var socket in _open) socket.Dispose();
                _open.Clear();
            }

            _whole.TrySetResult();
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        Mend(breaks: true);
        _directory.Delete(recursive: true);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ForwardAsync(await _listener.AcceptAsync());
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // By Dispose.
        }
    }

    private async Task ForwardAsync(Socket client)
    {
        var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        lock (_lock) _open.UnionWith([client, server]);
        try
        {
            var path = Path.Combine(_database.SocketDirectory, SocketName);
            await server.ConnectAsync(new UnixDomainSocketEndPoint(path));
            await Task.WhenAny(CopyAsync(client, server), CopyAsync(server, client));
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            // The database is down, or the link was cut.
        }
        finally
        {
            lock (_lock) _open.ExceptWith([client, server]);
            client.Dispose();
            server.Dispose();
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[65536];
        try
        {
            while (true)
            {
                var read = await from.ReceiveAsync(buffer);
                Task whole;
                lock (_lock) whole = _whole.Task;
                await whole;
                if (read == 0) return;
                for (var sent = 0; sent < read;) sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
            }
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            // By one of its ends, or by Mend.
        }
    }
}
