using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using KmsActors.Grains;

namespace KmsActors.Operations.Tests;

/// <summary>A token bucket in one number is a token bucket.</summary>
public sealed class TokenBucketTests
{
    private const long Second = 1_000_000_000;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(10, 10)]
    [InlineData(7, 3)]
    [InlineData(1000, 1)]
    [InlineData(700_000, 1_000_000)]
    [InlineData(1_000_000, 1_000_000)]
    public void Bucket_AfterAPause_GivesItsBurst_AndThenItsRate(int perSecond, int burst)
    {
        var (bucket, rate) = (new TokenBucket(), new Rate(perSecond, burst));
        for (var i = 0; i < burst; i++) Assert.True(bucket.TryTake(rate, 5 * Second));
        Assert.False(bucket.TryTake(rate, 5 * Second));
        Assert.False(bucket.TryTake(rate, 5 * Second + (Second / perSecond) - 1));
        Assert.True(bucket.TryTake(rate, 5 * Second + (Second / perSecond)));
        Assert.False(bucket.TryTake(rate, 5 * Second + (Second / perSecond)));
    }

    [Theory]
    [InlineData(10, 10, 20)]
    [InlineData(333, 333, 20)]
    [InlineData(5000, 100, 3)]
    public void Bucket_AskedTooOften_GivesItsRateOver30Seconds(int perSecond, int burst, int times)
    {
        var (bucket, rate) = (new TokenBucket(), new Rate(perSecond, burst));
        var taken = 0;
        for (long now = 0; now < 30 * Second; now += Second / (perSecond * times))
        {
            if (bucket.TryTake(rate, now)) taken++;
        }

        Assert.InRange(taken - burst, 30 * perSecond * 0.98, 30 * perSecond * 1.02);
    }

    // What was owed by a rate of before, for long at a slow one, is not owed by the new one.
    [Theory]
    [InlineData(1, 60, 100, 100)]
    [InlineData(1, 1_000_000, 1, 1)]
    [InlineData(100, 6000, 100, 100)]
    [InlineData(100, 100, 1, 60)]
    public void Bucket_OfAnotherRate_GivesByThatRateFromThenOn(int before, int burstBefore, int after, int burst)
    {
        var (bucket, rate) = (new TokenBucket(), new Rate(after, burst));
        while (bucket.TryTake(new Rate(before, burstBefore), 0))
        {
        }

        bucket.TryTake(rate, 0);
        var taken = 0;
        for (var now = Second / after; now <= 10 * Second; now += Second / after) taken += bucket.TryTake(rate, now) ? 1 : 0;
        Assert.Equal(10 * after, taken);
        Assert.True(bucket.IsFullAt(1000 * Second));
    }

    [Property]
    public Property Bucket_IsAsTheModel() => Prop.ForAll(
        Gen.Choose(1, 20).ToArbitrary(),
        Gen.Choose(1, 20).ToArbitrary(),
        Gen.ListOf(Gen.Choose(0, 400)).ToArbitrary(),
        (perSecond, burst, pauses) =>
        {
            // All times are multiples of what a token takes to come, so that the model counts in whole numbers.
            var interval = Second / perSecond;
            var (bucket, rate, tokens, now) = (new TokenBucket(), new Rate(perSecond, burst), (long)burst, 0L);
            foreach (var pause in pauses.Select(each => each % 5))
            {
                now += pause * interval;
                tokens = Math.Min(burst, tokens + pause);
                Assert.Equal(tokens == burst, bucket.IsFullAt(now));
                Assert.Equal(tokens > 0, bucket.TryTake(rate, now));
                if (tokens > 0) tokens--;
            }
        });

    [Fact]
    public void Rate_ThatIsChanged_HoldsFromTheNextCallOn()
    {
        var bucket = new TokenBucket();
        for (var i = 0; i < 100; i++) Assert.True(bucket.TryTake(new Rate(100, 100), 0));
        Assert.False(bucket.TryTake(new Rate(100, 100), 0));
        Assert.True(bucket.TryTake(new Rate(1000, 1100), 0));
        Assert.False(bucket.TryTake(new Rate(10, 1), Second / 2));
        Assert.True(bucket.TryTake(new Rate(10, 1), 2 * Second));
    }

    [Fact]
    public async Task Burst_TakenByManyAtOnce_IsGivenOnce()
    {
        var (bucket, rate) = (new TokenBucket(), new Rate(1000, 1000));
        var takers = Enumerable.Range(0, 8).Select(_ => Task.Run(
            () => Enumerable.Range(0, 1000).Count(_ => bucket.TryTake(rate, Second))));
        Assert.Equal(1000, (await Task.WhenAll(takers)).Sum());
    }
}
