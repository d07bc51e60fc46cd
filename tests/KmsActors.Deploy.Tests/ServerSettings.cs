using KmsActors.Server;
using Microsoft.Extensions.Configuration;

namespace KmsActors.Deploy.Tests;

/// <summary>What the server reads from its environment.</summary>
internal static class ServerSettings
{
    // What .NET reads below it.
    private static readonly string[] s_framework =
    [
        "HOME", "ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "DOTNET_DbgEnableMiniDump", "DOTNET_EnableDiagnostics",
        "Kestrel__Certificates__Default__Path", "Kestrel__Certificates__Default__KeyPath",
    ];

    private static readonly string[] s_credentials =
    [
        RootSettings.IdSetting, RootSettings.SecretSetting, RootSettings.PasswordSetting, RootSettings.UserSetting,
        AdminToken.Setting,
    ];

    /// <summary>The settings, if it knows every one and would start with their values.</summary>
    public static ServerOptions Read(IEnumerable<KeyValuePair<string, string>> environment)
    {
        var settings = environment.ToDictionary(
            pair => pair.Key.Replace("__", ":", StringComparison.Ordinal), pair => (string?)pair.Value);
        var known = s_credentials.Concat(s_framework.Select(name => name.Replace("__", ":", StringComparison.Ordinal)));
        var others = settings.Keys.Except(known).ToArray();
        Assert.All(others, name => Assert.StartsWith("Kms:", name, StringComparison.Ordinal));
        settings.TryAdd("Kms:Data", "/data");
        var section = new ConfigurationBuilder().AddInMemoryCollection(settings).Build()
            .GetSection(ServerOptions.Section);
        var options = new ServerOptions();
        section.Bind(options);
        Assert.Empty(ServerOptions.UnknownNames(section, typeof(ServerOptions)).Concat(options.Errors()));
        return options;
    }

    /// <summary>Lines of NAME=VALUE.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Lines(IEnumerable<string> lines) =>
        lines.Select(line => line.Split('=', 2)).Select(pair => KeyValuePair.Create(pair[0], pair[1]));
}
