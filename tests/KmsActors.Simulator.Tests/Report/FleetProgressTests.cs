namespace KmsActors.Simulator.Tests;

public sealed class FleetProgressTests
{
    private readonly Clock _clock = new();

    [Fact]
    public void Line_SaysHowFarItIs_AndWhatIsLeftWhenThatCanBeSaid()
    {
        var progress = new FleetProgress(1096, parts: 1, _clock);
        Assert.Equal("day 0 of 1,096, 0 deletions, 0 steps/s", progress.Line());
        var statistics = Statistics(deletions: 1234, steps: 120_000);
        _clock.Seconds = 10;
        progress.Report(9, statistics);
        Assert.Equal("day 10 of 1,096, 1,234 deletions, 12,000 steps/s", progress.Line());
        progress.Report(273, statistics);
        Assert.Equal("day 274 of 1,096, 1,234 deletions, 12,000 steps/s, about 30 s left", progress.Line());
        progress.Report(1095, statistics);
        Assert.Equal("day 1,096 of 1,096, 1,234 deletions, 12,000 steps/s", progress.Line());
    }

    [Fact]
    public void Parts_AreAddedUp()
    {
        var progress = new FleetProgress(100, parts: 2, _clock);
        var (one, other) = (Statistics(deletions: 1, steps: 10), Statistics(deletions: 0, steps: 30));
        _clock.Seconds = 1;
        progress.Report(39, one);
        // The other has not begun.
        Assert.Equal(0.2, progress.Share);
        progress.Report(59, other);
        Assert.Equal(0.5, progress.Share);
        Assert.Equal("day 50 of 100, 1 deletion, 40 steps/s, about 1 s left", progress.Line());
    }

    [Theory]
    [InlineData(false, null, null, null, true)]
    [InlineData(false, "", "", "xterm", true)]
    [InlineData(true, null, null, null, false)]
    [InlineData(false, "1", null, null, false)]
    [InlineData(false, null, "true", null, false)]
    [InlineData(false, null, null, "dumb", false)]
    public void Bar_IsDrawnOnATerminalOnly(bool isRedirected, string? noColour, string? ci, string? term, bool isDrawn) =>
        Assert.Equal(isDrawn, Screen.CanDraw(isRedirected, name => name switch { "NO_COLOR" => noColour, "CI" => ci, _ => term }));

    [Fact]
    public async Task Elsewhere_ThereIsALineNowAndThen()
    {
        var text = new StringWriter();
        var progress = new FleetProgress(10, parts: 1, _clock);
        var work = new TaskCompletionSource<string>();
        var shown = ProgressDisplay.ShowAsync(new(text, IsLive: false, 80), progress, _clock, work.Task);
        progress.Report(4, Statistics(deletions: 2, steps: 5));
        _clock.Seconds = 5;
        _clock.Ring();
        while (text.ToString().Length == 0) await Task.Delay(10).WaitAsync(TimeSpan.FromSeconds(30));
        work.SetResult("done");
        Assert.Equal("done", await shown.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal("day 5 of 10, 2 deletions, 1 steps/s, about 5 s left\n", text.ToString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Failure_OfTheWorkIsThrown(bool isLive)
    {
        var screen = new Screen(new StringWriter(), isLive, 80);
        var work = Task.FromException<int>(new InvalidOperationException("broken"));
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(
            () => ProgressDisplay.ShowAsync(screen, new(10, 1, _clock), TimeProvider.System, work));
        Assert.Equal("broken", thrown.Message);
    }

    [Fact]
    public async Task Terminal_GetsABar()
    {
        var text = new StringWriter();
        var progress = new FleetProgress(10, parts: 1, _clock);
        progress.Report(4, Statistics(deletions: 2, steps: 5));
        var work = new TaskCompletionSource<int>();
        var shown = ProgressDisplay.ShowAsync(new(TextWriter.Synchronized(text), IsLive: true, 100), progress, TimeProvider.System, work.Task);
        await Task.Delay(1000);
        work.SetResult(7);
        Assert.Equal(7, await shown.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("2 deletions", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("━", text.ToString(), StringComparison.Ordinal);
    }

    private static FleetStatistics Statistics(int deletions, long steps)
    {
        var statistics = new FleetStatistics(Samples.Start, 1) { Steps = steps };
        statistics.Happened(FleetEvent.Deleted, default, deletions);
        return statistics;
    }

    /// <summary>A clock that is set by hand, and whose timers ring when they are told to.</summary>
    private sealed class Clock : TimeProvider
    {
        private Action? _ring;

        public double Seconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => (long)(Seconds * 1000);

        public void Ring() => _ring!();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _ring = () => callback(state);
            return new Timer();
        }

        private sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
