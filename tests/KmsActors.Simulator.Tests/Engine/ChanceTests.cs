namespace KmsActors.Simulator.Tests.Engine;

/// <summary>Chance is the same everywhere, and fair enough.</summary>
public sealed class ChanceTests
{
    /// <summary>The published generator, xoshiro256**, from the state that splitmix64 makes of 0.</summary>
    [Fact]
    public void Next_Seed0_AreTheNumbersOfTheAlgorithm()
    {
        var chance = new Chance(0);
        ulong[] expected =
        [
            0x99ec5f36cb75f2b4, 0xbf6e1f784956452a, 0x1a5f849d4933e6e0, 0x6aa594f1262d2d2c, 0xbba5ad4a1f842e59,
        ];
        Assert.Equal(expected, Enumerable.Range(0, expected.Length).Select(_ => chance.Next()));
    }

    [Fact]
    public void Below_StaysBelowAndReachesAll()
    {
        var chance = new Chance(7);
        var counts = new int[6];
        for (var i = 0; i < 6000; i++) counts[chance.Below(6)]++;
        Assert.All(counts, count => Assert.InRange(count, 850, 1150));
    }

    [Fact]
    public void Between_IncludesBothEnds()
    {
        var chance = new Chance(8);
        var drawn = Enumerable.Range(0, 200).Select(_ => chance.Between(3, 5)).Distinct().Order();
        Assert.Equal([3, 4, 5], drawn);
    }

    [Fact]
    public void Of_OtherNumbers_IsOtherChance()
    {
        Assert.Equal(Chance.Of(1, 2, 3).Next(), Chance.Of(1, 2, 3).Next());
        Assert.NotEqual(Chance.Of(1, 2, 3).Next(), Chance.Of(1, 3, 2).Next());
        Assert.NotEqual(Chance.Of(1, 0).Next(), Chance.Of(1).Next());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(19)]
    public void Fill_AnyLength_LeavesNothing(int length)
    {
        var chance = new Chance(9);
        var seen = new byte[length];
        for (var i = 0; i < 20; i++)
        {
            var bytes = new byte[length];
            chance.Fill(bytes);
            for (var j = 0; j < length; j++) seen[j] |= bytes[j];
        }

        Assert.All(seen, each => Assert.NotEqual(0, each));
    }
}
