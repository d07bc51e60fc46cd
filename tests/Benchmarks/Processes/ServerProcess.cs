using KmsActors.Benchmarks.Load;

namespace KmsActors.Benchmarks.Processes;

/// <summary>KmsActors.Server as it was built with this program.</summary>
internal sealed class ServerProcess(
    string data,
    bool hasHttps = false,
    int mostActivations = 200_000,
    string? assembly = null,
    params string[] more)
    : ChildProcess(
        port => [.. Arguments(assembly ?? Assembly, data, port, hasHttps, mostActivations), .. more], s_environment)
{
    /// <summary>The number of the first account.</summary>
    public const string RootAccount = "1000000000000001";

    /// <summary>The first account's access key.</summary>
    public static readonly Credentials Root = new("LTAIbenchmarks", "a-secret-of-the-benchmarks-alone");

    /// <summary>The first account's password.</summary>
    public const string RootPassword = "a-password-of-the-benchmarks-alone";

    private static readonly Dictionary<string, string> s_environment = new()
    {
        ["KMS_ROOT_ACCESS_KEY_ID"] = Root.AccessKeyId,
        ["KMS_ROOT_ACCESS_KEY_SECRET"] = Root.Secret,
        ["KMS_ROOT_PASSWORD"] = RootPassword,
    };

    /// <summary>The program, in the configuration of this one.</summary>
    public static string Assembly { get; } = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory,
        "../../KmsActors.Server",
        Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)),
        "KmsActors.Server.dll"));

    private static string[] Arguments(
        string assembly, string data, int port, bool hasHttps, int mostActivations) =>
    [
        assembly,
        "--data", data,
        "--urls", $"http://127.0.0.1:{port}" + (hasHttps ? $";https://127.0.0.1:{FreePort()}" : ""),
        "--Kms:Limits:KeysPerAccount=100000000",
        $"--Kms:MostActivations={mostActivations}",
    ];
}
