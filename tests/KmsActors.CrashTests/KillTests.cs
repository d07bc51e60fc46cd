using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Xunit.Abstractions;

namespace KmsActors.CrashTests;

/// <summary>
/// Kills the server with SIGKILL under a mixed load, again and again on the same data directories.
/// KMS_CRASH_SEED makes the workers choose the same calls again, KMS_CRASH_ROUNDS says how many kills.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    // Side by side, because a process that starts keeps one core busy and leaves the other to a load.
    private const int Campaigns = 2;
    private const int EnoughRounds = 50;

    [Fact]
    public async Task What_was_acknowledged_outlives_every_kill()
    {
        var rounds = Setting("KMS_CRASH_ROUNDS", 60);
        var seed = Setting("KMS_CRASH_SEED", RandomNumberGenerator.GetInt32(int.MaxValue - Campaigns));
        var from = $"KMS_CRASH_SEED={seed} KMS_CRASH_ROUNDS={rounds}";
        await Console.Out.WriteLineAsync(from);
        output.WriteLine(from);

        var watch = Stopwatch.StartNew();
        var campaigns = Enumerable.Range(0, Campaigns)
            .Select(number => new Campaign(seed + number, (rounds + number) / Campaigns))
            .ToList();
        await Task.WhenAll(campaigns.ConvertAll(campaign => Task.Run(campaign.RunAsync)));

        var changes = campaigns.SelectMany(campaign => campaign.Changes)
            .GroupBy(each => each.Key, each => each.Value, StringComparer.Ordinal)
            .ToDictionary(each => each.Key, each => each.Sum());
        output.WriteLine(
            $"""
            {rounds} kills in {watch.Elapsed.TotalSeconds:F0} s: {campaigns.Sum(each => each.Answered)} calls answered,
            {campaigns.Sum(each => each.InDoubt)} changes in doubt of which {campaigns.Sum(each => each.Happened)} had
            happened, {campaigns.Sum(each => each.Keys)} keys. Acknowledged:
            {string.Join(", ", changes.OrderBy(each => each.Key, StringComparer.Ordinal))}
            """);
        if (rounds >= EnoughRounds) AssertLoadWasMixed(rounds, changes);
    }

    // A load that has quietly become only one kind of call would prove little.
    private static void AssertLoadWasMixed(int rounds, Dictionary<string, int> changes)
    {
        string[] often =
            ["CreateKey", "CreateAlias", "UpdateAlias", "DeleteAlias", "ScheduleKeyDeletion", "CancelKeyDeletion"];
        string[] seldom = ["GetParametersForImport", "ImportKeyMaterial", "DeleteKeyMaterial"];
        Assert.All(often, action => Assert.True(changes.GetValueOrDefault(action) >= rounds, action));
        Assert.All(
            seldom, action => Assert.True(changes.GetValueOrDefault(action) >= rounds / EnoughRounds, action));
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text
            ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture)
            : otherwise;
}
