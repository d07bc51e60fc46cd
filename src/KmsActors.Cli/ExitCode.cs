namespace KmsActors.Cli;

/// <summary>How a command ended, for scripts.</summary>
internal static class ExitCode
{
    /// <summary>What was asked for is done.</summary>
    public const int Done = 0;

    /// <summary>The service refused, or a signature is not good.</summary>
    public const int Refused = 1;

    /// <summary>The command line is wrong, or a file of its cannot be used.</summary>
    public const int Usage = 2;

    /// <summary>The service cannot be reached, or failed itself.</summary>
    public const int Unreachable = 3;

    /// <summary>The token or access key is refused, or may not do this.</summary>
    public const int Credential = 4;

    /// <summary>Throttled, after having waited and tried again.</summary>
    public const int Throttled = 5;

    /// <summary>Ended by Ctrl-C, or for want of a yes.</summary>
    public const int Cancelled = 130;

    /// <summary>The same for --help.</summary>
    public const string Help =
        """
        Exit codes:
          0    done
          1    refused by the service (its code, message and request id are on stderr), or a signature is not good
          2    wrong usage, or a file that cannot be read or written
          3    the service cannot be reached, or answered 5xx
          4    the credential is refused, or may not do this
          5    throttled, after having waited and tried again
          130  ended by Ctrl-C, or for want of a yes
        """;
}

/// <summary>A command cannot go on; the message says why to the person who typed it.</summary>
internal sealed class CliException : Exception
{
    public CliException(int exitCode, string message, Exception? innerException = null)
        : base(message, innerException) => Code = exitCode;

    public CliException(string message, Exception? innerException) : this(ExitCode.Usage, message, innerException)
    {
    }

    public CliException(string message) : this(ExitCode.Usage, message)
    {
    }

    public CliException() : this("")
    {
    }

    /// <summary>One of <see cref="ExitCode"/>.</summary>
    public int Code { get; }

    /// <summary>The HTTP status of the service's refusal, or 0.</summary>
    public int Status { get; init; }
}
