namespace KmsActors.Simulator.Tests;

public sealed class LatenessHistogramTests
{
    [Fact]
    public void Quantile_IsThatOfASortedList_OrALittleMore()
    {
        var random = new Random(11);
        for (var round = 0; round < 50; round++)
        {
            var histogram = new LatenessHistogram();
            var list = new List<TimeSpan>();
            var count = random.Next(1, 400);
            // From a tick to more than the histogram's own range, which is 115 days.
            for (var index = 0; index < count; index++) list.Add(TimeSpan.FromTicks((long)Math.Pow(10, random.NextDouble() * 14.5)));
            foreach (var lateness in list) histogram.Record(lateness);
            list.Sort();
            foreach (var share in new[] { 0, 0.01, 0.25, 0.5, 0.9, 0.99, 1 })
            {
                var exact = list[Math.Max(1, (int)Math.Ceiling(share * count)) - 1];
                var said = histogram.Quantile(share);
                Assert.True(said >= exact, $"{share}: {said} is less than {exact}");
                var most = exact > TimeSpan.FromDays(115) ? list[^1] : (exact * 1.01) + TimeSpan.FromMilliseconds(1);
                Assert.True(said <= most && said <= list[^1], $"{share}: {said} is much more than {exact}");
            }

            Assert.Equal((count, list[^1]), (histogram.Count, histogram.Max));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(500)]
    [InlineData(1000)]
    [InlineData(2000)]
    [InlineData(10_000)]
    [InlineData(60_000)]
    [InlineData(300_000)]
    [InlineData(86_400_000)]
    public void CountUpTo_HasWhatIsExactlyThatLate(int milliseconds)
    {
        var bound = TimeSpan.FromMilliseconds(milliseconds);
        var histogram = new LatenessHistogram();
        histogram.Record(bound);
        histogram.Record(bound + TimeSpan.FromTicks(1));
        Assert.Equal(1, histogram.CountUpTo(bound));
        Assert.Equal(2, histogram.CountUpTo(bound * 1.02 + TimeSpan.FromMilliseconds(1)));
    }

    [Fact]
    public void WhatIsBeyondAll_IsCountedAndKnownAsTheLatest()
    {
        var histogram = new LatenessHistogram();
        histogram.Record(TimeSpan.FromDays(1000));
        histogram.Record(TimeSpan.FromDays(2000));
        Assert.Equal((2, 0), (histogram.Count, histogram.CountUpTo(TimeSpan.FromDays(3000))));
        Assert.Equal(TimeSpan.FromDays(2000), histogram.Quantile(0.5));
    }

    [Fact]
    public void WhatCameEarly_WasNotLate()
    {
        var histogram = new LatenessHistogram();
        histogram.Record(TimeSpan.FromSeconds(-1));
        Assert.Equal((1, 1, TimeSpan.Zero), (histogram.Count, histogram.CountUpTo(TimeSpan.Zero), histogram.Max));
    }

    [Fact]
    public void Nothing_IsNotLate() => Assert.Equal(TimeSpan.Zero, new LatenessHistogram().Quantile(0.99));
}
