using System.CommandLine;

namespace KmsActors.Cli;

/// <summary>kmsctl tags.</summary>
internal static class TagCommands
{
    public static Command Create() => new("tags", "Tags of keys") { List(), Set(), Remove() };

    private static Command List()
    {
        var key = Options.Key();
        return new Command("list", "Lists a key's tags") { key }.Runs(async call =>
        {
            var answer = await call.Tenant.CallAsync("ListResourceTags", ("KeyId", call.Get(key)));
            call.Output.List([.. answer.Member("Tags").Items("Tag")], "TagKey", "TagValue");
        });
    }

    private static Command Set()
    {
        var key = Options.Key();
        var tags = new Argument<string[]>("NAME=VALUE") { Arity = ArgumentArity.OneOrMore };
        return new Command("set", "Gives a key tags, or other values to those it has") { key, tags }.Runs(
            async call => call.Output.Done(
                await call.Tenant.CallAsync(
                    "TagResource", ("KeyId", call.Get(key)), ("Tags", CreateKeyCommand.TagsOf(call.Get(tags)))),
                "It has them."));
    }

    private static Command Remove()
    {
        var key = Options.Key();
        var names = new Argument<string[]>("NAME") { Arity = ArgumentArity.OneOrMore };
        return new Command("remove", "Takes tags from a key") { key, names }.Runs(async call =>
        {
            var tagKeys = JsonText.Of(json =>
            {
                json.WriteStartArray();
                foreach (var name in call.Get(names)) json.WriteStringValue(name);
                json.WriteEndArray();
            });
            call.Output.Done(
                await call.Tenant.CallAsync("UntagResource", ("KeyId", call.Get(key)), ("TagKeys", tagKeys)),
                "They are gone.");
        });
    }
}
