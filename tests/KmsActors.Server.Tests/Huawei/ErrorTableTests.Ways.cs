using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Server.Tests.Huawei;

/// <content>A way to each of the errors.</content>
public sealed partial class ErrorTableTests
{
    private const string Nobodys = "0d0466b0-e727-4d9c-b35d-f84bb474a37f";

    private static readonly Dictionary<string, Func<ProjectServer, Project, Task<HuaweiAnswer>>> s_ways = new()
    {
        ["KMS.0201"] = (_, p) => p.PostAsync("nowhere", new { }),
        ["KMS.0202"] = (_, p) => p.SendAsync(new Ask("POST", "list-keys", "nonsense")),
        ["KMS.0203"] = (_, p) => p.PostAsync("list-keys", new { filler = new string('a', 128 * 1024) }),
        ["KMS.0204"] = (_, p) => p.PostAsync("describe-key", new { }),
        ["KMS.0205"] = (_, p) => p.PostAsync("describe-key", new { key_id = Nobodys }),
        ["KMS.0206"] = (_, p) => p.PostAsync("list-keys", new { sequence = "1" }),
        ["KMS.0208"] = async (_, p) => await p.PostAsync(
            "encrypt-data", new { key_id = await p.KeyAsync(), plain_text = "a", encryption_context = "a" }),
        ["KMS.0209"] = async (_, p) => await WithAsync("disable-key", "encrypt-data", p, await p.KeyAsync()),
        ["KMS.0210"] = async (_, p) => await WithAsync("schedule-key-deletion", "encrypt-data", p, await p.KeyAsync()),
        ["KMS.0211"] = async (server, p) =>
        {
            await server.OperateAsync(p.Tenant.Account, new EnsureDefaultKey("obs/default"));
            return await p.PostAsync("disable-key", new { key_id = (await p.OkAsync("list-keys", new { }))["keys.0"] });
        },
        ["KMS.0301"] = (_, p) => (p.Client with { Token = "" }).SendAsync(Ask.Get("tags")),
        ["KMS.0302"] = (_, p) => (p.Client with { Token = "nobodys" }).SendAsync(Ask.Get("tags")),
        ["KMS.0303"] = async (server, p) =>
        {
            var root = await server.ProjectAsync(Proof.Token);
            server.Clock.Shift(TimeSpan.FromHours(24));
            return await root.SendAsync(Ask.Get("tags"));
        },
        ["KMS.0305"] = (_, p) => (p.Client with { ProjectId = "another" }).SendAsync(Ask.Get("tags")),
        ["KMS.0306"] = async (_, p) => await (await p.AsUserAsync(
                PolicyScope.OfEnterpriseProject(Nobodys),
                new PolicyStatement { Effect = PolicyEffect.Allow, Actions = ["kms:*"] }))
            .PostAsync("describe-key", new { key_id = await p.KeyAsync() }),
        ["KMS.0307"] = async (_, p) => await (await p.AsUserAsync(PolicyScope.All)).SendAsync(Ask.Get("tags")),
        ["KMS.0308"] = (_, p) => p.PostAsync("list-keys", new { key_state = "6" }),
        ["KMS.0309"] = async (_, p) =>
            await p.PostAsync("delete-imported-key-material", new { key_id = await p.KeyAsync() }),
        ["KMS.0310"] = async (_, p) => await ImportAsync(p, await p.ImportedKeyAsync(Tenant.NewMaterial()), 32),
        ["KMS.0311"] = async (_, p) => await ImportAsync(p, await p.ExternalKeyAsync(), 31),
        ["KMS.0312"] = async (_, p) =>
            await p.PostAsync("enable-key-rotation", new { key_id = await p.ExternalKeyAsync() }),
        ["KMS.0313"] = async (_, p) => await p.PostAsync(
            "update-key-rotation-interval", new { key_id = await p.KeyAsync(), rotation_interval = 30 }),
        ["KMS.0401"] = (_, p) => TagsAsync(p, "[]"),
        ["KMS.0402"] = (_, p) => QueryAsync(p, "matches", """[{"key":"resource_name","value":""}]"""),
        ["KMS.0403"] = (_, p) => QueryAsync(p, "matches", """[{"key":"resource","value":"a"}]"""),
        ["KMS.0404"] = (_, p) => p.PostAsync("resource_instances/action", new { action = "find" }),
        ["KMS.0405"] = (_, p) => TagsAsync(p, """[{"key":"a","value":"="}]"""),
        ["KMS.0406"] = (_, p) => TagsAsync(p, """[{"key":"=","value":"a"}]"""),
        ["KMS.0407"] = (_, p) => TagsAsync(p, $"[{string.Join(',', Enumerable.Repeat("{}", 11))}]"),
        ["KMS.0409"] = async (_, p) =>
        {
            var keyId = await p.KeyAsync();
            for (var i = 0; i < 10; i++) await p.TagAsync(keyId, $"{i}", "");
            return await p.PostAsync($"{keyId}/tags", new { tag = new { key = "a", value = "" } });
        },
        ["KMS.0410"] = (_, p) => TagsAsync(p, $$"""[{"key":"a","value":"{{new string('a', 44)}}"}]"""),
        ["KMS.0411"] = (_, p) => TagsAsync(p, """[{"key":"","value":"a"}]"""),
        ["KMS.0412"] = (_, p) => TagsAsync(p, "5"),
        ["KMS.0413"] = (_, p) => QueryAsync(p, "tags", """[{"key":"a","values":["","","","","","","","","","",""]}]"""),
        ["KMS.0415"] = (_, p) => QueryAsync(p, "matches", "5"),
        ["KMS.0417"] = (_, p) => QueryAsync(p, "offset", "\"x\""),
        ["KMS.1101"] = (_, p) => p.PostAsync("create-key", new { key_alias = "a b" }),
        ["KMS.1103"] = (_, p) => p.PostAsync("create-key", new { key_alias = "a", key_description = 5 }),
        ["KMS.1104"] = async (_, p) => await p.PostAsync("update-key-alias", new
        {
            key_id = await p.KeyAsync(), key_alias = (await p.DescribeAsync(await p.KeyAsync()))["key_info.key_alias"],
        }),
        ["KMS.1105"] = async (_, _) =>
        {
            var full = new FullServer();
            await full.InitializeAsync();
            var project = new Project(full.Root);
            await project.KeyAsync();
            var answer = await project.PostAsync("create-key", new { key_alias = "another" });
            await full.DisposeAsync();
            return answer;
        },
        ["KMS.1201"] = async (_, p) => await p.PostAsync("enable-key", new { key_id = await p.KeyAsync() }),
        ["KMS.1301"] = async (_, p) => await WithAsync("disable-key", "disable-key", p, await p.KeyAsync()),
        ["KMS.1401"] = async (_, p) => await p.PostAsync(
            "schedule-key-deletion", new { key_id = await p.KeyAsync(), pending_days = "6" }),
        ["KMS.1402"] = async (_, p) =>
            await WithAsync("schedule-key-deletion", "schedule-key-deletion", p, await p.KeyAsync()),
        ["KMS.1501"] = async (_, p) => await p.PostAsync("cancel-key-deletion", new { key_id = await p.KeyAsync() }),
        ["KMS.1601"] = (_, p) => p.PostAsync("list-keys", new { limit = "0" }),
        ["KMS.1602"] = (_, p) => p.PostAsync("list-keys", new { marker = "-1" }),
        ["KMS.1801"] = (_, p) => p.PostAsync("gen-random", new { random_data_length = "7" }),
        ["KMS.1901"] = async (_, p) =>
            await p.PostAsync("create-datakey", new { key_id = await p.KeyAsync(), datakey_length = "7" }),
        ["KMS.2001"] = async (_, p) => await p.PostAsync(
            "create-datakey-without-plaintext", new { key_id = await p.KeyAsync(), datakey_length = "7" }),
        ["KMS.2101"] = async (_, p) =>
            await p.PostAsync("encrypt-data", new { key_id = await p.KeyAsync(), plain_text = "" }),
        ["KMS.2102"] = (_, p) => EncryptDataKeyAsync(p, "0", new byte[96]),
        ["KMS.2103"] = (_, p) => EncryptDataKeyAsync(p, "64", new byte[96]),
        ["KMS.2201"] = (_, p) => p.PostAsync("decrypt-data", new { cipher_text = Requests.Base64Of(150) }),
        ["KMS.2202"] = async (_, p) => await p.PostAsync("decrypt-datakey", new
        {
            key_id = await p.KeyAsync(), cipher_text = new string('0', 400), datakey_cipher_length = "64",
        }),
        ["KMS.2601"] = async (server, p) =>
        {
            var token = await p.TokenAsync(await p.ExternalKeyAsync());
            server.Clock.Shift(TimeSpan.FromHours(24));
            return await p.PostAsync("import-key-material", token.With(new byte[32]));
        },
        ["KMS.2602"] = async (_, p) => await p.PostAsync(
            "import-key-material",
            (await p.TokenAsync(await p.ExternalKeyAsync())).With(new byte[32], DateTimeOffset.UnixEpoch)),
        ["KMS.2603"] = async (_, p) =>
        {
            var token = await p.TokenAsync(await p.ExternalKeyAsync());
            var other = token with { KeyId = await p.ExternalKeyAsync() };
            return await p.PostAsync("import-key-material", other.With(new byte[32]));
        },
        ["KMS.2605"] = async (_, p) =>
            await p.SendAsync(await Requests.OfAsync("POST import-key-material", p, await p.ExternalKeyAsync())),
        ["KMS.2606"] = async (_, p) =>
        {
            var keyId = await p.ImportedKeyAsync(Tenant.NewMaterial());
            await p.OkAsync("delete-imported-key-material", new { key_id = keyId });
            return await ImportAsync(p, keyId, 32);
        },
        ["KMS.2701"] = async (_, p) =>
            await p.PostAsync("delete-imported-key-material", new { key_id = await p.ExternalKeyAsync() }),
    };
}
