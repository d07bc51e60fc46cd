namespace KmsActors.Server;

/// <summary>The command line: a few names of our own in front of .NET's configuration.</summary>
internal static class CommandLine
{
    public const string Help =
        """
        KmsActors: a key management service.

          --data DIR     where state, keys and credentials are kept (default: kmsactors in the data home)
          --urls URLS    where to listen, separated by ';'
                         (default: http://127.0.0.1:8080;https://127.0.0.1:8443)
          --SECTION:NAME=VALUE
                         any other setting, as in appsettings.json: --Kms:Region=cn-beijing

        The environment sets the same with "__" for ":": Kms__Data. The first account's credentials come
        from KMS_ROOT_ACCESS_KEY_ID and KMS_ROOT_ACCESS_KEY_SECRET, KMS_ROOT_USER and KMS_ROOT_PASSWORD,
        the operator's token from KMS_ADMIN_TOKEN, or are made on first run.
        """;

    /// <summary>The names that stand for settings of ours.</summary>
    public static readonly Dictionary<string, string> Names = new()
    {
        ["--data"] = "Kms:Data",
        ["--urls"] = "urls",
    };

    // What the server and the framework below it read settings from.
    private static readonly string[] Sections = ["Kms", "Kestrel", "Logging"];

    /// <summary>What is wrong with the arguments, or null. .NET's own reader would pass over a misspelt name.</summary>
    public static string? ErrorIn(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i].Split('=', 2)[0];
            var hasValue = args[i].Contains('=', StringComparison.Ordinal);
            if (!name.StartsWith("--", StringComparison.Ordinal)) return $"What is '{args[i]}'?";
            var section = name[2..].Split(':', 2);
            var isSetting = section.Length == 2 && Sections.Contains(section[0], StringComparer.OrdinalIgnoreCase);
            if (!Names.ContainsKey(name) && !isSetting)
                return $"There is no option '{name}'.";
            if (!hasValue && ++i >= args.Length) return $"The option '{name}' needs a value.";
        }

        return null;
    }
}
