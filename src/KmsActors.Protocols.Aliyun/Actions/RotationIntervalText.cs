using System.Globalization;
using KmsActors.Grains;

namespace KmsActors.Protocols.Aliyun;

/// <summary>
/// How long from one rotation to the next: a whole number of days, hours, minutes or seconds, as in
/// <c>7d</c> or <c>604800s</c>; 7 to 730 days (dialects, section 5).
/// </summary>
internal static class RotationIntervalText
{
    /// <summary>The most characters.</summary>
    public const int Longest = 16;

    /// <summary>The interval, or null for whatever is none or out of bounds.</summary>
    public static TimeSpan? Parse(string text)
    {
        if (text.Length == 0 || UnitOf(text[^1]) is not { } unit || !text[..^1].All(char.IsAsciiDigit)) return null;
        if (!int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return null;
        return count >= CmkGrain.LeastRotationInterval / unit && count <= CmkGrain.MostRotationInterval / unit
            ? count * unit
            : null;
    }

    /// <summary>As answers write it: in seconds.</summary>
    public static string Of(TimeSpan interval) =>
        string.Create(CultureInfo.InvariantCulture, $"{interval / TimeSpan.FromSeconds(1):0}s");

    private static TimeSpan? UnitOf(char letter) => letter switch
    {
        'd' => TimeSpan.FromDays(1),
        'h' => TimeSpan.FromHours(1),
        'm' => TimeSpan.FromMinutes(1),
        's' => TimeSpan.FromSeconds(1),
        _ => null,
    };
}
