using System.CommandLine;

namespace KmsActors.Cli;

/// <summary>Making arguments and options, and those that several commands have.</summary>
internal static class Options
{
    /// <summary>A required argument.</summary>
    public static Argument<string> Name(string name, string description) => new(name) { Description = description };

    /// <summary>An option with a text.</summary>
    public static Option<string?> Text(string name, string value, string description) =>
        new(name) { Description = description, HelpName = value };

    /// <summary>An option that is there or not.</summary>
    public static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    /// <summary>An option with texts, one each time.</summary>
    public static Option<string[]> Texts(string name, string value, string description) =>
        new(name) { Description = description + "; repeatable", HelpName = value };

    /// <summary>An option with a whole number.</summary>
    public static Option<int?> Number(string name, string description, int least, int most) =>
        new Option<int?>(name) { Description = description, HelpName = "N" }.Within(least, most);

    /// <summary>An option with one of some words.</summary>
    public static Option<string?> Choice(string name, string description, params string[] words) =>
        new Option<string?>(name) { Description = description }.AcceptOnlyFromAmong(words);

    public static Argument<string> Account() => Name("ACCOUNT", "The account's number");

    public static Argument<string> Key() => Name("KEY", "The key's id; where a key is used, an alias too");

    public static Option<int?> Limit() => Number("--limit", "The most to list (default: all)", 1, int.MaxValue);

    public static Option<int?> Count() => Number("--count", "Make so many", 1, Bulk.Most);

    public static Option<string[]> Context() =>
        Texts("--context", "NAME=VALUE", "A pair of the encryption context");

    public static Option<string?> KeyVersion() =>
        Text("--key-version", "ID", "The key's version (default: its newest)");
}
