using System.Diagnostics;

namespace KmsActors.Cli.Tests;

/// <summary>One real server for all tests, with whatever it makes on its first run.</summary>
public sealed class RealServer : IAsyncLifetime
{
    /// <summary>The collection that shares it.</summary>
    public const string Name = "real server";

    private const string Listening = "Now listening on: ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TaskCompletionSource<string> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? _process;

    /// <summary>Its data directory; the tests' files are beside it.</summary>
    public string Data => Path.Combine(Folder, "data");

    /// <summary>A directory for the tests' files.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("kmsctl-tests-").FullName;

    /// <summary>Where it listens.</summary>
    public string Address => _address.Task.Result;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        _process = Process.Start(Programs.Server(
            "--data", Data, "--urls", "https://127.0.0.1:0", "--Kms:DefaultKeyServices:0=obs"))!;
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await _address.Task.WaitAsync(Patience);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Runs a command against it, with its own credentials.</summary>
    internal Task<Run> RunAsync(params string[] arguments) => new Invocation().RunAsync(With(arguments));

    /// <summary>A command that has to succeed.</summary>
    internal async Task<Run> OkAsync(params string[] arguments) => (await RunAsync(arguments)).AssertDone();

    /// <summary>A new key's id.</summary>
    internal async Task<string> NewKeyAsync(params string[] options) =>
        (await OkAsync(["keys", "create", "--json", .. options]))["KeyMetadata.KeyId"];

    /// <summary>The arguments, with those that lead here.</summary>
    internal string[] With(params string[] arguments) => ["--server", Address, "--data", Data, .. arguments];

    /// <summary>A path for a file that is not there.</summary>
    internal string NewFile() => Path.Combine(Folder, Guid.NewGuid().ToString("N"));

    private void Read(string? line)
    {
        var at = line?.IndexOf(Listening, StringComparison.Ordinal) ?? -1;
        if (at >= 0) _address.TrySetResult(line![(at + Listening.Length)..].Trim());
    }
}

/// <summary>Has xunit share the server.</summary>
[CollectionDefinition(RealServer.Name)]
public sealed class RealServerCollection : ICollectionFixture<RealServer>;
