using System.CommandLine;
using System.Text;
using System.Text.Json;

namespace KmsActors.Cli;

/// <summary>kmsctl access-keys.</summary>
internal static class AccessKeyCommands
{
    public static Command Create() => new("access-keys", "The access keys of an account and its users")
    {
        List(),
        New(),
        Enable("enable", "Lets an access key sign again", true),
        Enable("disable", "Refuses what an access key signs", false),
        Rotate(),
        Delete(),
    };

    private static string PathOf(string account) => AdminClient.Account(account, "access-keys");

    private static string PathOf(string account, string id) => AdminClient.Account(account, "access-keys", id);

    private static Argument<string> Id() => Options.Name("ID", "The access key's id");

    private static Option<string?> User() =>
        Options.Text("--user", "USER", "Of this user (default: of the account itself)");

    private static Option<string?> Save() => Options.Text(
        "--save",
        "FILE",
        "Write id and secret to this new file, of mode 0600, for --access-key-file; the secret is not shown");

    private static Command List()
    {
        var account = Options.Account();
        var user = User();
        return new Command("list", "Lists access keys, without their secrets") { account, user }.Runs(async call =>
        {
            var query = call.Get(user) is { } name ? $"?user={Uri.EscapeDataString(name)}" : "";
            var answer = await call.Admin.GetAsync(PathOf(call.Get(account)) + query);
            call.Output.List([.. answer.Items("items")], "id", "user", "enabled", "createdAt", "expiresAt");
        });
    }

    private static Command New()
    {
        var account = Options.Account();
        var user = User();
        var id = Options.Text("--id", "ID", "Its id (default: made by the service)");
        var save = Save();
        return new Command("create", "Makes an access key, and shows its secret this once") { account, user, id, save }
            .Runs(call => MakeAsync(call, call.Get(save), PathOf(call.Get(account)), json =>
            {
                if (call.Get(user) is { } name) json.WriteString("user", name);
                if (call.Get(id) is { } chosen) json.WriteString("id", chosen);
            }));
    }

    private static Command Rotate()
    {
        var account = Options.Account();
        var id = Id();
        var overlap = Options.Number(
            "--overlap-seconds", "How long the old one still signs (default: a day)", 0, 2_592_000);
        var save = Save();
        return new Command("rotate", "Makes a new access key of the same holder, and has the old one end")
        {
            account, id, overlap, save,
        }.Runs(call => MakeAsync(call, call.Get(save), $"{PathOf(call.Get(account), call.Get(id))}/rotate", json =>
        {
            if (call.Get(overlap) is { } seconds) json.WriteNumber("overlapSeconds", seconds);
        }));
    }

    private static async Task MakeAsync(Call call, string? path, string where, Action<Utf8JsonWriter> body)
    {
        using var file = SecretFile.Create(path);
        var made = await call.Admin.PostAsync(where, body);
        if (file is not null) Write(file, made);
        call.Output.Item(made, null, file is null ? [] : ["secret"]);
    }

    private static void Write(SecretFile file, JsonElement made)
    {
        var text = JsonText.Of(json =>
        {
            json.WriteStartObject();
            json.WriteString("AccessKeyId", made.Required("id"));
            json.WriteString("AccessKeySecret", made.Required("secret"));
            json.WriteEndObject();
        });
        file.Write(Encoding.UTF8.GetBytes(text));
    }

    private static Command Enable(string verb, string description, bool enabled)
    {
        var account = Options.Account();
        var id = Id();
        return new Command(verb, description) { account, id }.Runs(async call => call.Output.Item(
            await call.Admin.PatchAsync(
                PathOf(call.Get(account), call.Get(id)), json => json.WriteBoolean("enabled", enabled))));
    }

    private static Command Delete()
    {
        var account = Options.Account();
        var id = Id();
        return new Command("delete", "Deletes an access key") { account, id }.Runs(async call => call.Output.Done(
            await call.Admin.DeleteAsync(PathOf(call.Get(account), call.Get(id))), "It is gone."));
    }
}
