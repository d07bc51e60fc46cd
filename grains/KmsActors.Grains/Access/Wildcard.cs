namespace KmsActors.Grains;

/// <summary>
/// Patterns of policies: <c>*</c> stands for any text, nothing included; letters of either case are one.
/// </summary>
internal static class Wildcard
{
    private const char Any = '*';

    /// <summary>Whether the pattern matches whatever text there is.</summary>
    public static bool MatchesAll(string pattern) => pattern.Length > 0 && !pattern.AsSpan().ContainsAnyExcept(Any);

    /// <summary>
    /// Whether the pattern matches all of the text. A text may be a pattern too: what matches it, taken as a text,
    /// matches everything that it matches.
    /// </summary>
    public static bool Matches(string pattern, string text)
    {
        var (at, from) = (0, 0);
        // Where to go on when what follows the last '*' turns out not to match: that '*' takes one more.
        var (star, taken) = (-1, 0);
        while (from < text.Length)
        {
            if (at < pattern.Length && pattern[at] == Any)
            {
                (star, taken) = (at++, from);
            }
            else if (at < pattern.Length && IsSame(pattern[at], text[from]))
            {
                at++;
                from++;
            }
            else if (star >= 0)
            {
                (at, from) = (star + 1, ++taken);
            }
            else
            {
                return false;
            }
        }

        while (at < pattern.Length && pattern[at] == Any) at++;
        return at == pattern.Length;
    }

    // Only ASCII has letters of two cases here: see AccessRules.
    private static bool IsSame(char one, char other) => char.ToLowerInvariant(one) == char.ToLowerInvariant(other);
}
