namespace KmsActors.Simulator.Tests;

public sealed class FleetReaderTests
{
    /// <summary>Every number: its member, and the least and the most it may be.</summary>
    public static TheoryData<string, string, string> Bounds() => new()
    {
        { "days", "1", "3660" },
        { "start", "\"2000-01-01\"", "\"2100-12-31\"" },
        { "seed", "0", "18446744073709551615" },
        { "nodes", "1", "9" },
        { "tenants", "1", "100000" },
        { "keys", "1", "1000000" },
        { "skew", "0", "2" },
        { "existingShare", "0", "1" },
        { "imported.share", "0", "1" },
        { "imported.expiringShare", "0", "1" },
        { "imported.renewedBeforeShare", "0", "1" },
        { "imported.renewedAfterShare", "0", "1" },
        { "imported.lifeDays.least", "1", "3660" },
        { "imported.lifeDays.most", "1", "3660" },
        { "rotation.share", "0", "1" },
        { "rotation.intervalDays", "7", "730" },
        { "disabling.timesPerYear", "0", "52" },
        { "disabling.days", "1", "365" },
        { "deletion.share", "0", "1" },
        { "deletion.afterDays.least", "1", "3660" },
        { "deletion.afterDays.most", "1", "3660" },
        { "deletion.windows[0].days", "7", "1096" },
        { "deletion.windows[0].weight", "0", "1000000" },
        { "deletion.cancelledShare", "0", "1" },
        { "deletion.lastHourShare", "0", "1" },
        { "deletion.againShare", "0", "1" },
        { "aliases.share", "0", "1" },
        { "aliases.movesPerYear", "0", "52" },
        { "use.callsPerYear", "0", "10000" },
        { "use.burstingShare", "0", "1" },
        { "use.burstsPerYear", "0", "365" },
        { "use.callsPerBurst", "1", "100000" },
        { "limits.keyCallsPerSecond", "0", "1000000" },
        { "limits.accountCallsPerSecond", "0", "1000000" },
        { "limits.keysPerAccount", "0", "1000000" },
        { "faults.crashesPerYear", "0", "10000" },
        { "faults.crashSeconds", "1", "86400" },
        { "faults.pausesPerYear", "0", "10000" },
        { "faults.pauseSeconds", "1", "86400" },
        { "faults.outagesPerYear", "0", "10000" },
        { "faults.outageSeconds", "1", "86400" },
    };

