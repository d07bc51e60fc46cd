using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace KmsActors.Cli;

/// <summary>kmsctl users.</summary>
internal static class UserCommands
{
    public static Command Create() => new("users", "The users of an account")
    {
        List(),
        New(),
        Show(),
        Enable("enable", "Lets a user in again", true),
        Enable("disable", "Keeps a user out", false),
        SetPassword(),
        Delete(),
        Membership("join", "Puts a user into a group", (admin, path) => admin.PutAsync(path), "Joined."),
        Membership("leave", "Takes a user out of a group", (admin, path) => admin.DeleteAsync(path), "Left."),
    };

    /// <summary>Where a user is.</summary>
    public static string PathOf(string account, string user) => AdminClient.Account(account, "users", user);

    private static Argument<string> User() => Options.Name("USER", "The user's name");

    private static Command List()
    {
        var account = Options.Account();
        var limit = Options.Limit();
        return new Command("list", "Lists an account's users") { account, limit }.Runs(async call => call.Output.List(
            await call.Admin.ListAsync(AdminClient.Account(call.Get(account), "users"), call.Get(limit)),
            "name", "enabled", "hasPassword", "groups", "policies", "accessKeys"));
    }

    private static Command New()
    {
        var account = Options.Account();
        var user = User();
        var password = new PasswordOptions("--password-prompt");
        var command = new Command("create", "Makes a user, without a password unless one is asked for")
        {
            account, user,
        };
        password.AddTo(command);
        return command.Runs(async call =>
        {
            var secret = await password.ReadAsync(call);
            try
            {
                call.Output.Item(await call.Admin.PostAsync(
                    AdminClient.Account(call.Get(account), "users"), json =>
                    {
                        json.WriteString("name", call.Get(user));
                        if (secret is not null) json.WriteString("password", secret);
                    }));
            }
            finally
            {
                Array.Clear(secret ?? []);
            }
        });
    }

    private static Command Show()
    {
        var account = Options.Account();
        var user = User();
        return new Command("show", "Shows a user") { account, user }.Runs(async call =>
            call.Output.Item(await call.Admin.GetAsync(PathOf(call.Get(account), call.Get(user)))));
    }

    private static Command Enable(string verb, string description, bool enabled)
    {
        var account = Options.Account();
        var user = User();
        return new Command(verb, description) { account, user }.Runs(async call => call.Output.Item(
            await call.Admin.PatchAsync(
                PathOf(call.Get(account), call.Get(user)), json => json.WriteBoolean("enabled", enabled))));
    }

    private static Command SetPassword()
    {
        var account = Options.Account();
        var user = User();
        var none = Options.Flag("--none", "Take the password away");
        var password = new PasswordOptions(null);
        var command = new Command("set-password", "Gives a user another password, asked for without echo")
        {
            account, user, none,
        };
        password.AddTo(command);
        return command.Runs(async call =>
        {
            var secret = call.Get(none) ? null : await password.ReadAsync(call);
            try
            {
                var path = PathOf(call.Get(account), call.Get(user)) + "/password";
                var answer = secret is null
                    ? await call.Admin.DeleteAsync(path)
                    : await call.Admin.PutAsync(path, json => json.WriteString("password", secret));
                call.Output.Done(answer, secret is null ? "The user has none." : "The user has another.");
            }
            finally
            {
                Array.Clear(secret ?? []);
            }
        });
    }

    private static Command Delete()
    {
        var account = Options.Account();
        var user = User();
        return new Command("delete", "Deletes a user, with the user's access keys") { account, user }.Runs(async call =>
            call.Output.Done(
                await call.Admin.DeleteAsync(PathOf(call.Get(account), call.Get(user))), "The user is gone."));
    }

    private static Command Membership(
        string verb, string description, Func<AdminClient, string, Task<JsonElement>> change, string done)
    {
        var account = Options.Account();
        var user = User();
        var group = Options.Name("GROUP", "The group's name");
        return new Command(verb, description) { account, user, group }.Runs(async call => call.Output.Done(
            await change(
                call.Admin, AdminClient.Account(call.Get(account), "users", call.Get(user), "groups", call.Get(group))),
            done));
    }

    /// <summary>Where a password comes from; never from the command line, which others can see.</summary>
    /// <param name="prompt">The option that has it asked for; null when it is unless something else is said.</param>
    private sealed class PasswordOptions(string? prompt)
    {
        private const int Longest = 1024;

        private readonly Option<bool> _stdin =
            Options.Flag("--password-stdin", "Read the password from standard input");

        private readonly Option<bool>? _prompt =
            prompt is null ? null : new(prompt) { Description = "Ask for a password, without echo" };

        public void AddTo(Command command)
        {
            command.Options.Add(_stdin);
            if (_prompt is not null) command.Options.Add(_prompt);
        }

        /// <summary>The password, to be cleared by whoever gets it; null for none.</summary>
        public async Task<char[]?> ReadAsync(Call call)
        {
            if (call.Get(_stdin)) return await FromInputAsync(call);
            if (_prompt is not null && !call.Get(_prompt)) return null;
            if (!call.Shell.IsInteractive) throw new CliException("Nobody can be asked here: say --password-stdin.");
            var first = Prompt.Hidden(call.Shell, "Password: ");
            var second = Prompt.Hidden(call.Shell, "Again: ");
            var isSame = first.AsSpan().SequenceEqual(second);
            Array.Clear(second);
            if (isSame) return first;
            Array.Clear(first);
            throw new CliException("The two are not the same.");
        }

        // What ends the line is not part of it.
        private static async Task<char[]> FromInputAsync(Call call)
        {
            var bytes = await Files.ReadAsync(call, null, Longest);
            var length = bytes.AsSpan().TrimEnd("\r\n"u8).Length;
            var password = Encoding.UTF8.GetChars(bytes, 0, length);
            CryptographicOperations.ZeroMemory(bytes);
            return password;
        }
    }
}
