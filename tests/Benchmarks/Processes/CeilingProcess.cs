namespace KmsActors.Benchmarks.Processes;

/// <summary>The bare endpoint, under the very runtime settings of the server.</summary>
internal sealed class CeilingProcess() : ChildProcess(Arguments, [])
{
    private static string[] Arguments(int port) =>
    [
        "exec", "--runtimeconfig", Path.ChangeExtension(ServerProcess.Assembly, ".runtimeconfig.json"),
        Path.Combine(AppContext.BaseDirectory, "KmsActors.Benchmarks.dll"),
        CeilingEndpoint.Argument, port.ToString(),
    ];
}
