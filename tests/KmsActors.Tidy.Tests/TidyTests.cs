namespace KmsActors.Tidy.Tests;

/// <summary>What a reader should not have to meet.</summary>
public sealed class TidyTests
{
    private const int LongestProductFile = 250;
    private const int LongestProductLine = 120;
    private const int LongestTestLine = 150;

    [Fact]
    public void ProductFiles_AreShortEnoughToReadAtOnce() =>
        Assert.DoesNotContain(
            Repository.ProductSources(), path => Repository.Lines(path).Length > LongestProductFile);

    [Fact]
    public void Lines_FitTheScreen() =>
        Assert.Empty(Repository.AllSources()
            .SelectMany(path => Repository.Lines(path)
                .Select((line, index) => (Where: $"{path}:{index + 1}", line.Length)))
            .Where(line => line.Length > (line.Where.StartsWith("tests/", StringComparison.Ordinal) ? LongestTestLine : LongestProductLine))
            .Select(line => $"{line.Where} {line.Length}"));

    [Fact]
    public void Sources_LeaveNothingForLater()
    {
        string[] banned = ["TO" + "DO", "FIX" + "ME", "HA" + "CK:", "NotImplemented" + "Exception"];
        Assert.Empty(Repository.AllSources().SelectMany(path => Repository.Lines(path)
            .Where(line => banned.Any(word => line.Contains(word, StringComparison.Ordinal)))
            .Select(line => $"{path}: {line.Trim()}")));
    }

    [Fact]
    public void Suppressions_HaveAReasonBesideThem()
    {
        foreach (var path in Repository.AllSources())
        {
            var lines = Repository.Lines(path);
            for (var i = 0; i < lines.Length; i++)
            {
                var isSuppression = lines[i].TrimStart().StartsWith("#pragma warning " + "disable", StringComparison.Ordinal);
                if (!isSuppression) continue;
                var reason = lines[i].Contains("//", StringComparison.Ordinal)
                    || (i > 0 && lines[i - 1].TrimStart().StartsWith("//", StringComparison.Ordinal));
                Assert.True(reason, $"{path}:{i + 1}");
            }
        }
    }
}
