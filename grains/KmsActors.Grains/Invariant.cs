using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace KmsActors.Grains;

/// <summary>
/// Checks of what must be true if this program is right; on in release builds. A caller's mistake is a
/// <see cref="Refusal"/> instead.
/// </summary>
public static class Invariant
{
    /// <summary>Aborts the turn when <paramref name="condition"/> is false.</summary>
    /// <exception cref="InvariantException">The condition is false.</exception>
    public static void That(
        [DoesNotReturnIf(false)] bool condition,
        string because,
        [CallerArgumentExpression(nameof(condition))] string? expression = null)
    {
        if (!condition) throw new InvariantException($"{because} ({expression})");
    }
}

/// <summary>This program contradicted itself. Never carries a secret.</summary>
public sealed class InvariantException : Exception
{
    /// <summary>With the rule that was broken.</summary>
    public InvariantException(string message) : base(message)
    {
    }

    /// <summary>Without a message.</summary>
    public InvariantException()
    {
    }

    /// <summary>With the rule that was broken and what broke it.</summary>
    public InvariantException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
