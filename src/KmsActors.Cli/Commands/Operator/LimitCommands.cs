using System.CommandLine;
using System.Text.Json;

namespace KmsActors.Cli;

/// <summary>kmsctl limits.</summary>
internal static class LimitCommands
{
    private static readonly (string Option, string Member, string Description)[] Quotas =
    [
        ("--keys", "keys", "Keys"),
        ("--aliases", "aliases", "Names of keys"),
        ("--tags-per-key", "tagsPerKey", "Tags of one key"),
        ("--import-tokens", "importTokens", "Import tokens"),
        ("--users", "users", "Users"),
        ("--groups", "groups", "Groups"),
        ("--tokens", "tokens", "Users' tokens"),
    ];

    private static readonly (string Option, string Member, string Description)[] Rates =
    [
        ("--management", "management", "Calls that manage keys"),
        ("--symmetric", "symmetric", "Calls that use symmetric keys"),
        ("--asymmetric", "asymmetric", "Calls that use key pairs"),
    ];

    public static Command Create() => new("limits", "How much an account may have, and how often call")
    {
        Show(),
        Set(),
        SetKey(),
        ClearKey(),
    };

    private static string PathOf(string account) => AdminClient.Account(account, "limits");

    private static Command Show()
    {
        var account = Options.Account();
        var key = Options.Text("--key", "KEY-ID", "Of this key instead");
        var project = Project();
        return new Command("show", "Shows an account's limits, or those of a key") { account, key, project }.Runs(
            async call =>
            {
                if (call.Get(key) is { } id)
                    call.Output.Item(await call.Admin.GetAsync(PathOf(call.Get(account), id, call.Get(project))));
                else
                    Write(call, await call.Admin.GetAsync(PathOf(call.Get(account))));
            });
    }

    private static Command Set()
    {
        var account = Options.Account();
        var quotas = Quotas.Select(quota => (quota.Member, Option: new Option<string?>(quota.Option)
        {
            Description = $"{quota.Description}: a number, or default",
            HelpName = "N|default",
        })).ToArray();
        var rates = Rates.Select(rate => (rate.Member, Option: new Option<string?>(rate.Option)
        {
            Description = $"{rate.Description}: per second, and at once after a pause",
            HelpName = "N[:BURST]|none|default",
        })).ToArray();
        var command = new Command("set", "Sets an account's limits; those not named stay") { account };
        var all = quotas.Concat(rates).Select(each => each.Option).ToArray();
        foreach (var option in all) command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (all.All(option => result.GetResult(option) is null)) result.AddError("Which limit?");
        });
        return command.Runs(async call => Write(call, await call.Admin.PatchAsync(PathOf(call.Get(account)), json =>
        {
            Write(json, "rates", rates.Select(rate => (rate.Member, call.Get(rate.Option))), WriteRate);
            Write(json, "quotas", quotas.Select(quota => (quota.Member, call.Get(quota.Option))), WriteQuota);
        })));
    }

    private static Command SetKey()
    {
        var account = Options.Account();
        var key = Options.Key();
        var rate = Options.Name("RATE", "Uses a second, as N[:BURST]; or none");
        var project = Project();
        return new Command("set-key", "Sets how often a key may be used") { account, key, rate, project }.Runs(
            async call => call.Output.Item(await call.Admin.PutAsync(
                PathOf(call.Get(account), call.Get(key), call.Get(project)),
                json => WriteMembers(json, call.Get(rate)))));
    }

    private static Command ClearKey()
    {
        var account = Options.Account();
        var key = Options.Key();
        var project = Project();
        return new Command("clear-key", "Gives a key the service's own rate again") { account, key, project }.Runs(
            async call => call.Output.Done(
                await call.Admin.DeleteAsync(PathOf(call.Get(account), call.Get(key), call.Get(project))),
                "It has the service's own rate."));
    }

    private static Option<string?> Project() =>
        Options.Text("--project", "ID", "The key's project (default: the account's first)");

    private static string PathOf(string account, string key, string? project) =>
        AdminClient.Account(account, "keys", key, "rate")
        + (project is null ? "" : $"?project={Uri.EscapeDataString(project)}");

    private static void Write(
        Utf8JsonWriter json,
        string name,
        IEnumerable<(string Member, string? Text)> values,
        Action<Utf8JsonWriter, string> write)
    {
        var given = values.Where(value => value.Text is not null).ToArray();
        if (given.Length == 0) return;
        json.WriteStartObject(name);
        foreach (var (member, text) in given)
        {
            json.WritePropertyName(member);
            if (text == "default") json.WriteNullValue();
            else write(json, text!);
        }

        json.WriteEndObject();
    }

    private static void WriteRate(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        WriteMembers(json, text);
        json.WriteEndObject();
    }

    private static void WriteQuota(Utf8JsonWriter json, string text) => json.WriteNumberValue(NumberOf(text));

    // Without a burst it is as many as a second's.
    private static void WriteMembers(Utf8JsonWriter json, string text)
    {
        var parts = text.Split(':', 2);
        json.WriteNumber("perSecond", text == "none" ? 0 : NumberOf(parts[0]));
        if (parts.Length == 2) json.WriteNumber("burst", NumberOf(parts[1]));
    }

    private static int NumberOf(string text) =>
        int.TryParse(text, System.Globalization.NumberStyles.None, null, out var number)
            ? number
            : throw new CliException($"'{text}' is no limit.");

    private static void Write(Call call, JsonElement limits) => call.Output.Rows(
        limits,
        ["limit", "value", "used", "burst", "of"],
        limits.Member("quotas").EnumerateObject()
            .Select(quota => new[]
            {
                quota.Name, quota.Value.Shown("limit"), quota.Value.Shown("used"), "", Owner(quota.Value),
            })
            .Concat(limits.Member("rates").EnumerateObject().Select(rate => new[]
            {
                rate.Name, PerSecond(rate.Value), "", rate.Value.Shown("burst"), Owner(rate.Value),
            })));

    /// <summary>A rate for people.</summary>
    public static string PerSecond(JsonElement rate) =>
        rate.Shown("perSecond") is var number && number == "0" ? "none" : $"{number}/s";

    private static string Owner(JsonElement limit) =>
        limit.Member("isOwn").ValueKind == JsonValueKind.True ? "account" : "service";
}
