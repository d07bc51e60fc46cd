namespace KmsActors.Server;

/// <summary>Why a copy cannot be the database.</summary>
internal enum CopyFault
{
    /// <summary>It is not what its sender has read.</summary>
    Hash,

    /// <summary>It is no whole database of ours; the message says what it is.</summary>
    Content,

    /// <summary>It is of a newer program; the message says it.</summary>
    Newer,
}

/// <summary>A copy cannot be the database.</summary>
internal sealed class CopyException : Exception
{
    public CopyException(CopyFault fault, string message = "", Exception? innerException = null)
        : base(message, innerException) => Fault = fault;

    public CopyException(string message, Exception innerException)
        : this(CopyFault.Content, message, innerException)
    {
    }

    public CopyException(string message) : this(CopyFault.Content, message)
    {
    }

    public CopyException() : this(CopyFault.Content)
    {
    }

    /// <summary>Why.</summary>
    public CopyFault Fault { get; }
}
