namespace KmsActors.Simulator.Tests.Engine;

/// <summary>Time passes and processes step only as the world has it.</summary>
public sealed class WorldTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly World _world = new(1, s_start);

    [Fact]
    public void Delay_OnAProcessClock_TakesNoRealTimeAndItsRate()
    {
        var process = new Process(_world, 1);
        var clock = new ProcessClock(_world, process, rate: 2);
        var done = Run(process, () => Task.Delay(TimeSpan.FromDays(10), clock));

        _world.RunFor(TimeSpan.FromDays(5) - TimeSpan.FromSeconds(1));
        Assert.False(done.IsCompleted);
        _world.RunFor(TimeSpan.FromSeconds(2));

        Assert.True(done.IsCompletedSuccessfully);
        Assert.Equal(s_start + TimeSpan.FromDays(5) + TimeSpan.FromSeconds(1), _world.Now);
        Assert.Equal(TimeSpan.FromDays(10) + TimeSpan.FromSeconds(2), clock.GetElapsedTime(0));
    }

    [Fact]
    public void Skip_SetsTheCalendarAndNoStopwatch()
    {
        var clock = new ProcessClock(_world, new Process(_world, 1), rate: 1) { Offset = TimeSpan.FromSeconds(3) };

        _world.Skip(TimeSpan.FromDays(1000));

        Assert.Equal(s_start + TimeSpan.FromDays(1000) + TimeSpan.FromSeconds(3), clock.GetUtcNow());
        Assert.Equal(0, clock.GetTimestamp());
        Assert.Equal(s_start, _world.Unskipped);
    }

    [Fact]
    public void End_Process_TakesNoFurtherStep()
    {
        var process = new Process(_world, 1);
        var steps = 0;
        var done = Run(process, async () =>
        {
            while (true)
            {
                steps++;
                await Task.Delay(TimeSpan.FromSeconds(1), new ProcessClock(_world, process, 1));
            }
        });

        _world.RunFor(TimeSpan.FromSeconds(4.5));
        process.End();
        _world.RunFor(TimeSpan.FromSeconds(10));

        Assert.Equal(5, steps);
        Assert.False(done.IsCompleted);
    }

    [Fact]
    public void Pause_Process_GoesOnWhereItWas()
    {
        var process = new Process(_world, 1);
        var at = TimeSpan.Zero;
        _ = Run(process, async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), new ProcessClock(_world, process, 1));
            at = _world.Elapsed;
        });
        _world.RunFor(TimeSpan.FromMilliseconds(1));

        process.Pause();
        _world.RunFor(TimeSpan.FromSeconds(7));
        Assert.Equal(TimeSpan.Zero, at);
        process.Continue();
        _world.RunFor(TimeSpan.FromSeconds(1));

        Assert.Equal(TimeSpan.FromSeconds(7) + TimeSpan.FromMilliseconds(1), at);
    }

    [Fact]
    public void Fault_InAStep_EndsTheRun()
    {
        var process = new Process(_world, 1);
        process.Post(_ => throw new InvalidOperationException("it broke"), null);
        _world.After(TimeSpan.FromSeconds(1), () => Assert.Fail("the run goes on"));

        _world.RunFor(TimeSpan.FromSeconds(2));

        Assert.Equal("it broke", _world.Fault?.Message);
    }

    [Fact]
    public void Ready_ManySteps_ComeInAnOrderOfTheSeed()
    {
        Assert.Equal(Order(5), Order(5));
        Assert.NotEqual(Order(5), Order(6));
    }

    private static string Order(ulong seed)
    {
        var world = new World(seed, s_start);
        var order = "";
        var process = new Process(world, 1);
        for (var i = 0; i < 10; i++)
        {
            var number = i;
            process.Post(_ => order += number, null);
        }

        world.RunFor(TimeSpan.Zero);
        return order;
    }

    private static Task Run(Process process, Func<Task> act)
    {
        var done = new TaskCompletionSource();
        process.Post(_ => { _ = RunAsync(); }, null);
        return done.Task;

        async Task RunAsync()
        {
            await act();
            done.SetResult();
        }
    }
}
