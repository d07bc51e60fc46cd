using System.CommandLine;

namespace KmsActors.Cli;

/// <summary>The options of every command: which server, which credential, which kind of output.</summary>
internal sealed class GlobalOptions
{
    private const int LongestTimeout = 600;

    public Option<string?> Server { get; } = Of<string?>(
        "--server", "URL", "The server (default: KMS_ENDPOINT, or https://127.0.0.1:8443)");

    public Option<string?> Data { get; } = Of<string?>(
        "--data", "DIR", "The data directory of a server on this machine, with defaults for the next three");

    public Option<string?> Ca { get; } = Of<string?>(
        "--ca", "FILE", "Trust this PEM certificate alone (default: certificate.pem, or what the system trusts)");

    public Option<string?> TokenFile { get; } = Of<string?>(
        "--token-file", "FILE", "The operator's token (default: KMS_ADMIN_TOKEN, or admin-token)");

    public Option<string?> AccessKeyFile { get; } = Of<string?>(
        "--access-key-file",
        "FILE",
        "The access key, as JSON (default: KMS_ACCESS_KEY_ID and KMS_ACCESS_KEY_SECRET, or root-credentials.json)");

    public Option<bool> Json { get; } = Of<bool>("--json", null, "Print one JSON document: the answer, or all items");

    public Option<bool> NoRetry { get; } = Of<bool>("--no-retry", null, "Do not wait and try again when throttled");

    public Option<int> Timeout { get; } = Of<int>(
        "--timeout", "SECONDS", "The most that one request may take (backup and restore take what they need)");

    public GlobalOptions()
    {
        Timeout.DefaultValueFactory = _ => 30;
        Timeout.Within(1, LongestTimeout);
    }

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [Server, Data, Ca, TokenFile, AccessKeyFile, Json, NoRetry, Timeout];

    private static Option<T> Of<T>(string name, string? value, string description) =>
        new(name) { Description = description, HelpName = value, Recursive = true };
}
