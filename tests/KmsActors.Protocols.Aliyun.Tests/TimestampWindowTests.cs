using Microsoft.Extensions.Time.Testing;

namespace KmsActors.Protocols.Aliyun.Tests;

public class TimestampWindowTests
{
    private static readonly DateTimeOffset s_now = new(2016, 3, 28, 3, 13, 8, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(14, 59, true)]
    [InlineData(15, 0, true)]
    [InlineData(15, 1, false)]
    public void Check_Distance_IsFifteenMinutesEitherWay(int minutes, int seconds, bool isInside)
    {
        FakeTimeProvider time = new(s_now);
        AliyunError? expected = isInside ? null : AliyunErrors.IllegalTimestamp;
        TimeSpan distance = new(0, minutes, seconds);
        Assert.Equal(expected, TimestampWindow.Check(s_now + distance, time));
        Assert.Equal(expected, TimestampWindow.Check(s_now - distance, time));
    }

    [Fact]
    public void Check_FractionPastTheEdge_IsOutside()
    {
        FakeTimeProvider time = new(s_now + TimeSpan.FromMilliseconds(1));
        Assert.NotNull(TimestampWindow.Check(s_now - TimestampWindow.HalfWidth, time));
    }

    [Fact]
    public void Check_ExtremeTimes_AreOutside()
    {
        FakeTimeProvider time = new(s_now);
        Assert.NotNull(TimestampWindow.Check(DateTimeOffset.MinValue, time));
        Assert.NotNull(TimestampWindow.Check(DateTimeOffset.MaxValue, time));
    }
}
