using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace KmsActors.Cli;

/// <summary>Putting commands together.</summary>
internal static class CommandExtensions
{
    /// <summary>What the command does.</summary>
    public static Command Runs(this Command command, Func<Call, Task> run)
    {
        command.SetAction(async (parsed, cancellation) =>
        {
            using var call = new Call(parsed, cancellation);
            await run(call);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Holds the number to its bounds.</summary>
    public static Option<int> Within(this Option<int> option, int least, int most)
    {
        option.Validators.Add(result => Check(result, least, most));
        return option;
    }

    /// <summary>As <see cref="Within(Option{int}, int, int)"/>.</summary>
    public static Option<int?> Within(this Option<int?> option, int least, int most)
    {
        option.Validators.Add(result => Check(result, least, most));
        return option;
    }

    /// <summary><c>NAME=VALUE</c>, as contexts and tags come.</summary>
    /// <exception cref="CliException">It is none.</exception>
    public static KeyValuePair<string, string> ToPair(this string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        return at > 0
            ? new(text[..at], text[(at + 1)..])
            : throw new CliException($"'{text}' is not of the form NAME=VALUE.");
    }

    private static void Check(OptionResult result, int least, int most)
    {
        if (result.Tokens.Count != 1) return;
        var text = result.Tokens[0].Value;
        var isGood = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most;
        if (!isGood) result.AddError($"{result.Option.Name} is {least} to {most}.");
    }
}
