using System.CommandLine;

namespace KmsActors.Cli;

/// <summary>kmsctl groups.</summary>
internal static class GroupCommands
{
    public static Command Create() => new("groups", "The groups of an account's users")
    {
        List(), New(), Show(), Delete(),
    };

    /// <summary>Where a group is.</summary>
    public static string PathOf(string account, string group) => AdminClient.Account(account, "groups", group);

    private static Argument<string> Group() => Options.Name("GROUP", "The group's name");

    private static Command List()
    {
        var account = Options.Account();
        var limit = Options.Limit();
        return new Command("list", "Lists an account's groups") { account, limit }.Runs(async call => call.Output.List(
            await call.Admin.ListAsync(AdminClient.Account(call.Get(account), "groups"), call.Get(limit)),
            "name", "policies", "createdAt"));
    }

    private static Command New()
    {
        var account = Options.Account();
        var group = Group();
        return new Command("create", "Makes a group") { account, group }.Runs(async call => call.Output.Item(
            await call.Admin.PostAsync(
                AdminClient.Account(call.Get(account), "groups"),
                json => json.WriteString("name", call.Get(group)))));
    }

    private static Command Show()
    {
        var account = Options.Account();
        var group = Group();
        return new Command("show", "Shows a group") { account, group }.Runs(async call =>
            call.Output.Item(await call.Admin.GetAsync(PathOf(call.Get(account), call.Get(group)))));
    }

    private static Command Delete()
    {
        var account = Options.Account();
        var group = Group();
        return new Command("delete", "Deletes a group; its users stay") { account, group }.Runs(async call =>
            call.Output.Done(
                await call.Admin.DeleteAsync(PathOf(call.Get(account), call.Get(group))), "The group is gone."));
    }
}
