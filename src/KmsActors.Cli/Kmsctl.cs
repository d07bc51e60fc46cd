using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Text;

namespace KmsActors.Cli;

/// <summary>The program: arguments in, exit code out, and a message rather than a stack trace.</summary>
internal static class Kmsctl
{
    /// <summary>Runs one command.</summary>
    public static async Task<int> RunAsync(string[] args, Shell shell, CancellationToken cancellation)
    {
        var options = new GlobalOptions();
        try
        {
            var parsed = CommandTree.Create(options).Parse(
                args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (parsed.Action is ParseErrorAction) return Misused(parsed, shell);
            await using var text = new StreamWriter(shell.Output, new UTF8Encoding(false), leaveOpen: true);
            return await parsed.InvokeAsync(
                new Surroundings(shell, options)
                {
                    // Help and completions; everything else writes by itself.
                    Output = text,
                    Error = shell.Error,
                    EnableDefaultExceptionHandler = false,
                    // Signals are seen to in Program.
                    ProcessTerminationTimeout = null,
                },
                cancellation);
        }
        catch (CliException failure)
        {
            return Failed(shell, failure.Code, failure.Message);
        }
        catch (OperationCanceledException)
        {
            return Failed(shell, ExitCode.Cancelled, "Cancelled.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Failed(shell, ExitCode.Usage, failure.Message);
        }
#pragma warning disable CA1031 // Whatever else there is, it is a fault of this program's: said, and no stack trace.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            return Failed(shell, ExitCode.Refused, $"kmsctl failed: {fault.GetType().Name}: {fault.Message}");
        }
    }

    private static int Misused(ParseResult parsed, Shell shell)
    {
        var names = new List<string>();
        for (var command = parsed.CommandResult; command is not null; command = command.Parent as CommandResult)
        {
            names.Insert(0, command.Command is RootCommand ? "kmsctl" : command.Command.Name);
        }

        var errors = parsed.Errors.Select(error => error.Message.ReplaceLineEndings(" ")).Distinct();
        return Failed(shell, ExitCode.Usage, [.. errors, $"Try {string.Join(' ', names)} --help."]);
    }

    private static int Failed(Shell shell, int code, params string[] lines)
    {
        foreach (var line in lines) shell.Error.WriteLine(Printable.Of(line));
        return code;
    }
}
