using System.CommandLine;

namespace KmsActors.Cli;

/// <summary>kmsctl projects.</summary>
internal static class ProjectCommands
{
    public static Command Create() => new("projects", "The IAM projects of an account")
    {
        List(),
        New(),
        Enable("enable", "Serves calls in a project again", true),
        Enable("disable", "Refuses calls in a project; not in the first", false),
    };

    private static string PathOf(string account) => AdminClient.Account(account, "projects");

    private static Command List()
    {
        var account = Options.Account();
        return new Command("list", "Lists an account's projects") { account }.Runs(async call =>
        {
            var answer = await call.Admin.GetAsync(PathOf(call.Get(account)));
            call.Output.List([.. answer.Items("items")], "id", "name", "isFirst", "enabled", "keys", "createdAt");
        });
    }

    private static Command New()
    {
        var account = Options.Account();
        var name = Options.Name("NAME", "The region, _ and more: cn-hangzhou_billing");
        return new Command("create", "Makes a project") { account, name }.Runs(async call => call.Output.Item(
            await call.Admin.PostAsync(PathOf(call.Get(account)), json => json.WriteString("name", call.Get(name)))));
    }

    private static Command Enable(string verb, string description, bool enabled)
    {
        var account = Options.Account();
        var project = Options.Name("PROJECT", "The project's id");
        return new Command(verb, description) { account, project }.Runs(async call => call.Output.Item(
            await call.Admin.PatchAsync(
                AdminClient.Account(call.Get(account), "projects", call.Get(project)),
                json => json.WriteBoolean("enabled", enabled))));
    }
}
