using System.CommandLine;
using System.Text.Json;

namespace KmsActors.Cli;

/// <summary>kmsctl keys create.</summary>
internal static class CreateKeyCommand
{
    private static readonly Dictionary<string, string> Usages = new()
    {
        ["encrypt"] = "ENCRYPT/DECRYPT",
        ["sign"] = "SIGN/VERIFY",
    };

    public static Command Create()
    {
        var spec = ListKeysCommand.Spec();
        var usage = ListKeysCommand.Usage();
        var origin = Options.Choice(
            "--origin", "EXTERNAL: its material will be imported", "Aliyun_KMS", "EXTERNAL");
        var protection = ListKeysCommand.Protection();
        var description = Options.Text("--description", "TEXT", "What it is for");
        var alias = Options.Text("--alias", "ALIAS", "A name for it");
        var tags = Options.Texts("--tag", "NAME=VALUE", "A tag");
        var rotation = Options.Text("--rotation-interval", "INTERVAL", "As in 30d");
        var count = Options.Count();
        var command = new Command("create", "Makes a key, or many alike")
        {
            spec, usage, origin, protection, description, alias, tags, rotation, count,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(alias) is not null && result.GetResult(count) is not null)
                result.AddError("An alias names one key: --alias and --count do not go together.");
        });
        return command.Runs(async call =>
        {
            var every = call.Get(rotation);
            (string, string?)[] parameters =
            [
                ("KeySpec", call.Get(spec)),
                ("KeyUsage", UsageOf(call.Get(usage))),
                ("Origin", call.Get(origin)),
                ("ProtectionLevel", call.Get(protection)),
                ("Description", call.Get(description)),
                ("Tags", TagsOf(call.Get(tags))),
                ("EnableAutomaticRotation", every is null ? null : "true"),
                ("RotationInterval", every),
            ];
            if (call.Get(count) is { } number)
                await ManyAsync(call, number, parameters);
            else
                await OneAsync(call, call.Get(alias), parameters);
        });
    }

    /// <summary>The protocol's word for a usage.</summary>
    public static string? UsageOf(string? word) => word is null ? null : Usages[word];

    /// <summary>The words for usages.</summary>
    public static string[] UsageWords => [.. Usages.Keys];

    /// <summary>Tags as the protocol has them; null for none.</summary>
    public static string? TagsOf(IReadOnlyCollection<string> tags) => tags.Count == 0
        ? null
        : JsonText.Of(json =>
        {
            json.WriteStartArray();
            foreach (var (name, value) in tags.Select(tag => tag.ToPair()))
            {
                json.WriteStartObject();
                json.WriteString("TagKey", name);
                json.WriteString("TagValue", value);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });

    private static async Task OneAsync(Call call, string? alias, (string, string?)[] parameters)
    {
        var answer = await call.Tenant.CallAsync("CreateKey", parameters);
        var key = answer.Member("KeyMetadata");
        // The key is there and has to be known, whether or not the alias can be had.
        call.Output.Item(answer, key);
        if (alias is null) return;
        await call.Tenant.CallAsync(
            "CreateAlias", ("AliasName", AliasCommands.NameOf(alias)), ("KeyId", key.Required("KeyId")));
    }

    private static Task ManyAsync(Call call, int count, (string, string?)[] parameters) => Bulk.MakeAsync(
        call,
        "keys",
        count,
        async _ => (await call.Tenant.CallAsync("CreateKey", parameters)).Member("KeyMetadata"),
        keys => call.Output.List(keys, "KeyId", "KeySpec", "KeyUsage", "KeyState"));
}
