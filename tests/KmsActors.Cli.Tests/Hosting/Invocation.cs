using System.Text;
using System.Text.Json;

namespace KmsActors.Cli.Tests;

/// <summary>The program's own entry point, within this process and on streams of ours.</summary>
internal sealed record Invocation
{
    public byte[] Input { get; init; } = [];

    public Dictionary<string, string> Environment { get; init; } = [];

    public bool IsTerminal { get; init; }

    public int Width { get; init; } = 200;

    /// <summary>What is typed, if somebody is there to type.</summary>
    public string Typed { get; init; } = "";

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public CancellationToken Cancellation { get; init; }

    public async Task<Run> RunAsync(params string[] arguments)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        var typed = new Queue<char>(Typed);
        var shell = new Shell
        {
            Input = new MemoryStream(Input),
            Output = output,
            Error = TextWriter.Synchronized(error),
            Variable = name => Environment.GetValueOrDefault(name),
            ReadKey = () => Key(typed.Dequeue()),
            StopEcho = () => { },
            Time = Time,
            IsInputTerminal = IsTerminal,
            IsOutputTerminal = IsTerminal,
            IsErrorTerminal = IsTerminal,
            Width = Width,
        };
        var exitCode = await Kmsctl.RunAsync(arguments, shell, Cancellation);
        return new Run(exitCode, output.ToArray(), error.ToString());
    }

    private static ConsoleKeyInfo Key(char typed) => typed switch
    {
        '\n' => new(typed, ConsoleKey.Enter, false, false, false),
        '\b' => new(typed, ConsoleKey.Backspace, false, false, false),
        '\u0003' => new(typed, ConsoleKey.C, false, false, true),
        _ => new(typed, ConsoleKey.None, false, false, false),
    };
}

/// <summary>How a command ended, and what it said.</summary>
internal sealed record Run(int ExitCode, byte[] Bytes, string Error)
{
    public string Out => Encoding.UTF8.GetString(Bytes);

    /// <summary>The lines of the output.</summary>
    public string[] Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The one JSON document that the output is.</summary>
    public JsonElement Json => JsonDocument.Parse(Bytes).RootElement;

    /// <summary>A member of the document, by a path of names.</summary>
    public string this[string path] => path.Split('.').Aggregate(Json, (at, name) => at.GetProperty(name)).ToString();

    public Run AssertDone()
    {
        Assert.True(ExitCode == 0, $"{ExitCode}: {Error}");
        return this;
    }

    /// <summary>It failed, said so, and gave out nothing.</summary>
    public Run AssertFailed(int exitCode, string error)
    {
        Assert.Contains(error, Error, StringComparison.Ordinal);
        Assert.Equal(exitCode, ExitCode);
        Assert.Empty(Bytes);
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        return this;
    }
}
