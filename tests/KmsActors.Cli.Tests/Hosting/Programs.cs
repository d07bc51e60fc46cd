using System.Diagnostics;
using System.Reflection;

namespace KmsActors.Cli.Tests;

/// <summary>Our programs as processes, with nothing of this process's own settings.</summary>
internal static class Programs
{
    public static string CliDll { get; } = Dll("CliDll");

    public static ProcessStartInfo Server(params string[] arguments) => Start("dotnet", [Dll("ServerDll"), .. arguments]);

    public static ProcessStartInfo Cli(params string[] arguments) => Start("dotnet", [CliDll, .. arguments]);

    public static ProcessStartInfo Start(string program, params string[] arguments)
    {
        // Whoever runs the tests in the background may have them ignore an interrupt, and their children with them.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var settings = start.Environment.Keys.Where(name => name.StartsWith("KMS", StringComparison.OrdinalIgnoreCase));
        foreach (var name in settings.ToList()) start.Environment.Remove(name);
        return start;
    }

    private static string Dll(string name) => typeof(Programs).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(each => each.Key == name).Value!;
}
