using Spectre.Console;

namespace KmsActors.Cli;

/// <summary>Spectre.Console on a terminal that was found to be one: it is not left to find out by itself.</summary>
internal static class Ansi
{
    public static IAnsiConsole On(TextWriter writer, int width)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.EightBit,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }
}
