using System.Diagnostics;

namespace KmsActors.Testing.Postgres;

/// <summary>
/// A PostgreSQL server of the tests' own: in a temporary directory, on a socket there and no port. It ends and its
/// directory goes when this is disposed of or the test process ends, however that does.
/// </summary>
public sealed class PostgresCluster : IDisposable
{
    private const string User = "kms";

    // It ends with its standard input, which ends with this process. The directory is removed by the root that made
    // it, or its owner.
    private const string Keeper = """
        "$@" &
        server=$!
        trap '' INT TERM HUP
        read -r how
        kill -s "${how:-QUIT}" $server 2>/dev/null
        wait $server
        """;

    // Its children are told to go as well, at once: nothing here is to be kept.
    private const string Remover = """
        cat >/dev/null
        for i in 1 2 3 4 5 6 7 8 9 10; do rm -rf "$1" 2>/dev/null && exit; sleep 1; done
        """;

    private static readonly Lazy<PostgresCluster> s_shared = new(() => new PostgresCluster());

    private readonly string _directory = Directory.CreateTempSubdirectory("kmsactors-pg-").FullName;
    private readonly string[] _asUser = [];
    private readonly Process _remover;
    private Process? _server;

    /// <summary>Makes a server and starts it.</summary>
    public PostgresCluster() : this("")
    {
    }

    private PostgresCluster(string settings)
    {
        _remover = Start("sh", "-c", Remover, "sh", _directory);
        if (Environment.IsPrivilegedProcess)
        {
            // It refuses to run as root.
            _asUser = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"];
            Run("chown", "nobody:nogroup", _directory);
        }

        // C, so that a query that forgets what text is compared by is no better off; UTF-8 as it has to be.
        Run([.. _asUser, Program("initdb"), "--auth=trust", $"--username={User}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "-D", Data]);
        File.AppendAllText(Path.Combine(Data, "postgresql.conf"), $"""
            listen_addresses = ''
            unix_socket_directories = '{_directory}'
            max_connections = 400
            shared_buffers = 128MB
            # Room for the tests' many schemas, each with tables of its own.
            autovacuum_max_workers = 1
            {settings}
            """);
        StartServer();
    }

    /// <summary>The one that all tests of a process share which do nothing to the server itself.</summary>
    public static PostgresCluster Shared => s_shared.Value;

    /// <summary>The same with more lines in its configuration.</summary>
    public static PostgresCluster With(string settings) => new(settings);

    /// <summary>How to connect to its only database, as its superuser.</summary>
    public string ConnectionString => $"Host={_directory};Username={User};Database=postgres";

    /// <summary>Where its socket is.</summary>
    public string SocketDirectory => _directory;

    /// <summary>Where all that it stores is.</summary>
    public string Data => Path.Combine(_directory, "data");

    /// <summary>Starts it again after <see cref="StopServer"/>.</summary>
    public void StartServer()
    {
        _server = Start([
            "sh", "-c", Keeper, "sh", .. _asUser, Program("postgres"), "-D", Data]);
        for (var tries = 0; ; tries++)
        {
            using var ready = Start(Program("pg_isready"), "-q", "-h", _directory, "-U", User);
            ready.WaitForExit();
            if (ready.ExitCode == 0) return;
            if (tries > 600 || _server.HasExited) throw new InvalidOperationException("PostgreSQL does not start.");
            Thread.Sleep(50);
        }
    }

    /// <summary>Stops it; as a crash would, or having told those who are connected.</summary>
    public void StopServer(bool crash = false)
    {
        if (_server is null) return;
        _server.StandardInput.WriteLine(crash ? "QUIT" : "INT");
        _server.StandardInput.Close();
        _server.WaitForExit();
        _server.Dispose();
        _server = null;
    }

    /// <summary>Ends it and removes its directory.</summary>
    public void Dispose()
    {
        StopServer(crash: true);
        _remover.StandardInput.Close();
        _remover.WaitForExit();
        _remover.Dispose();
    }

    /// <summary>One of the server's programs.</summary>
    public static string Program(string name) =>
        Directory.GetDirectories("/usr/lib/postgresql")
            .OrderByDescending(version => int.TryParse(Path.GetFileName(version), out var number) ? number : 0)
            .Select(version => Path.Combine(version, "bin", name))
            .First(File.Exists);

    private static Process Start(params string[] command)
    {
        var process = Process.Start(new ProcessStartInfo(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Somewhere that its user may be.
            WorkingDirectory = "/",
        })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static void Run(params string[] command)
    {
        using var process = Start(command);
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{command[0]} ended with {process.ExitCode}.");
    }
}
