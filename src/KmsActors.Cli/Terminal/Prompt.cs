namespace KmsActors.Cli;

/// <summary>Questions to the person at the terminal.</summary>
internal static class Prompt
{
    private const int Longest = 256;

    /// <summary>A line typed without echo; to be cleared by whoever gets it.</summary>
    public static char[] Hidden(Shell shell, string question) => ReadLine(shell, question, echo: false);

    /// <summary>Whether the answer is "yes".</summary>
    public static bool Confirm(Shell shell, string question) =>
        ReadLine(shell, $"{question} Type yes: ", echo: true).AsSpan().Trim().SequenceEqual("yes");

    private static char[] ReadLine(Shell shell, string question, bool echo)
    {
        shell.StopEcho();
        shell.Error.Write(question);
        Span<char> line = stackalloc char[Longest];
        var length = 0;
        while (true)
        {
            var key = shell.ReadKey();
            if (key is { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control } or { KeyChar: '\u0003' })
            {
                shell.Error.WriteLine();
                throw new OperationCanceledException();
            }

            if (key.Key == ConsoleKey.Enter || key.KeyChar is '\r' or '\n') break;
            if (key.Key == ConsoleKey.Backspace)
            {
                if (length == 0) continue;
                length--;
                if (echo) shell.Error.Write("\b \b");
            }
            else if (!char.IsControl(key.KeyChar) && length < Longest)
            {
                line[length++] = key.KeyChar;
                if (echo) shell.Error.Write(key.KeyChar);
            }
        }

        shell.Error.WriteLine();
        var read = line[..length].ToArray();
        line.Clear();
        return read;
    }
}
