using System.Runtime.CompilerServices;

namespace KmsActors.Hsa.Tests;

public sealed class BouncyCastleTests
{
    private const string Folder = "KmsActors.Hsa/ShangMi/";

    [Fact]
    public void Sources_OutsideShangMi_NameNoBouncyCastle()
    {
        string root = SourceRoot();
        ILookup<bool, string> naming = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Where(path => File.ReadAllText(path).Contains("Org.BouncyCastle", StringComparison.Ordinal))
            .Select(path => Path.GetRelativePath(root, path))
            .ToLookup(path => path.StartsWith(Folder, StringComparison.Ordinal));
        Assert.Empty(naming[false]);
        Assert.NotEmpty(naming[true]);
    }

    // A public signature would let others need it without naming it.
    [Fact]
    public void PublicTypes_OfTheHsa_ExposeNothingOfShangMi() =>
        Assert.DoesNotContain(
            typeof(IHsa).Assembly.GetExportedTypes(),
            type => type.Namespace == typeof(ShangMi.Sm2Key).Namespace);

    [Fact]
    public void Projects_ButTheHsa_ReferToNoBouncyCastle() =>
        Assert.Equal(
            ["KmsActors.Hsa.csproj"],
            Directory.EnumerateFiles(SourceRoot(), "*.csproj", SearchOption.AllDirectories)
                .Where(path => File.ReadAllText(path).Contains("BouncyCastle", StringComparison.Ordinal))
                .Select(Path.GetFileName));

    private static string SourceRoot([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../src"));
}
