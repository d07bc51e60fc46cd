using KmsActors.Grains;
using Microsoft.Extensions.Time.Testing;

namespace KmsActors.Operations.Tests;

/// <summary>Whose calls are counted together, and for how long that is remembered.</summary>
public sealed class RateLimitsTests
{
    private static readonly Rate One = new(1, 1);

    private readonly FakeTimeProvider _time = new();
    private readonly RateLimits _limits;

    public RateLimitsTests() => _limits = new RateLimits(_time);

    [Fact]
    public void Calls_OfAnotherAccountOrClassOrKey_HaveLimitsOfTheirOwn()
    {
        Assert.Null(_limits.Take("1", CallClass.Symmetric, One));
        Assert.Equal(RefusalCode.Throttled, _limits.Take("1", CallClass.Symmetric, One)?.Code);
        Assert.Null(_limits.Take("2", CallClass.Symmetric, One));
        Assert.Null(_limits.Take("1", CallClass.Asymmetric, One));
        Assert.Null(_limits.TakeOfKey("1", One));
        Assert.Equal(RefusalCode.Throttled, _limits.TakeOfKey("1", One)?.Code);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(_limits.Take("1", CallClass.Symmetric, One));
        Assert.Null(_limits.TakeOfKey("1", One));
    }

    [Fact]
    public void NoLimit_TakesEverythingAndRemembersNothing()
    {
        for (var i = 0; i < 100; i++) Assert.Null(_limits.Take("1", CallClass.Management, Rate.Unlimited));
        Assert.Equal(0, _limits.Count);
    }

    [Fact]
    public void ThoseThatCallNoMore_AreForgotten_AndThoseAtTheirLimitAreNot()
    {
        var slow = new Rate(1, 100);
        for (var i = 0; i < 100; i++) Assert.Null(_limits.TakeOfKey("busy", slow));
        for (var second = 0; second < 20; second++)
        {
            for (var i = 0; i < 1000; i++) Assert.Null(_limits.TakeOfKey($"{second}/{i}", One));
            Assert.InRange(_limits.Count, 1, 8000);
            _time.Advance(TimeSpan.FromSeconds(2));
        }

        // It has got 40 tokens back meanwhile, and no more.
        Assert.Equal(40, Enumerable.Range(0, 100).Count(_ => _limits.TakeOfKey("busy", slow) is null));
    }
}
