namespace KmsActors.Simulator.Tests;

public sealed class WordsTests
{
    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(0.0004, "under 1 ms")]
    [InlineData(0.012, "12 ms")]
    [InlineData(0.9999, "0.99 s")]
    [InlineData(1, "1 s")]
    [InlineData(1.256, "1.25 s")]
    [InlineData(59.999, "59.99 s")]
    [InlineData(60, "1 min")]
    [InlineData(200.7, "3 min 20 s")]
    [InlineData(7500, "2 h 5 min")]
    [InlineData(86_400, "1 d")]
    [InlineData(1e8, "1157 d 9 h")]
    public void Duration_HasTwoUnitsAtMost(double seconds, string words) => Assert.Equal(words, Words.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Count_IsGrouped()
    {
        Assert.Equal(("0", "1,234,567"), (Words.Count(0), Words.Count(1_234_567)));
        Assert.Equal(("1 node", "2 nodes", "0 nodes"), (Words.Count(1, "node"), Words.Count(2, "node"), Words.Count(0, "node")));
    }
}
