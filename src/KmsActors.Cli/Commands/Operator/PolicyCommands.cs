using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;

namespace KmsActors.Cli;

/// <summary>kmsctl policies.</summary>
internal static class PolicyCommands
{
    private const int MostBytes = 1024 * 1024;

    public static Command Create() => new("policies", "What a user or the users of a group may do")
    {
        Show(),
        Set(),
        Add("allow", "Allow", "Adds a policy that allows some actions"),
        Add("deny", "Deny", "Adds a policy that denies some actions, whatever allows them"),
        Remove(),
    };

    private static Command Show()
    {
        var holder = new Holder();
        var command = new Command("show", "Shows policies, a line for each statement");
        holder.AddTo(command);
        return command.Runs(async call => Write(call, await call.Admin.GetAsync(holder.PathOf(call))));
    }

    private static Command Set()
    {
        var holder = new Holder();
        var file = Options.Name("FILE", "JSON as show --json prints it, or the array in it; - for standard input");
        var command = new Command("set", "Replaces all policies by those of a file");
        holder.AddTo(command);
        command.Arguments.Add(file);
        return command.Runs(async call =>
        {
            using var document = Parse(call.Get(file), await Files.ReadAsync(call, call.Get(file), MostBytes));
            var root = document.RootElement;
            var isWhole = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("policies", out _);
            await PutAsync(call, holder, (isWhole ? root.Member("policies") : root).WriteTo);
        });
    }

    private static Command Add(string verb, string effect, string description)
    {
        var holder = new Holder();
        var name = Name();
        var actions = new Option<string[]>("--action")
        {
            Description = "What, as in kms:cmk:encryptData or kms:*; repeatable",
            HelpName = "ACTION",
            Required = true,
        };
        var keys = Options.Texts("--key", "KEY-ID", "With which keys (default: all)");
        var project = Options.Text("--project", "ID", "In this IAM project only");
        var enterprise = Options.Text("--enterprise-project", "ID", "In this enterprise project only");
        var command = new Command(verb, description) { name, actions, keys, project, enterprise };
        holder.AddTo(command);
        return command.Runs(async call =>
        {
            var policies = await PoliciesAsync(call, holder);
            if (policies.Exists(policy => policy.Text("name") == call.Get(name)))
                throw new CliException(ExitCode.Refused, $"There is a policy '{call.Get(name)}' already.");
            await PutAsync(call, holder, json => WriteAll(json, policies, () =>
            {
                json.WriteStartObject();
                json.WriteString("name", call.Get(name));
                if (call.Get(project) is { } id) json.WriteString("project", id);
                if (call.Get(enterprise) is { } enterpriseId) json.WriteString("enterpriseProject", enterpriseId);
                json.WriteStartArray("statements");
                json.WriteStartObject();
                json.WriteString("effect", effect);
                WriteTexts(json, "actions", call.Get(actions));
                if (call.Get(keys) is { Length: > 0 } some) WriteTexts(json, "keys", some);
                json.WriteEndObject();
                json.WriteEndArray();
                json.WriteEndObject();
            }));
        });
    }

    private static Command Remove()
    {
        var holder = new Holder();
        var name = Name();
        var command = new Command("remove", "Removes the policy of a name") { name };
        holder.AddTo(command);
        return command.Runs(async call =>
        {
            var policies = await PoliciesAsync(call, holder);
            if (policies.RemoveAll(policy => policy.Text("name") == call.Get(name)) == 0)
                throw new CliException(ExitCode.Refused, $"There is no policy '{call.Get(name)}'.");
            await PutAsync(call, holder, json => WriteAll(json, policies, static () => { }));
        });
    }

    private static Option<string?> Name()
    {
        var name = Options.Text("--name", "NAME", "The policy's name");
        name.Required = true;
        return name;
    }

    private static JsonDocument Parse(string path, byte[] text)
    {
        try
        {
            // A copy of its own: the document would read from the bytes.
            using var stream = new MemoryStream(text);
            return JsonDocument.Parse(stream);
        }
        catch (JsonException malformed)
        {
            throw new CliException($"{path} is no JSON: {malformed.Message}", malformed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    private static async Task<List<JsonElement>> PoliciesAsync(Call call, Holder holder) =>
        [.. (await call.Admin.GetAsync(holder.PathOf(call))).Items("policies")];

    private static async Task PutAsync(Call call, Holder holder, Action<Utf8JsonWriter> policies) =>
        Write(call, await call.Admin.PutAsync(holder.PathOf(call), json =>
        {
            json.WritePropertyName("policies");
            policies(json);
        }));

    private static void WriteAll(Utf8JsonWriter json, List<JsonElement> policies, Action more)
    {
        json.WriteStartArray();
        foreach (var policy in policies) policy.WriteTo(json);
        more();
        json.WriteEndArray();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, string[] texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void Write(Call call, JsonElement answer) => call.Output.Rows(
        answer,
        ["name", "effect", "actions", "keys", "project", "enterpriseProject"],
        answer.Items("policies").SelectMany(policy => policy.Items("statements").Select(statement => new[]
        {
            policy.Shown("name"), statement.Shown("effect"), statement.Shown("actions"), statement.Shown("keys"),
            policy.Shown("project"), policy.Shown("enterpriseProject"),
        })));

    /// <summary>Whose policies.</summary>
    private sealed class Holder
    {
        private readonly Argument<string> _account = Options.Account();
        private readonly Option<string?> _user = Options.Text("--user", "USER", "This user's");
        private readonly Option<string?> _group = Options.Text("--group", "GROUP", "This group's");

        public void AddTo(Command command)
        {
            command.Arguments.Insert(0, _account);
            command.Options.Insert(0, _user);
            command.Options.Insert(1, _group);
            command.Validators.Add(result =>
            {
                if (result.GetResult(_user) is null == result.GetResult(_group) is null)
                    result.AddError("Whose policies: --user or --group.");
            });
        }

        public string PathOf(Call call)
        {
            var account = call.Get(_account);
            return (call.Get(_user) is { } user
                ? UserCommands.PathOf(account, user)
                : GroupCommands.PathOf(account, call.Get(_group)!)) + "/policies";
        }
    }
}
