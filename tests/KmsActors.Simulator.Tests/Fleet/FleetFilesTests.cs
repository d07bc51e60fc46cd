using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace KmsActors.Simulator.Tests;

public sealed class FleetFilesTests
{
    private static readonly string s_folder = Folder();

    [Theory]
    [InlineData("young-saas.json")]
    [InlineData("offboarding.json")]
    [InlineData("own-keys.json")]
    public void File_IsADescription(string name)
    {
        var fleet = FleetReader.ReadFile(Path.Combine(s_folder, name));
        Assert.NotEqual(new FleetDescription().Name, fleet.Name);
        Assert.NotEmpty(fleet.About);
        Assert.Contains($"| `{name}` | {fleet.Days} | {Words.Count(fleet.Keys)} |", Readme(), StringComparison.Ordinal);
    }

    [Fact]
    public void Readme_TellsAllFiles() =>
        Assert.All(
            Directory.GetFiles(s_folder, "*.json"),
            path => Assert.Contains($"| `{Path.GetFileName(path)}` |", Readme(), StringComparison.Ordinal));

    [Fact]
    public void Readme_TellsEveryMembersRangeAndDefault()
    {
        var told = Readme().Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal) && !line.Contains(".json", StringComparison.Ordinal))
            .Select(line => string.Join('|', line.Split('|').Skip(1).Take(3).Select(cell => cell.Trim())));
        var expected = FleetTables.Members().Select(each => $"`{each.Path}`|{FleetRules.Bounds(each.Member)}|{DefaultOf(each.Path)}");
        Assert.Equal(expected, told);
    }

    [Fact]
    public void File_ThatIsTooLong_IsNotRead()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, new string(' ', (int)FleetReader.MostBytes + 1));
            var wrong = Assert.Throws<FleetException>(() => FleetReader.ReadFile(path));
            Assert.EndsWith("at most 1048576 bytes", wrong.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string DefaultOf(string path)
    {
        if (path == "deletion.windows") return string.Join(", ", new FleetDescription().Deletion.Windows.Select(window => window.Days));
        // A window of its own has other defaults than those in the list.
        if (path.StartsWith("deletion.windows.", StringComparison.Ordinal))
            return path.EndsWith(".days", StringComparison.Ordinal) ? $"{new DeletionWindow().Days}" : $"{new DeletionWindow().Weight}";
        return path.Split('.').Aggregate(JsonNode.Parse(new FleetDescription().ToJson())!, (node, name) => node[name]!).ToString();
    }

    private static string Readme() => File.ReadAllText(Path.Combine(s_folder, "README.md"));

    private static string Folder([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../deploy/fleets"));
}
