using System.Buffers;

namespace KmsActors.Protocols.Huawei;

/// <summary>The two kinds of ids in requests, both 36 characters in the form of a UUID.</summary>
internal static class IdText
{
    private const int Length = 36;

    private static readonly SearchValues<char> Lower = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> Any =
        SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>
    /// Whether it has the form of a key id, in whose pattern most chapters allow all letters; that of
    /// create-datakey stops at f, and so do the ids that are made here.
    /// </summary>
    public static bool IsKeyId(string text) => HasForm(text, Lower);

    /// <summary>Whether it has the form of a sequence; the document gives its length and an example.</summary>
    public static bool IsSequence(string text) => HasForm(text, Any);

    private static bool HasForm(ReadOnlySpan<char> text, SearchValues<char> allowed)
    {
        if (text.Length != Length) return false;
        for (var i = 0; i < Length; i++)
        {
            var isGood = i is 8 or 13 or 18 or 23 ? text[i] == '-' : allowed.Contains(text[i]);
            if (!isGood) return false;
        }

        return true;
    }
}
