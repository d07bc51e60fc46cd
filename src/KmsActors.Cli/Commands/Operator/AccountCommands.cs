using System.CommandLine;

namespace KmsActors.Cli;

/// <summary>kmsctl accounts.</summary>
internal static class AccountCommands
{
    private static readonly string[] Columns = ["number", "name", "state", "createdAt", "deletionDate"];

    public static Command Create() => new("accounts", "The tenants' accounts")
    {
        New(),
        List(),
        Show(),
        Rename(),
        Change("suspend", "Refuses all calls of an account"),
        Change("resume", "Serves a suspended account again"),
        DeleteAccountCommand.Create(),
        Change("cancel-deletion", "Keeps an account that was to be deleted; it stays suspended"),
    };

    /// <summary>Where an account is.</summary>
    public static string PathOf(string account) => AdminClient.Account(account);

    private static Command New()
    {
        var number = new Argument<string?>("NUMBER")
        {
            Description = "1 to 32 letters, digits and hyphens (default: made by the service)",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var name = Options.Text("--name", "NAME", "For people");
        var count = Options.Count();
        var command = new Command("create", "Makes an account, or many") { number, name, count };
        command.Validators.Add(result =>
        {
            if (result.GetResult(number) is { Tokens.Count: > 0 } && result.GetResult(count) is not null)
                result.AddError("A number is of one account: NUMBER and --count do not go together.");
        });
        return command.Runs(async call =>
        {
            var many = call.Get(count);
            if (many is null)
            {
                call.Output.Item(await MakeAsync(call, call.Get(number), call.Get(name)));
                return;
            }

            await Bulk.MakeAsync(
                call,
                "accounts",
                many.Value,
                _ => MakeAsync(call, null, call.Get(name)),
                accounts => call.Output.List(accounts, Columns[..^1]));
        });
    }

    private static Task<System.Text.Json.JsonElement> MakeAsync(Call call, string? number, string? name) =>
        call.Admin.PostAsync("accounts", json =>
        {
            if (number is not null) json.WriteString("number", number);
            if (name is not null) json.WriteString("name", name);
        });

    private static Command List()
    {
        var limit = Options.Limit();
        return new Command("list", "Lists accounts") { limit }.Runs(async call =>
            call.Output.List(await call.Admin.ListAsync("accounts", call.Get(limit)), Columns));
    }

    private static Command Show()
    {
        var account = Options.Account();
        return new Command("show", "Shows an account") { account }.Runs(async call =>
            call.Output.Item(await call.Admin.GetAsync(PathOf(call.Get(account)))));
    }

    private static Command Rename()
    {
        var account = Options.Account();
        var name = Options.Name("NAME", "For people");
        return new Command("rename", "Gives an account another name") { account, name }.Runs(async call =>
            call.Output.Item(await call.Admin.PatchAsync(
                PathOf(call.Get(account)), json => json.WriteString("name", call.Get(name)))));
    }

    private static Command Change(string verb, string description)
    {
        var account = Options.Account();
        return new Command(verb, description) { account }.Runs(async call =>
            call.Output.Item(await call.Admin.PostAsync($"{PathOf(call.Get(account))}/{verb}")));
    }
}
