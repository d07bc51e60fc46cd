using Spectre.Console;

namespace KmsActors.Simulator;

/// <summary>Where people read: a terminal, or a pipe or a file, which gets plain lines.</summary>
/// <param name="Writer">Takes the text.</param>
/// <param name="IsLive">Whether it can be drawn over and has colours.</param>
/// <param name="Width">Columns.</param>
internal sealed record Screen(TextWriter Writer, bool IsLive, int Width)
{
    private const int PlainWidth = 100;

    /// <summary>Standard output.</summary>
    public static Screen Output() => Of(Console.Out, Console.IsOutputRedirected);

    /// <summary>Standard error.</summary>
    public static Screen Error() => Of(Console.Error, Console.IsErrorRedirected);

    /// <summary>
    /// Whether to draw: on a terminal, unless it is said to be a dumb one, without colours, or a build's.
    /// </summary>
    public static bool CanDraw(bool isRedirected, Func<string, string?> environment) =>
        !isRedirected
        && string.IsNullOrEmpty(environment("NO_COLOR"))
        && string.IsNullOrEmpty(environment("CI"))
        && environment("TERM") != "dumb";

    /// <summary>Spectre.Console on it, which is not left to find out by itself what it is.</summary>
    public IAnsiConsole Ansi()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = IsLive ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = IsLive ? ColorSystemSupport.EightBit : ColorSystemSupport.NoColors,
            Interactive = IsLive ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(Writer),
        });
        console.Profile.Width = Width;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }

    private static Screen Of(TextWriter writer, bool isRedirected)
    {
        var isLive = CanDraw(isRedirected, Environment.GetEnvironmentVariable);
        return new(writer, isLive, isRedirected || Console.WindowWidth <= 0 ? PlainWidth : Console.WindowWidth);
    }
}
