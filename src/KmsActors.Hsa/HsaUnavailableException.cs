namespace KmsActors.Hsa;

/// <summary>
/// The hardware module cannot do it now: it is away, or full. Nothing has changed, and later it may be able to.
/// </summary>
public sealed class HsaUnavailableException : Exception
{
    /// <summary>With what shows it; no secrets.</summary>
    public HsaUnavailableException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="HsaUnavailableException(string)"/>
    public HsaUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Without a word.</summary>
    public HsaUnavailableException()
    {
    }
}
