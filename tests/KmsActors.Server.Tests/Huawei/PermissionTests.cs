using KmsActors.Grains;
using KmsActors.Server.Tests.Access;

namespace KmsActors.Server.Tests.Huawei;

/// <summary>Seed 003, chapter 5: which action of policies each endpoint asks for, and where it holds.</summary>
public sealed class PermissionTests(ProjectServer server) : IClassFixture<ProjectServer>
{
    private const string Mine = "5b6d1f7e-8f55-4a3c-9f6c-0f2f4f7a0000";

    private static readonly HuaweiDialect s_huawei = new();

    // Table 5.2; below the line what later editions have.
    private static readonly Dictionary<string, string> s_actions = new()
    {
        ["POST create-key"] = "kms:cmk:create",
        ["POST enable-key"] = "kms:cmk:enable",
        ["POST disable-key"] = "kms:cmk:disable",
        ["POST schedule-key-deletion"] = "kms:cmk:update",
        ["POST cancel-key-deletion"] = "kms:cmk:update",
        ["POST list-keys"] = "kms:cmk:list",
        ["POST describe-key"] = "kms:cmk:get",
        ["POST gen-random"] = "kms:cmk:generate",
        ["POST create-datakey"] = "kms:dek:create",
        ["POST create-datakey-without-plaintext"] = "kms:dek:create",
        ["POST encrypt-datakey"] = "kms:dek:crypto",
        ["POST decrypt-datakey"] = "kms:dek:crypto",
        ["GET user-instances"] = "kms:cmk:getInstance",
        ["GET user-quotas"] = "kms:cmk:getQuota",
        ["POST update-key-alias"] = "kms:cmk:update",
        ["POST update-key-description"] = "kms:cmk:update",
        ["POST encrypt-data"] = "kms:cmk:crypto",
        ["POST decrypt-data"] = "kms:cmk:crypto",
        ["POST get-parameters-for-import"] = "kms:cmk:getMaterial",
        ["POST import-key-material"] = "kms:cmk:importMaterial",
        ["POST delete-imported-key-material"] = "kms:cmk:deleteMaterial",
        ["POST resource_instances/action"] = "kms:cmkTag:listInstance",
        ["GET {key_id}/tags"] = "kms:cmkTag:list",
        ["GET tags"] = "kms:cmkTag:list",
        ["POST {key_id}/tags/action"] = "kms:cmkTag:batch",
        ["POST {key_id}/tags"] = "kms:cmkTag:create",
        ["DELETE {key_id}/tags/{key}"] = "kms:cmkTag:delete",

        ["POST enable-key-rotation"] = "kms:cmk:enableRotation",
        ["POST disable-key-rotation"] = "kms:cmk:disableRotation",
        ["POST update-key-rotation-interval"] = "kms:cmk:updateRotation",
        ["POST get-key-rotation-status"] = "kms:cmk:getRotation",
        ["POST create-grant"] = "kms:grant:create",
        ["POST list-grants"] = "kms:grant:list",
        ["POST revoke-grant"] = "kms:grant:revoke",
        ["POST retire-grant"] = "kms:grant:retire",
        ["POST sign"] = "kms:cmk:sign",
        ["POST verify"] = "kms:cmk:verify",
        ["POST get-publickey"] = "kms:cmk:getPublicKey",
    };

    public static TheoryData<string> Endpoints() => new(Requests.All);

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Endpoint_InAnEnterpriseProject_IsForItsKeysAlone(string endpoint)
    {
        var account = await server.ProjectAsync(Proof.Signature);
        var (mine, other) = (await KeyAsync(account, endpoint, Mine), await KeyAsync(account, endpoint, "0"));
        var user = await account.AsUserAsync(PolicyScope.OfEnterpriseProject(Mine), AccountUser.Allow("kms:*"));
        var ask = await Requests.OfAsync(endpoint, account, other.KeyId, other.Maker);
        if (Requests.WithKey.Contains(endpoint) || endpoint == "POST create-key")
            await user.RefusedAsync("KMS.0306", ask);
        var allowed = await Requests.OfAsync(endpoint, account, mine.KeyId, mine.Maker);
        if (endpoint == "POST create-key")
            allowed = allowed with { Body = HuaweiJson.With(allowed.Body!, "enterprise_project_id", Mine) };
        Assert.NotEqual(403, (await user.SendAsync(allowed)).Status);
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public void Endpoint_GoesByTheDocumentsAction(string endpoint) =>
        Assert.Contains(s_actions[endpoint], s_huawei.PolicyOf(endpoint).Names);

    private static async Task<(string KeyId, string Maker)> KeyAsync(Project account, string endpoint, string project) =>
        (await account.KeyAsync(KindFor(endpoint), project: project), await account.KeyAsync(project: project));

    private static string KindFor(string endpoint) =>
        endpoint.Split(' ')[1] is "sign" or "verify" or "get-publickey" ? "EC_P256" : "AES_256";
}
