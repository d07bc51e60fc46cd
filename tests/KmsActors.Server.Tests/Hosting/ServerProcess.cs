using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace KmsActors.Server.Tests;

/// <summary>The server as its users run it: a process of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, data) => Read(data.Data);
        process.ErrorDataReceived += (_, data) => Read(data.Data);
    }

    /// <summary>Everything it has said.</summary>
    public string Said => string.Join('\n', _lines);

    /// <summary>Starts it, with nothing of this process's own settings.</summary>
    public static ServerProcess Start(string[] arguments, params (string Name, string Value)[] environment)
    {
        // artifacts/bin/<project>/<configuration>: the server's output lies beside the tests'.
        var configuration = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(
            configuration.Parent!.Parent!.FullName, "KmsActors.Server", configuration.Name, "KmsActors.Server.dll");
        var host = Environment.ProcessPath;
        // Whoever runs the tests in the background may have them ignore an interrupt, and their children with them.
        var dotnet = Path.GetFileName(host) == "dotnet" ? host! : "dotnet";
        var start = new ProcessStartInfo("env", ["--default-signal=INT", dotnet])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])[program, .. arguments]) start.ArgumentList.Add(argument);
        foreach (var name in start.Environment.Keys.Where(IsSetting).ToList()) start.Environment.Remove(name);
        foreach (var (name, value) in environment) start.Environment[name] = value;

        var started = new ServerProcess(new Process { StartInfo = start });
        started._process.Start();
        started._process.BeginOutputReadLine();
        started._process.BeginErrorReadLine();
        return started;
    }

    /// <summary>Where it listens, once it does.</summary>
    public Task<Uri> AddressAsync() => _address.Task.WaitAsync(Patience);

    /// <summary>Sends a signal by name.</summary>
    public async Task SignalAsync(string name)
    {
        var number = _process.Id.ToString(CultureInfo.InvariantCulture);
        using var kill = Process.Start("kill", ["-s", name, number]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits for its end and says how it ended; all it said is read by then.</summary>
    public async Task<int> ExitCodeAsync()
    {
        using var late = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(late.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await ExitCodeAsync();
        _process.Dispose();
    }

    private static bool IsSetting(string name) =>
        name.StartsWith("Kms", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("Logging", StringComparison.OrdinalIgnoreCase);

    private void Read(string? line)
    {
        if (line is null) return;
        _lines.Enqueue(line);
        var at = line.IndexOf(Listening, StringComparison.Ordinal);
        if (at >= 0) _address.TrySetResult(new Uri(line[(at + Listening.Length)..].Trim()));
    }
}
