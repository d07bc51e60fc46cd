namespace KmsActors.Server.Tests.Huawei;

/// <content>Calls that several ways have in common.</content>
public sealed partial class ErrorTableTests
{
    private static async Task<HuaweiAnswer> WithAsync(string first, string then, Project project, string keyId)
    {
        var fields = new { key_id = keyId, pending_days = "7", plain_text = "a" };
        await project.OkAsync(first, fields);
        return await project.PostAsync(then, fields);
    }

    private static async Task<HuaweiAnswer> TagsAsync(Project project, string tags) => await project.SendAsync(
        new Ask("POST", $"{await project.KeyAsync()}/tags/action", $$"""{"action":"create","tags":{{tags}}}"""));

    private static Task<HuaweiAnswer> QueryAsync(Project project, string field, string value) => project.SendAsync(
        new Ask("POST", "resource_instances/action", $$"""{"action":"filter","{{field}}":{{value}}}"""));

    private static async Task<HuaweiAnswer> EncryptDataKeyAsync(Project project, string length, byte[] both) =>
        await project.PostAsync("encrypt-datakey", new
        {
            key_id = await project.KeyAsync(), datakey_plain_length = length, plain_text = Convert.ToHexString(both),
        });

    private static async Task<HuaweiAnswer> ImportAsync(Project project, string keyId, int bytes) =>
        await project.PostAsync("import-key-material", (await project.TokenAsync(keyId)).With(new byte[bytes]));

    private sealed class FullServer : TestServer
    {
        protected override IEnumerable<string> MoreOptions => ["--Kms:Limits:KeysPerAccount=1"];
    }
}
