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
    public const string AdminToken = "token-of-the-crash-tests-and-long-enough";

    private const string Listening = "Now listening on: ";
    private const int MostTries = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _killed;

    private ServerProcess(string data, string[] more)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["KMS_ROOT_ACCESS_KEY_ID"] = AccessKeyId,
                ["KMS_ROOT_ACCESS_KEY_SECRET"] = AccessKeySecret,
                ["KMS_ROOT_PASSWORD"] = "password-of-the-crash-tests",
                ["KMS_ADMIN_TOKEN"] = AdminToken,
            },
        };
        // A port of the system's choice: the one of the round before may have been taken meanwhile.
        string[] arguments = [Dll(), "--data", data, "--urls", "http://127.0.0.1:0", .. more];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
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

    /// <summary>Its number.</summary>
    public int Id => _process.Id;

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
    public static async Task<ServerProcess> StartAsync(string data, params string[] more)
    {
        var server = new ServerProcess(data, more);
        try
        {
            var address = await server._address.Task.WaitAsync(Patience);
            using var http = new HttpClient();
            for (var tries = 0; ; tries++)
            {
                using var answer = await http.GetAsync(new Uri(address, "/health/ready"));
                if (answer.IsSuccessStatusCode) return server;
                if (tries == MostTries) answer.EnsureSuccessStatusCode();
                await Task.Delay(50);
            }
        }
        catch (Exception failure)
        {
            // All that it has to say is here when it has ended.
            if (server._address.Task.IsFaulted) await server.EndAsync();
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

    /// <summary>Waits until it has ended, by itself or because it was asked to; its exit code.</summary>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }

    /// <summary>The program.</summary>
    public static string Dll()
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
