using System.Reflection;
using KmsActors.Grains;
using KmsActors.Hsa.Pkcs11;
using KmsActors.Operations;

namespace KmsActors.Server;

/// <summary>The section "Kms" of the configuration.</summary>
internal sealed class ServerOptions
{
    public const string Section = "Kms";

    /// <summary>Where everything that must survive is kept: <c>--data</c>.</summary>
    public string Data { get; set; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "kmsactors");

    /// <summary>
    /// How to reach the PostgreSQL database that nodes share: <c>--store</c>. Null for SQLite in the data directory.
    /// </summary>
    public string? Store { get; set; }

    /// <summary>How nodes that share a database keep up with each other.</summary>
    public ClusterOptions Cluster { get; set; } = new();

    /// <summary>What keeps the root key, the same for all nodes.</summary>
    public RootKeyOptions RootKey { get; set; } = new();

    /// <summary>
    /// What has kept it until now: it is sealed anew by <see cref="RootKey"/>. Null if that has not changed.
    /// </summary>
    public RootKeyOptions? FormerRootKey { get; set; }

    /// <summary>The hardware module, if there is one.</summary>
    public HsmOptions Hsm { get; set; } = new();

    /// <summary>The one region this service is; also the name of each account's IAM project.</summary>
    public string Region { get; set; } = "cn-hangzhou";

    /// <summary>The number of the account that the root access key belongs to.</summary>
    public string RootAccount { get; set; } = "1000000000000001";

    /// <summary>What one account may have.</summary>
    public KmsLimits Limits { get; set; } = new();

    /// <summary>Where the operator's API is.</summary>
    public AdminOptions Admin { get; set; } = new();

    /// <summary>What is done once for the whole fleet.</summary>
    public JobOptions Jobs { get; set; } = new();

    /// <summary>The services whose default master keys are made when they are first used.</summary>
    public string[] DefaultKeyServices { get; set; } = [];

    /// <summary>How many grains stay in memory.</summary>
    public int MostActivations { get; set; } = 200_000;

    /// <summary>How many signature nonces are remembered.</summary>
    public int MostNonces { get; set; } = 4_000_000;

    /// <summary>How many connections may be open at once.</summary>
    public int MostConnections { get; set; } = 20_000;

    /// <summary>
    /// For how many seconds a server that is told to stop serves on, telling by its health and by closing connections
    /// that it will.
    /// </summary>
    public int NoticeSeconds { get; set; }

    /// <summary>How many seconds a stopping server waits for calls under way.</summary>
    public int DrainSeconds { get; set; } = 30;

    /// <summary>Whether a crash may leave this process's memory, with all keys, in a file.</summary>
    public bool AllowCoreDumps { get; set; }

    /// <summary>Everything that is wrong with the options, not just the first.</summary>
    public IEnumerable<string> Errors()
    {
        if (string.IsNullOrWhiteSpace(Data) || Data == "kmsactors")
            yield return "Kms:Data (--data): a directory is needed, and there is no home to put one in.";
        if (!IsName(Region, 32)) yield return "Kms:Region: 1 to 32 letters, digits or hyphens.";
        if (!IsName(RootAccount, 32)) yield return "Kms:RootAccount: 1 to 32 letters, digits or hyphens.";
        if (Admin.Urls?.Trim().Length == 0) yield return "Kms:Admin:Urls: where to listen, or no such setting.";
        if (!DefaultKeyServices.All(service => IsName(service, 64)))
            yield return "Kms:DefaultKeyServices: each is 1 to 64 letters, digits or hyphens.";
        if (!Cluster.Schema.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_')
            || Cluster.Schema.Length is 0 or > 63)
            yield return "Kms:Cluster:Schema: 1 to 63 lower-case letters, digits or underscores.";
        if ((RootKey.InToken || FormerRootKey is { InToken: true }) && Hsm.Token is null)
            yield return "Kms:RootKey:InToken: there is no token (Kms:Hsm).";
        foreach (var error in RootKey.Errors("Kms:RootKey")) yield return error;
        foreach (var error in FormerRootKey?.Errors("Kms:FormerRootKey") ?? []) yield return error;
        foreach (var error in Jobs.Errors()) yield return error;
        foreach (var error in Hsm.Errors()) yield return error;
        foreach (var (name, value, least, most) in ((string, long, long, long)[])
        [
            ("Limits:KeysPerAccount", Limits.KeysPerAccount, 1, 100_000_000),
            ("Limits:AliasesPerAccount", Limits.AliasesPerAccount, 1, 100_000_000),
            ("Limits:TagsPerKey", Limits.TagsPerKey, 1, CmkGrain.MostTags),
            ("Limits:ImportTokensPerAccount", Limits.ImportTokensPerAccount, 1, 1_000_000),
            ("Limits:UsersPerAccount", Limits.UsersPerAccount, 1, 1_000_000),
            ("Limits:GroupsPerAccount", Limits.GroupsPerAccount, 1, 1_000_000),
            ("Limits:TokensPerAccount", Limits.TokensPerAccount, 1, 10_000_000),
            ("Limits:ManagementCallsPerSecond", Limits.ManagementCallsPerSecond, 0, Rate.Most),
            ("Limits:SymmetricCallsPerSecond", Limits.SymmetricCallsPerSecond, 0, Rate.Most),
            ("Limits:AsymmetricCallsPerSecond", Limits.AsymmetricCallsPerSecond, 0, Rate.Most),
            ("Limits:UsesOfKeyPerSecond", Limits.UsesOfKeyPerSecond, 0, Rate.Most),
            ("Limits:BurstSeconds", Limits.BurstSeconds, 1, 60),
            .. Cluster.Ranges(),
            .. Jobs.Ranges(),
            ("Hsm:MostOpenKeys", Hsm.MostOpenKeys, TokenOptions.FewestOpenKeys, 10_000_000),
            ("Admin:MostRestoreBytes", Admin.MostRestoreBytes, 1024 * 1024, 1L << 40),
            ("MostActivations", MostActivations, 1, 100_000_000),
            ("MostNonces", MostNonces, 1, 1_000_000_000),
            ("MostConnections", MostConnections, 1, 1_000_000),
            ("NoticeSeconds", NoticeSeconds, 0, 600),
            ("DrainSeconds", DrainSeconds, 1, 3600),
        ])
        {
            if (value < least || value > most)
                yield return $"{Section}:{name}: {value} is not within {least} to {most}.";
        }
    }

    /// <summary>Settings that nobody reads, most likely misspelt.</summary>
    public static IEnumerable<string> UnknownNames(IConfigurationSection section, Type options)
    {
        const BindingFlags anyCase = BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase;
        return section.GetChildren().SelectMany(child => options.GetProperty(child.Key, anyCase)?.PropertyType switch
        {
            null => [$"There is no setting '{child.Path}'."],
            { IsClass: true } type when type.Assembly == typeof(ServerOptions).Assembly || type == typeof(KmsLimits) =>
                UnknownNames(child, type),
            _ => [],
        });
    }

    private static bool IsName(string value, int longest) =>
        value.Length >= 1 && value.Length <= longest && value.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
