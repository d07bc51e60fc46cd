using System.CommandLine;
using System.Globalization;

namespace KmsActors.Simulator;

/// <summary>
/// The options of a command that say which fleet to run: a file, and what is to be different from it. Without a file,
/// from the defaults.
/// </summary>
internal sealed class FleetArguments
{
    private readonly Option<string?> _file = new("--fleet") { Description = "A file that describes the fleet" };
    private readonly Option<int?> _days = new("--days") { Description = "How many days: 1 to 3660" };
    private readonly Option<int?> _tenants = new("--tenants") { Description = "Accounts: 1 to 100000" };
    private readonly Option<int?> _keys = new("--keys") { Description = "Keys over all the time: 1 to 1000000" };
    private readonly Option<int?> _nodes = new("--nodes") { Description = "Nodes: 1 to 9" };
    private readonly Option<ulong?> _seed = new("--seed") { Description = "Fixes all chance" };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_file, _days, _tenants, _keys, _nodes, _seed]) command.Add(option);
    }

    /// <summary>Whether a fleet is asked for at all.</summary>
    public bool AreGiven(ParseResult line) =>
        line.GetValue(_file) is not null
        || Array.Exists([_days, _tenants, _keys], option => line.GetValue(option) is not null);

    /// <summary>The seed, if one is named.</summary>
    public ulong? SeedOf(ParseResult line) => line.GetValue(_seed);

    /// <summary>The fleet that is asked for.</summary>
    /// <exception cref="FleetException">There is none such: all that is wrong.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public FleetDescription Read(ParseResult line)
    {
        var fleet = line.GetValue(_file) is { } path ? FleetReader.ReadFile(path) : new FleetDescription();
        return FleetRules.Check(fleet with
        {
            Days = line.GetValue(_days) ?? fleet.Days,
            Tenants = line.GetValue(_tenants) ?? fleet.Tenants,
            Keys = line.GetValue(_keys) ?? fleet.Keys,
            Nodes = line.GetValue(_nodes) ?? fleet.Nodes,
            Seed = line.GetValue(_seed) ?? fleet.Seed,
        });
    }

    /// <summary>The same options for a shell, and always the seed: what runs that fleet again.</summary>
    public string Again(ParseResult line, FleetDescription fleet)
    {
        var words = new List<string>();
        if (line.GetValue(_file) is { } path) words.AddRange([_file.Name, Quoted(path)]);
        foreach (var option in (Option<int?>[])[_days, _tenants, _keys, _nodes])
        {
            if (line.GetValue(option) is { } number)
                words.AddRange([option.Name, number.ToString(CultureInfo.InvariantCulture)]);
        }

        words.AddRange([_seed.Name, fleet.Seed.ToString(CultureInfo.InvariantCulture)]);
        return string.Join(' ', words);
    }

    private static string Quoted(string word) =>
        word.All(letter => char.IsAsciiLetterOrDigit(letter) || "/._-".Contains(letter, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
