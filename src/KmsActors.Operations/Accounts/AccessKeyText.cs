using System.Security.Cryptography;

namespace KmsActors.Operations;

/// <summary>The form of access keys: what can be one, and new ones.</summary>
public static class AccessKeyText
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int LongestId = 128;
    private const int ShortestSecret = 8;
    private const int LongestSecret = 128;

    /// <summary>A new random id.</summary>
    public static string NewId() => "LTAI" + RandomNumberGenerator.GetString(Letters, 20);

    /// <summary>A new random secret.</summary>
    public static string NewSecret() => RandomNumberGenerator.GetString(Letters, 40);

    /// <summary>Whether a text can be an id: 1 to 128 ASCII letters, digits, <c>-_.</c></summary>
    public static bool IsId(string? text) =>
        text?.Length is >= 1 and <= LongestId && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    /// <summary>Whether a text can be a secret: 8 to 128 printable ASCII characters without spaces.</summary>
    public static bool IsSecret(string? text) =>
        text?.Length is >= ShortestSecret and <= LongestSecret && text.All(c => c is >= '!' and <= '~');
}
