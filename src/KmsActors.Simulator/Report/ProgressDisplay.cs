using Spectre.Console;

namespace KmsActors.Simulator;

/// <summary>Shows how far a run is while it runs: a bar on a terminal, elsewhere a line now and then.</summary>
internal static class ProgressDisplay
{
    private const int BarWidth = 25;

    private static readonly TimeSpan s_redraw = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_line = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Waits for the work, shows the progress that it reports, and returns or throws what the work does.
    /// </summary>
    /// <param name="screen">Where to show it.</param>
    /// <param name="progress">What the work reports to.</param>
    /// <param name="time">A real clock.</param>
    /// <param name="work">Runs on threads of its own.</param>
    public static async Task<T> ShowAsync<T>(
        Screen screen, FleetProgress progress, TimeProvider time, Task<T> work)
    {
        if (screen.IsLive)
        {
            await screen.Ansi().Progress()
                .AutoClear(true)
                .Columns(
                    new ProgressBarColumn { Width = BarWidth }, new PercentageColumn(), new TaskDescriptionColumn())
                .StartAsync(context => DrawAsync(context, progress, time, work));
        }
        else
        {
            while (!await EndsWithinAsync(work, s_line, time)) await screen.Writer.WriteLineAsync(progress.Line());
        }

        return await work;
    }

    private static async Task DrawAsync(
        ProgressContext context, FleetProgress progress, TimeProvider time, Task work)
    {
        var bar = context.AddTask(Markup.Escape(progress.Line()), maxValue: 1);
        while (!await EndsWithinAsync(work, s_redraw, time))
        {
            bar.Value = progress.Share;
            bar.Description = Markup.Escape(progress.Line());
        }
    }

    private static async Task<bool> EndsWithinAsync(Task work, TimeSpan wait, TimeProvider time) =>
        await Task.WhenAny(work, Task.Delay(wait, time)) == work;
}
