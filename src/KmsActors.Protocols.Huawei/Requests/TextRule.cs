using System.Buffers;

namespace KmsActors.Protocols.Huawei;

/// <summary>What a text may be: how many Unicode characters, and which.</summary>
/// <param name="Least">The fewest characters.</param>
/// <param name="Most">The most characters.</param>
internal readonly record struct TextRule(int Least, int Most)
{
    /// <summary>All its characters are among these, if these are given.</summary>
    public SearchValues<char>? Only { get; init; }

    /// <summary>None of its characters is among these, if these are given.</summary>
    public SearchValues<char>? Never { get; init; }

    /// <summary>Whether the rule allows the text.</summary>
    public bool Allows(string text)
    {
        // A character is one or two of what a string counts, so most texts need no counting.
        if (text.Length < Least || text.Length > 2L * Most) return false;
        if (Only is not null && text.AsSpan().ContainsAnyExcept(Only)) return false;
        if (Never is not null && text.AsSpan().ContainsAny(Never)) return false;
        var characters = text.EnumerateRunes().Count();
        return characters >= Least && characters <= Most;
    }
}

/// <summary>How long a list may be, and what to answer to one that will not do.</summary>
/// <param name="Most">The most elements.</param>
/// <param name="Malformed">For what is no list, or has elements of another kind.</param>
/// <param name="TooMany">For a list of more elements.</param>
internal readonly record struct ListRule(int Most, HuaweiError Malformed, HuaweiError TooMany);
