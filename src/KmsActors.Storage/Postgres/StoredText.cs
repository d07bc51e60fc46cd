using System.Buffers;
using System.Text;
using KmsActors.Grains;

namespace KmsActors.Storage.Postgres;

/// <summary>
/// Text as it is stored. PostgreSQL's cannot have U+0000, which a caller's may. So that and the three characters
/// after it are written as U+0001 and two more, each U+0002 or U+0003. These two stand nowhere else and nothing else
/// begins with U+0001: stored text has the order of the text it stands for, and has a part exactly when that does.
/// </summary>
internal static class StoredText
{
    private const char Escape = '\u0001';

    private static readonly SearchValues<char> s_escaped = SearchValues.Create("\0\u0001\u0002\u0003");

    /// <summary>How the text is stored; nearly always as it is.</summary>
    /// <exception cref="InvariantException">It has half a surrogate pair, so that UTF-8 cannot have it.</exception>
    public static string Of(string text)
    {
        if (text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')) CheckPairs(text);
        if (!text.AsSpan().ContainsAny(s_escaped)) return text;
        var stored = new StringBuilder();
        foreach (var c in text)
        {
            if (c > '\u0003') stored.Append(c);
            else stored.Append(Escape).Append((char)(2 + (c >> 1))).Append((char)(2 + (c & 1)));
        }

        return stored.ToString();
    }

    /// <summary>The text that is stored so.</summary>
    public static string Read(string stored)
    {
        if (!stored.Contains(Escape, StringComparison.Ordinal)) return stored;
        var text = new StringBuilder();
        for (var i = 0; i < stored.Length; i++)
        {
            if (stored[i] != Escape)
            {
                text.Append(stored[i]);
                continue;
            }

            text.Append((char)(((stored[i + 1] - 2) << 1) | (stored[i + 2] - 2)));
            i += 2;
        }

        return text.ToString();
    }

    /// <summary>By code points, which is the order of UTF-8 bytes: the server's.</summary>
    public static int Compare(string left, string right)
    {
        var same = left.AsSpan().CommonPrefixLength(right);
        if (same == left.Length || same == right.Length) return left.Length - right.Length;
        // Surrogates stand for code points past U+FFFF.
        var (l, r) = (left[same], right[same]);
        return char.IsSurrogate(l) == char.IsSurrogate(r) ? l - r : char.IsSurrogate(l) ? 1 : -1;
    }

    private static void CheckPairs(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            Invariant.That(char.IsSurrogatePair(text, i), "stored text is Unicode");
            i++;
        }
    }
}
