using System.CommandLine;
using System.Net;
using Spectre.Console;

namespace KmsActors.Cli;

/// <summary>kmsctl accounts delete.</summary>
internal static class DeleteAccountCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var account = Options.Account();
        var days = Options.Number("--days", "When, from now: 0 to 1096", 0, 1096);
        days.DefaultValueFactory = _ => 30;
        var wait = Options.Flag("--wait", "Return when it is gone; with --days 0");
        var yes = Options.Flag("--yes", "Do not ask");
        var command = new Command("delete", "Deletes an account and all of its keys some days from now")
        {
            account, days, wait, yes,
        };
        command.Validators.Add(result =>
        {
            var isNow = result.GetResult(days) is { Tokens: [{ Value: "0" }] };
            if (result.GetResult(wait) is { Implicit: false } && !isNow)
                result.AddError("--wait is for --days 0.");
        });
        return command.Runs(async call =>
        {
            var number = call.Get(account);
            if (!call.Get(yes)) Confirm(call.Shell, number, call.Get(days)!.Value);
            var path = AccountCommands.PathOf(number);
            var answer = await call.Admin.DeleteAsync($"{path}?days={call.Get(days)}");
            if (!call.Get(wait))
            {
                call.Output.Item(answer);
                return;
            }

            await WaitAsync(call, path, number);
            call.Output.Done(answer, "The account is gone.");
        });
    }

    private static void Confirm(Shell shell, string account, int days)
    {
        if (!shell.IsInteractive) throw new CliException("Nobody can be asked here: say --yes.");
        var when = days == 0 ? "now" : $"in {days} days";
        if (!Prompt.Confirm(shell, $"Account {Printable.Of(account)} and all of its keys are deleted for ever {when}."))
            throw new CliException(ExitCode.Cancelled, "Nothing is deleted.");
    }

    private static Task WaitAsync(Call call, string path, string account)
    {
        var shell = call.Shell;
        return shell.IsErrorTerminal && shell.IsColourful
            ? Ansi.On(shell.Error, shell.Width).Status()
                .StartAsync($"Deleting {Markup.Escape(Printable.Of(account))}", _ => UntilGoneAsync(call, path))
            : UntilGoneAsync(call, path);
    }

    private static async Task UntilGoneAsync(Call call, string path)
    {
        while (true)
        {
            try
            {
                var account = await call.Admin.GetAsync(path);
                if (account.Required("state") is not ("PendingDeletion" or "Deleting"))
                    throw new CliException(ExitCode.Refused, "Somebody has cancelled the deletion.");
            }
            catch (CliException gone) when (gone.Status == (int)HttpStatusCode.NotFound)
            {
                return;
            }

            await Task.Delay(Pause, call.Shell.Time, call.Cancellation);
        }
    }
}
