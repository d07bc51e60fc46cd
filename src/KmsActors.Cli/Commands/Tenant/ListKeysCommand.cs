using System.CommandLine;
using System.Text.Json;

namespace KmsActors.Cli;

/// <summary>kmsctl keys list.</summary>
internal static class ListKeysCommand
{
    private static readonly string[] Specs =
        ["Aliyun_AES_256", "Aliyun_SM4", "RSA_2048", "RSA_3072", "EC_P256", "EC_P256K", "EC_SM2"];

    public static Command Create()
    {
        var state = Options.Choice(
            "--state", "Only keys in this state", "Enabled", "Disabled", "PendingDeletion", "PendingImport");
        var spec = Spec();
        var usage = Usage();
        var protection = Protection();
        var limit = Options.Limit();
        var details = Options.Flag("--details", "Describe each key, by a call for each");
        return new Command("list", "Lists keys") { state, spec, usage, protection, limit, details }.Runs(async call =>
        {
            var filters = FiltersOf(
                ("KeyState", call.Get(state)),
                ("KeySpec", call.Get(spec)),
                ("KeyUsage", CreateKeyCommand.UsageOf(call.Get(usage))),
                ("ProtectionLevel", call.Get(protection)));
            var keys = await call.Tenant.ListAsync("ListKeys", "Keys", "Key", call.Get(limit), ("Filters", filters));
            if (!call.Get(details))
            {
                call.Output.List(keys, "KeyId");
                return;
            }

            var described = await Bulk.RunAsync(call, "keys", keys.Count, async index =>
            {
                var answer = await call.Tenant.CallAsync("DescribeKey", ("KeyId", keys[index].Required("KeyId")));
                return answer.Member("KeyMetadata");
            });
            described.Failure?.Throw();
            call.Output.List(
                described.Results, "KeyId", "KeySpec", "KeyUsage", "KeyState", "CreationDate", "Description");
        });
    }

    /// <summary>--spec.</summary>
    public static Option<string?> Spec() =>
        Options.Choice("--spec", "The kind of key", Specs);

    /// <summary>--usage.</summary>
    public static Option<string?> Usage() =>
        Options.Choice("--usage", "What the key is for", CreateKeyCommand.UsageWords);

    /// <summary>--protection.</summary>
    public static Option<string?> Protection() =>
        Options.Choice("--protection", "What keeps the key", "SOFTWARE", "HSM");

    private static string? FiltersOf(params (string Key, string? Value)[] filters) =>
        filters.All(filter => filter.Value is null)
            ? null
            : JsonText.Of(json =>
            {
                json.WriteStartArray();
                foreach (var (key, value) in filters.Where(filter => filter.Value is not null))
                {
                    json.WriteStartObject();
                    json.WriteString("Key", key);
                    json.WriteStartArray("Values");
                    json.WriteStringValue(value);
                    json.WriteEndArray();
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            });
}
