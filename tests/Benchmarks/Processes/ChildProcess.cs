using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using KmsActors.Benchmarks.Load;

namespace KmsActors.Benchmarks.Processes;

/// <summary>A server in a process of its own, on loopback.</summary>
internal abstract partial class ChildProcess : IDisposable
{
    private const int TerminateSignal = 15;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    /// <param name="arguments">The arguments of the dotnet command, given the port.</param>
    /// <param name="environment">What to set besides what this process has.</param>
    protected ChildProcess(
        Func<int, IEnumerable<string>> arguments, IEnumerable<KeyValuePair<string, string>> environment)
    {
        Port = FreePort();
        var start = new ProcessStartInfo("dotnet", arguments(Port))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var began = Stopwatch.GetTimestamp();
        _process = Process.Start(start)!;
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        try
        {
            WaitUntilReady(began);
        }
        catch
        {
            Dispose();
            throw;
        }

        StartToReady = Stopwatch.GetElapsedTime(began);
    }

    public int Port { get; }

    /// <summary>From the start of the process to the first 200 of /health/ready.</summary>
    public TimeSpan StartToReady { get; }

    /// <summary>CPU time of the whole process so far, user and system.</summary>
    public double CpuSeconds() => Machine.CpuSecondsOf(_process.Id);

    /// <summary>Memory the process holds, in MiB.</summary>
    public double ResidentMebibytes()
    {
        _process.Refresh();
        return _process.WorkingSet64 / 1048576.0;
    }

    /// <summary>Stops it as an operator would, so that it leaves its data in order.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            var told = Kill(_process.Id, TerminateSignal) == 0;
            if (!told || !_process.WaitForExit(s_patience)) _process.Kill();
        }

        _process.Dispose();
    }

    /// <summary>A port that was free a moment ago.</summary>
    protected static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output) _output.AppendLine(line.Data);
    }

    private void WaitUntilReady(long began)
    {
        while (true)
        {
            try
            {
                using var connection = new Connection(Port);
                if (connection.Call("GET /health/ready HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"u8) == 200) return;
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                // Not yet.
            }

            if (_process.HasExited || Stopwatch.GetElapsedTime(began) > s_patience)
            {
                lock (_output)
                    throw new InvalidOperationException($"The process is not ready. It says: {_output}");
            }

            Thread.Sleep(2);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
