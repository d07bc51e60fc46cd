using System.Diagnostics;
using System.Reflection;
using System.Text;

namespace KmsActors.CrashTests;

/// <summary>The server as its users run it: a process on a data directory.</summary>
internal sealed class ServerProcess : IDisposable
{
    public const string AccessKeyId = "crash-tests";
    public const string AccessKeySecret = "secret-of-the-crash-tests";
    public const string Account = "1000000000000001";

    private const string Listening = "Now listening on: ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _killed;

    private ServerProcess(string data)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // A port of the system's choice: the one of the round before may have been taken meanwhile.
            ArgumentList = { Dll(), "--data", data, "--urls", "http://127.0.0.1:0" },
            Environment =
            {
                ["KMS_ROOT_ACCESS_KEY_ID"] = AccessKeyId,
                ["KMS_ROOT_ACCESS_KEY_SECRET"] = AccessKeySecret,
            },
        };
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException("The server has ended."));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => _address.Task.Result;

    /// <summary>Whether it has been killed; from then on calls may go unanswered.</summary>
    public bool Killed => _killed;

    /// <summary>What it has written so far.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <summary>Starts it and waits until it is ready.</summary>
    public static async Task<ServerProcess> StartAsync(string data)
    {
        var server = new ServerProcess(data);
        try
        {
            var address = await server._address.Task.WaitAsync(Patience);
            using var http = new HttpClient();
            using var answer = await http.GetAsync(new Uri(address, "/health/ready"));
            answer.EnsureSuccessStatusCode();
            return server;
        }
        catch (Exception failure)
        {
            server.Dispose();
            throw new InvalidOperationException($"The server did not start: {server.Output}", failure);
        }
    }

    /// <summary>SIGKILL: nothing of it runs any more, no handler, no finally.</summary>
    public void Kill()
    {
        _killed = true;
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }

    private static string Dll()
    {
        if (Environment.GetEnvironmentVariable("KMS_SERVER_DLL") is { Length: > 0 } given) return given;
        return typeof(ServerProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(each => each.Key == "ServerDll").Value!;
    }

    private void Read(string? line)
    {
        if (line is null) return;
        lock (_output) _output.AppendLine(line);
        var at = line.IndexOf(Listening, StringComparison.Ordinal);
        if (at >= 0) _address.TrySetResult(new Uri(line[(at + Listening.Length)..]));
    }
}
