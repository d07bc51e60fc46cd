using System.Runtime.CompilerServices;

namespace KmsActors.Tidy.Tests;

/// <summary>The files of this repository, as they lie in the checkout.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The product's source files, by their path from the root.</summary>
    public static IEnumerable<string> ProductSources() =>
        new[] { "grains", "src" }.SelectMany(folder => Sources(folder, "*.cs"));

    /// <summary>All source files, tests included.</summary>
    public static IEnumerable<string> AllSources() => ProductSources().Concat(Sources("tests", "*.cs"));

    /// <summary>Project files below a folder.</summary>
    public static IEnumerable<string> Projects(string folder) => Sources(folder, "*.csproj");

    /// <summary>A file's lines.</summary>
    public static string[] Lines(string path) => File.ReadAllLines(Path.Combine(Root, path));

    private static IEnumerable<string> Sources(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path))
            .Where(path => !path.Contains("/node_modules/", StringComparison.Ordinal));

    private static string FindRoot([CallerFilePath] string here = "")
    {
        var folder = Path.GetDirectoryName(here)!;
        while (!File.Exists(Path.Combine(folder, "KmsActors.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
