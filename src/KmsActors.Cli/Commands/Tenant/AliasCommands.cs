using System.CommandLine;

namespace KmsActors.Cli;

/// <summary>kmsctl aliases.</summary>
internal static class AliasCommands
{
    private const string Prefix = "alias/";

    public static Command Create() => new("aliases", "Names of keys")
    {
        List(),
        Change("create", "Gives a key a name", "CreateAlias", "It is there."),
        Change("update", "Gives a name to another key", "UpdateAlias", "It names the other key."),
        Delete(),
    };

    /// <summary>The name as the protocol has it, with or without its beginning.</summary>
    public static string NameOf(string text) =>
        text.StartsWith(Prefix, StringComparison.Ordinal) ? text : Prefix + text;

    private static Command List()
    {
        var key = Options.Text("--key", "KEY-ID", "Of this key only");
        var limit = Options.Limit();
        return new Command("list", "Lists names and their keys") { key, limit }.Runs(async call =>
        {
            var keyId = call.Get(key);
            var action = keyId is null ? "ListAliases" : "ListAliasesByKeyId";
            call.Output.List(
                await call.Tenant.ListAsync(action, "Aliases", "Alias", call.Get(limit), ("KeyId", keyId)),
                "AliasName",
                "KeyId");
        });
    }

    private static Command Change(string verb, string description, string action, string done)
    {
        var name = Name();
        var key = Options.Key();
        return new Command(verb, description) { name, key }.Runs(async call =>
        {
            var alias = NameOf(call.Get(name));
            var answer = await call.Tenant.CallAsync(action, ("AliasName", alias), ("KeyId", call.Get(key)));
            call.Output.Done(answer, done);
        });
    }

    private static Command Delete()
    {
        var name = Name();
        return new Command("delete", "Takes a name away; its key stays") { name }.Runs(async call => call.Output.Done(
            await call.Tenant.CallAsync("DeleteAlias", ("AliasName", NameOf(call.Get(name)))), "It is gone."));
    }

    private static Argument<string> Name() => Options.Name("ALIAS", "The name, with or without alias/");
}
