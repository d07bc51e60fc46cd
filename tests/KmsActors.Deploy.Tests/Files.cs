using System.Runtime.CompilerServices;

namespace KmsActors.Deploy.Tests;

/// <summary>The files of deploy, as they lie in the checkout.</summary>
internal static class Files
{
    public static string Root { get; } = FindRoot();

    public static string Deploy(string path) => Path.Combine(Root, "deploy", path);

    public static string Text(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string FindRoot([CallerFilePath] string here = "")
    {
        var folder = Path.GetDirectoryName(here)!;
        while (!File.Exists(Path.Combine(folder, "KmsActors.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}

/// <summary>A directory that goes with the test.</summary>
internal sealed class Scratch : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("kmsactors-deploy-").FullName;

    public string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Secrets, as deploy/make-secrets makes them.</summary>
    public string WithSecrets(string folder = "secrets")
    {
        var (exit, said) = Tools.Run(Files.Deploy("make-secrets"), In(folder), "kms.example.com");
        Assert.True(exit == 0, said);
        return In(folder);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
