namespace KmsActors.Hsa.Pkcs11;

/// <summary>Which token, and how much of it.</summary>
public sealed record TokenOptions
{
    /// <summary>The fewest key objects that may be open at once: each call under way needs one.</summary>
    public const int FewestOpenKeys = 64;

    /// <summary>The path of the Cryptoki library.</summary>
    public required string Library { get; init; }

    /// <summary>The token's label, 1 to 32 bytes; no other token may have it.</summary>
    public required string Label { get; init; }

    /// <summary>
    /// Whose keys in it are meant: a part of their labels, so that several services may have theirs in one token.
    /// </summary>
    public string Service { get; init; } = "";

    /// <summary>
    /// How many keys may be open in the token at once, <see cref="FewestOpenKeys"/> or more; besides them there is an
    /// object or two for each call under way.
    /// </summary>
    public int MostOpenKeys { get; init; } = 10_000;
}

/// <summary>The token cannot be opened; the message says why to the person who configured it.</summary>
public sealed class TokenException : Exception
{
    /// <summary>With the reason; no secrets.</summary>
    public TokenException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="TokenException(string)"/>
    public TokenException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Without a word.</summary>
    public TokenException()
    {
    }
}
