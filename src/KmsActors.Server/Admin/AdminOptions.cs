namespace KmsActors.Server;

/// <summary>The section "Kms:Admin": where the operator's API is.</summary>
internal sealed class AdminOptions
{
    /// <summary>
    /// Where it listens, separated by ';', and nothing else with it; null for where everything else does.
    /// </summary>
    public string? Urls { get; set; }

    /// <summary>Whether it is served without TLS, too: behind a proxy that does it.</summary>
    public bool AllowHttp { get; set; }

    /// <summary>The longest copy of a database that a restore takes, in bytes.</summary>
    public long MostRestoreBytes { get; set; } = 16L * 1024 * 1024 * 1024;
}
