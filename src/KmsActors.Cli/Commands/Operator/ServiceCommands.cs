using System.CommandLine;
using System.Text.Json;

namespace KmsActors.Cli;

/// <summary>kmsctl status and default-keys.</summary>
internal static class ServiceCommands
{
    public static Command Status() => new Command("status", "Shows what the service says of itself").Runs(async call =>
    {
        var answer = await call.Admin.GetAsync("service");
        call.Output.Rows(answer, ["name", "value"], call.Output.IsJson ? [] : RowsOf(answer));
    });

    private static IEnumerable<string[]> RowsOf(JsonElement service)
    {
        var limits = service.Member("limits");
        return
        [
            ["region", service.Shown("region")],
            ["version", service.Shown("version")],
            ["defaultKeyServices", service.Shown("defaultKeyServices")],
            .. limits.Member("rates").EnumerateObject()
                .Append(limits.EnumerateObject().Single(limit => limit.Name == "keyRate"))
                .Select(rate => new[] { rate.Name, LimitCommands.PerSecond(rate.Value) }),
            .. limits.Member("quotas").EnumerateObject().Select(quota => new[] { quota.Name, quota.Value.Shown() }),
            .. service.TryGetProperty("restored", out var restored)
                ? restored.EnumerateObject().Select(each => new[] { $"restored.{each.Name}", each.Value.Shown() })
                : [],
        ];
    }

    public static Command DefaultKeys()
    {
        var account = Options.Account();
        var service = Options.Name("SERVICE", "One of the services that status lists");
        return new("default-keys", "The keys that the operator's services encrypt an account's data with")
        {
            new Command("create", "Makes an account's default key of a service") { account, service }.Runs(
                async call => call.Output.Item(await call.Admin.PutAsync(
                    AdminClient.Account(call.Get(account), "default-keys", call.Get(service))))),
        };
    }
}
