namespace KmsActors.Cli;

/// <summary>What a command has around it: streams, terminal, environment, clock. Tests bring their own.</summary>
internal sealed record Shell
{
    /// <summary>Standard input.</summary>
    public required Stream Input { get; init; }

    /// <summary>Standard output: results alone.</summary>
    public required Stream Output { get; init; }

    /// <summary>Standard error: messages, prompts, progress.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>A variable of the environment, or null.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>A key pressed on the terminal, which does not echo it.</summary>
    public required Func<ConsoleKeyInfo> ReadKey { get; init; }

    /// <summary>Has the terminal echo no more, before somebody is asked to type.</summary>
    public required Action StopEcho { get; init; }

    /// <summary>The time to sign with, and to wait by.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public bool IsInputTerminal { get; init; }

    public bool IsOutputTerminal { get; init; }

    public bool IsErrorTerminal { get; init; }

    /// <summary>Columns of the terminal.</summary>
    public int Width { get; init; } = 80;

    /// <summary>Whether somebody is there to be asked.</summary>
    public bool IsInteractive => IsInputTerminal && IsErrorTerminal;

    /// <summary>Whether boxes and colours would do on a terminal.</summary>
    public bool IsColourful => string.IsNullOrEmpty(Variable("NO_COLOR")) && Variable("TERM") != "dumb";

    /// <summary>This process's own.</summary>
    public static Shell OfProcess() => new()
    {
        Input = Console.OpenStandardInput(),
        Output = Console.OpenStandardOutput(),
        Error = Console.Error,
        Variable = Environment.GetEnvironmentVariable,
        ReadKey = ReadOneKey,

        // .NET sees to that when it first looks at the keyboard.
        StopEcho = () => _ = Console.KeyAvailable,
        IsInputTerminal = !Console.IsInputRedirected,
        IsOutputTerminal = !Console.IsOutputRedirected,
        IsErrorTerminal = !Console.IsErrorRedirected,
        Width = WidthOfTerminal(),
    };

    // A terminal that does not know says 0.
    private static int WidthOfTerminal()
    {
        const int usual = 80;
        if (Console.IsOutputRedirected && Console.IsErrorRedirected) return usual;
        return Console.WindowWidth is > 0 and var width ? width : usual;
    }

    // A blocked read could not be ended by the signal, so Ctrl-C is a key like others meanwhile.
    private static ConsoleKeyInfo ReadOneKey()
    {
        Console.TreatControlCAsInput = true;
        try
        {
            return Console.ReadKey(intercept: true);
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }
}
