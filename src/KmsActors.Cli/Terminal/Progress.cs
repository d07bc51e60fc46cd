using Spectre.Console;

namespace KmsActors.Cli;

/// <summary>Shows on a terminal how far work is that takes long.</summary>
internal static class Progress
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(100);

    /// <summary>Returns when the work has ended, however it did; shows nothing when that is soon.</summary>
    public static async Task ShowAsync(Call call, string title, long total, Func<long> done, Task work)
    {
        var shell = call.Shell;
        if (!shell.IsErrorTerminal || !shell.IsColourful) return;
        if (await EndsWithinAsync(shell, work, Patience)) return;
        await Ansi.On(shell.Error, shell.Width).Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var bar = progress.AddTask(Markup.Escape(title), maxValue: total);
                while (!await EndsWithinAsync(shell, work, Redraw)) bar.Value = done();
            });
    }

    private static async Task<bool> EndsWithinAsync(Shell shell, Task work, TimeSpan wait) =>
        await Task.WhenAny(work, Task.Delay(wait, shell.Time)) == work;
}
