using System.Xml.Linq;

namespace KmsActors.Tidy.Tests;

/// <summary>Arrows between projects point one way.</summary>
public sealed class ArchitectureTests
{
    // What a project may refer to itself; nothing else, and nothing that is not listed here.
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["KmsActors.Grains"] = [],
        ["KmsActors.Grains.Hosting"] = ["KmsActors.Grains"],
        ["KmsActors.Hsa"] = [],
        ["KmsActors.Storage"] = ["KmsActors.Grains.Hosting"],
        ["KmsActors.Operations"] = ["KmsActors.Grains.Hosting", "KmsActors.Hsa"],
        ["KmsActors.Protocols.Http"] = ["KmsActors.Operations"],
        ["KmsActors.Protocols.Aliyun"] = ["KmsActors.Operations", "KmsActors.Protocols.Http"],
        ["KmsActors.Protocols.Huawei"] = ["KmsActors.Operations", "KmsActors.Protocols.Http"],
        ["KmsActors.Protocols.Tencent"] = ["KmsActors.Operations", "KmsActors.Protocols.Http"],
        // It knows of a server what anybody can know over the wire.
        ["KmsActors.Cli"] = [],
        ["KmsActors.Simulator"] = ["KmsActors.Operations"],
        ["KmsActors.Server"] =
        [
            "KmsActors.Protocols.Aliyun", "KmsActors.Protocols.Huawei", "KmsActors.Protocols.Tencent", "KmsActors.Storage",
        ],
    };

    public static TheoryData<string> Projects() =>
        new(Repository.Projects("grains").Concat(Repository.Projects("src")));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_RefersOnlyToWhatItMay(string path)
    {
        var references = XDocument.Load(Path.Combine(Repository.Root, path))
            .Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));
        Assert.Equal(Arrows[Path.GetFileNameWithoutExtension(path)].Order(), references.Order());
    }

    [Fact]
    public void Grains_AreSynchronousAndUseTheBaseLibraryOnly()
    {
        var project = XDocument.Load(Path.Combine(Repository.Root, "grains/KmsActors.Grains/KmsActors.Grains.csproj"));
        Assert.Empty(project.Descendants("PackageReference"));
        Assert.Empty(project.Descendants("FrameworkReference"));
        foreach (var path in Repository.ProductSources().Where(IsPureGrain))
        {
            var text = string.Join('\n', Repository.Lines(path));
            foreach (var word in new[] { "async ", "await ", "Task<", "Task.", "System.IO", "TimeProvider", "lock (" })
                Assert.False(text.Contains(word, StringComparison.Ordinal), $"{path} has '{word}'");
        }
    }

    [Fact]
    public void Protocols_TouchNeitherGrainHostNorStoreNorHsa()
    {
        foreach (var path in Repository.ProductSources().Where(path => path.Contains("Protocols", StringComparison.Ordinal)))
        {
            var text = string.Join('\n', Repository.Lines(path));
            foreach (var word in new[] { "GrainHost", "IGrainStore", "IHsa", "InTurn", "Kms.Hsa", "Kms.Host" })
                Assert.False(text.Contains(word, StringComparison.Ordinal), $"{path} has '{word}'");
        }
    }

    [Fact]
    public void Operations_AreOneAFileThatHasTheirName()
    {
        foreach (var path in Repository.ProductSources())
        {
            var declared = Repository.Lines(path)
                .Where(line => line.StartsWith("public sealed record ", StringComparison.Ordinal))
                .Select(line => line["public sealed record ".Length..].Split('(', ':', ' ')[0])
                .ToArray();
            var text = string.Join('\n', Repository.Lines(path));
            if (!text.Contains(": IOperation<", StringComparison.Ordinal)) continue;
            Assert.Equal([Path.GetFileNameWithoutExtension(path)], declared);
        }
    }

    private static bool IsPureGrain(string path) =>
        path.StartsWith("grains/KmsActors.Grains/", StringComparison.Ordinal);
}
