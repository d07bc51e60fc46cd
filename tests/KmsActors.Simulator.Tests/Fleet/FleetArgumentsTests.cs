using System.CommandLine;

namespace KmsActors.Simulator.Tests;

public sealed class FleetArgumentsTests
{
    [Fact]
    public void LineAlone_IsEnough()
    {
        var (fleet, again) = Read("--days", "1096", "--tenants", "1000", "--keys", "100000");
        Assert.Equal(new FleetDescription { Days = 1096, Tenants = 1000, Keys = 100_000 }.ToJson(), fleet.ToJson());
        Assert.Equal("--days 1096 --tenants 1000 --keys 100000 --seed 1", again);
    }

    [Fact]
    public void Line_OverridesTheFile()
    {
        var path = Path.Combine(Path.GetTempPath(), $"a fleet's {Guid.NewGuid():N}.json");
        File.WriteAllText(path, """{ "days": 10, "nodes": 2, "keys": 5, "seed": 9 }""");
        try
        {
            var (fleet, again) = Read("--fleet", path, "--days", "20", "--nodes", "4");
            Assert.Equal((20, 4, 5, 9ul), (fleet.Days, fleet.Nodes, fleet.Keys, fleet.Seed));
            Assert.Equal($"--fleet '{path.Replace("'", @"'\''", StringComparison.Ordinal)}' --days 20 --nodes 4 --seed 9", again);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Line_IsHeldToTheBoundsAllAtOnce()
    {
        var wrong = Assert.Throws<FleetException>(() => Read("--days", "3661", "--tenants", "0", "--seed", "18446744073709551615"));
        Assert.Equal(["days: 1 to 3660", "tenants: 1 to 100000"], wrong.Errors);
    }

    private static (FleetDescription Fleet, string Again) Read(params string[] line)
    {
        var arguments = new FleetArguments();
        var command = new RootCommand();
        arguments.AddTo(command);
        var parsed = command.Parse(line);
        Assert.Empty(parsed.Errors);
        var fleet = arguments.Read(parsed);
        return (fleet, arguments.Again(parsed, fleet));
    }
}
