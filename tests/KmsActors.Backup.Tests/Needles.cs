using System.Buffers;
using System.Text;

namespace KmsActors.Backup.Tests;

/// <summary>Looks for known bytes in others, in every way in which they are likely to be written.</summary>
internal sealed class Needles
{
    private readonly Dictionary<string, List<byte[]>> _ofNames = [];

    private SearchValues<string>? _all;

    /// <summary>Looks for this, too.</summary>
    public void Add(string name, ReadOnlySpan<byte> secret)
    {
        Assert.True(secret.Length >= 12, $"{name} is too short to be there by anything but a leak");
        List<byte[]> once = [secret.ToArray(), .. Texts(secret.ToArray())];
        // PostgreSQL's dumps have bytes in hexadecimal digits, and in them may be JSON with text like the above.
        _all = null;
        _ofNames.Add(name, [.. once, .. once[1..].Select(text => Encoding.ASCII.GetBytes(Convert.ToHexStringLower(text)))]);
    }

    /// <summary>Looks for a text.</summary>
    public void Add(string name, string secret) => Add(name, Encoding.UTF8.GetBytes(secret));

    /// <summary>The names of what is there.</summary>
    public IReadOnlyList<string> In(ReadOnlySpan<byte> hay)
    {
        // All at once first, with each byte as a character: there are hundreds, and mostly none is found.
        _all ??= SearchValues.Create(
            [.. _ofNames.Values.SelectMany(each => each).Select(Encoding.Latin1.GetString)], StringComparison.Ordinal);
        var found = new List<string>();
        if (Encoding.Latin1.GetString(hay).AsSpan().IndexOfAny(_all) < 0) return found;
        foreach (var (name, needles) in _ofNames)
        {
            foreach (var needle in needles)
            {
                if (hay.IndexOf(needle) < 0) continue;
                found.Add(name);
                break;
            }
        }

        return found;
    }

    private static IEnumerable<byte[]> Texts(byte[] secret)
    {
        yield return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(secret));
        yield return Encoding.ASCII.GetBytes(Convert.ToHexString(secret));
        yield return Encoding.Unicode.GetBytes(Encoding.Latin1.GetString(secret));
        for (var before = 0; before < 3; before++)
        {
            // In the midst of other bytes it begins at any of three places; what it shares a digit with is left out.
            var text = Convert.ToBase64String([.. new byte[before], .. secret]);
            var from = before == 0 ? 0 : before + 1;
            var to = text.TrimEnd('=').Length - ((before + secret.Length) % 3 == 0 ? 0 : 1);
            var core = text[from..to];
            yield return Encoding.ASCII.GetBytes(core);
            yield return Encoding.ASCII.GetBytes(core.Replace('+', '-').Replace('/', '_'));
            yield return Encoding.ASCII.GetBytes(Uri.EscapeDataString(core));
            yield return Encoding.ASCII.GetBytes(core.Replace("+", "\\u002B", StringComparison.Ordinal));
        }
    }
}
