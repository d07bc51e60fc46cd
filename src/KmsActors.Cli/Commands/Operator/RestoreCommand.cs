using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using Spectre.Console;

namespace KmsActors.Cli;

/// <summary>kmsctl restore.</summary>
internal static class RestoreCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    // It first lets calls under way end, for half a minute unless it is set otherwise.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static Command Create()
    {
        var file = Options.Name("FILE", "What backup has written");
        var yes = Options.Flag("--yes", "Do not ask");
        return new Command(
            "restore", "Puts a copy in the place of the service's SQLite database, and waits until it is served")
        {
            file, yes,
        }.Runs(call => RunAsync(call, call.Get(file), call.Get(yes)));
    }

    private static async Task RunAsync(Call call, string path, bool yes)
    {
        await using var file = Files.Opened(path, () => File.OpenRead(path));
        if (!yes) Confirm(call.Shell, path);
        var hash = await SHA256.HashDataAsync(file, call.Cancellation);
        file.Position = 0;
        using var content = new CountedContent(file);
        var sent = call.Admin.PostLongAsync(
            "restore", content, headers => headers.Add(Digest.Header, Digest.TextOf(hash)));
        await Progress.ShowAsync(call, "restore", file.Length, () => content.Sent, sent);
        var restore = await sent;
        await WaitAsync(call, restore.Required("requestId"));
        call.Output.Item(restore);
    }

    private static void Confirm(Shell shell, string path)
    {
        if (!shell.IsInteractive) throw new CliException("Nobody can be asked here: say --yes.");
        var question = $"All that the service has is replaced by {Printable.Of(path)}: "
            + "what was made since is gone, and what was taken away since is back.";
        if (!Prompt.Confirm(shell, question)) throw new CliException(ExitCode.Cancelled, "Nothing is restored.");
    }

    private static Task WaitAsync(Call call, string requestId)
    {
        var shell = call.Shell;
        return shell.IsErrorTerminal && shell.IsColourful
            ? Ansi.On(shell.Error, shell.Width).Status()
                .StartAsync("The service starts anew", _ => UntilServedAsync(call, requestId))
            : UntilServedAsync(call, requestId);
    }

    private static async Task UntilServedAsync(Call call, string requestId)
    {
        var time = call.Shell.Time;
        var begun = time.GetTimestamp();
        while (!await IsServedAsync(call, requestId))
        {
            if (time.GetElapsedTime(begun) > Patience)
            {
                throw new CliException(
                    ExitCode.Unreachable,
                    "The copy was taken, and the service starts anew on it; but it does not serve yet. See its log.");
            }

            await Task.Delay(Pause, time, call.Cancellation);
        }
    }

    private static async Task<bool> IsServedAsync(Call call, string requestId)
    {
        try
        {
            var service = await call.Admin.GetAsync("service");
            return service.TryGetProperty("restored", out var restored) && restored.Text("requestId") == requestId;
        }
        catch (CliException stopped) when (stopped.Code == ExitCode.Unreachable)
        {
            return false;
        }
    }
}