    [Theory]
    [MemberData(nameof(Bounds))]
    public void Member_HasABoundOnBothSides(string member, string least, string most)
    {
        var bounds = $"{least.Trim('"')} to {most.Trim('"')}";
        // Rules between two members may be broken by the one at its bound; nothing may be said of the one itself.
        Assert.DoesNotContain(Errors(member, least), error => error.StartsWith($"{member}: ", StringComparison.Ordinal));
        Assert.DoesNotContain(Errors(member, most), error => error.StartsWith($"{member}: ", StringComparison.Ordinal));
        foreach (var outside in new[] { Outside(least, -1), Outside(most, 1) })
        {
            var error = Assert.Single(
                Errors(member, outside), error => error.StartsWith($"{member}: ", StringComparison.Ordinal));
            Assert.EndsWith(bounds, error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Bounds_AreTestedOfEveryNumber()
    {
        var tested = Bounds().Select(row => row[0].ToString()!.Replace("[0]", "", StringComparison.Ordinal));
        Assert.Equal(FleetTables.Numbers().Order(), tested.Order());
    }

    [Fact]
    public void Nothing_IsTheDefault()
    {
        var fleet = FleetReader.Read("{}");
        Assert.Equal(new FleetDescription().ToJson(), fleet.ToJson());
        Assert.Empty(FleetRules.Errors(fleet));
    }

    [Fact]
    public void PartOfAPart_LeavesTheRestOfItAtItsDefault()
    {
        var fleet = FleetReader.Read("""{ "imported": { "lifeDays": { "most": 100 } } }""");
        Assert.Equal(new FleetDescription().Imported with { LifeDays = new() { Least = 90, Most = 100 } }, fleet.Imported);
    }

    [Fact]
    public void Description_ReadsBackWhatItWrites()
    {
        var fleet = new FleetDescription
        {
            Name = "</pre><script>", Seed = ulong.MaxValue, Start = new(2030, 2, 28), Skew = 0.1,
            Deletion = new() { Windows = [new() { Days = 1096, Weight = 0.5 }] },
        };
        Assert.Equal(fleet.ToJson(), FleetReader.Read(fleet.ToJson()).ToJson());
        Assert.Equal(0.5, FleetReader.Read(fleet.ToJson()).Deletion.Windows.Single().Weight);
    }

    [Fact]
    public void CommentsAndTrailingCommas_AreAllowed() =>
        Assert.Equal(7, FleetReader.Read("""
            {
              // how long
              "days": 7, /* a week */
            }
            """).Days);

    [Fact]
    public void Errors_AreSaidAllAtOnce()
    {
        var thrown = Assert.Throws<FleetException>(() => FleetReader.Read("""
            {
              "day": 3, "Days": 4, "days": 0, "nodes": 1.5, "tenants": "many", "seed": -1, "start": "tomorrow", "about": null,
              "imported": { "lifeDays": { "least": 9, "most": 8, "some": 1 }, "renewedBeforeShare": 0.7, "renewedAfterShare": 0.4 },
              "deletion": { "afterDays": 30, "windows": [{ "days": 6 }, { "day": 7 }, 8, { "days": 1097, "weight": "x" }] },
              "faults": [],
            }
            """));
        Assert.Equal(
            [
                "day: there is no such member",
                "Days: there is no such member",
                "nodes: a whole number, 1 to 9",
                "tenants: a whole number, 1 to 100000",
                "seed: a whole number, 0 to 18446744073709551615",
                "start: a date like 2026-01-01, 2000-01-01 to 2100-12-31",
                "about: a text, at most 1000 characters",
                "imported.lifeDays.some: there is no such member",
                "deletion.afterDays: an object",
                "deletion.windows[1].day: there is no such member",
                "deletion.windows[2]: an object",
                "deletion.windows[3].weight: a number, 0 to 1000000",
                "faults: an object",
                "days: 1 to 3660",
                "deletion.windows[0].days: 7 to 1096",
                "deletion.windows[3].days: 7 to 1096",
                "imported.lifeDays: least not above most",
                "imported: renewedBeforeShare and renewedAfterShare together at most 1",
            ],
            thrown.Errors);
        Assert.Equal(string.Join('\n', thrown.Errors), thrown.Message);
    }

    [Theory]
    [InlineData("""{ "deletion": { "windows": [] } }""", "deletion.windows: 1 to 100 of them")]
    [InlineData("""{ "deletion": { "windows": 3 } }""", "deletion.windows: an array, 1 to 100 of them")]
    [InlineData("""{ "deletion": { "windows": [{ "weight": 0 }] } }""", "deletion.windows: a weight above 0")]
    [InlineData("""{ "deletion": { "afterDays": { "least": 31, "most": 30 } } }""", "deletion.afterDays: least not above most")]
    [InlineData("[]", "It is no JSON object.")]
    [InlineData("null", "It is no JSON object.")]
    public void Error_NamesItsMember(string json, string error) =>
        Assert.Equal([error], Assert.Throws<FleetException>(() => FleetReader.Read(json)).Errors);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{ "days": 1, "days": 2 }""")]
    [InlineData("""{ "days": NaN }""")]
    public void BrokenText_IsSaidToBeBroken(string json) => Assert.StartsWith(
        "It is no JSON: ", Assert.Throws<FleetException>(() => FleetReader.Read(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void TextsAndLists_HaveABound()
    {
        Assert.Equal(
            ["name: at most 100 characters", "about: at most 1000 characters", "deletion.windows: 1 to 100 of them"],
            FleetRules.Errors(new FleetDescription
            {
                Name = new('x', 101), About = new('x', 1001),
                Deletion = new() { Windows = [.. Enumerable.Repeat(new DeletionWindow(), 101)] },
            }));
        Assert.Empty(FleetRules.Errors(new FleetDescription
        {
            Name = new('x', 100), About = new('x', 1000),
            Deletion = new() { Windows = [.. Enumerable.Repeat(new DeletionWindow(), 100)] },
        }));
    }

    [Fact]
    public void Change_IsCheckedAsAFileIs()
    {
        var thrown = Assert.Throws<FleetException>(() => FleetRules.Check(new FleetDescription { Days = 3661, Skew = double.NaN }));
        Assert.Equal(["days: 1 to 3660", "skew: 0 to 2"], thrown.Errors);
    }

    private static IReadOnlyList<string> Errors(string member, string value)
    {
        try
        {
            FleetReader.Read(FleetTables.With(member, value));
            return [];
        }
        catch (FleetException wrong)
        {
            return wrong.Errors;
        }
    }

    private static string Outside(string bound, int step) =>
        bound.StartsWith('"')
            ? $"\"{DateOnly.Parse(bound.Trim('"')).AddDays(step):yyyy-MM-dd}\""
            : (decimal.Parse(bound) + step).ToString();
}
