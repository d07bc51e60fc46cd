using System.Collections.Frozen;
using KmsActors.Operations;

namespace KmsActors.Protocols.Huawei;

/// <summary>
/// All endpoints under <c>/v1.0/{project_id}/kms/</c>, by method and path: this protocol's table of contents.
/// </summary>
internal static class EndpointTable
{
    private static readonly FrozenDictionary<string, Endpoint> Endpoints = new Dictionary<string, Endpoint>
    {
        // Seed 003, chapter 4, in its order.
        ["POST create-key"] = new(KeyActions.CreateKey, PolicyAction.CreateKey),
        ["POST enable-key"] = new(KeyStateActions.EnableKey, PolicyAction.EnableKey),
        ["POST disable-key"] = new(KeyStateActions.DisableKey, PolicyAction.DisableKey),
        ["POST schedule-key-deletion"] = new(KeyStateActions.ScheduleKeyDeletion, PolicyAction.ScheduleKeyDeletion),
        ["POST cancel-key-deletion"] = new(KeyStateActions.CancelKeyDeletion, PolicyAction.CancelKeyDeletion),
        ["POST list-keys"] = new(KeyActions.ListKeys, PolicyAction.ListKeys),
        ["POST describe-key"] = new(KeyActions.DescribeKey, PolicyAction.DescribeKey),
        ["POST gen-random"] = new(DataKeyActions.GenRandom, PolicyAction.GenerateRandom),
        ["POST create-datakey"] = new(DataKeyActions.CreateDataKey, PolicyAction.GenerateDataKey),
        ["POST create-datakey-without-plaintext"] =
            new(DataKeyActions.CreateDataKeyWithoutPlaintext, PolicyAction.GenerateDataKeyWithoutPlaintext),
        ["POST encrypt-datakey"] = new(DataKeyActions.EncryptDataKey, PolicyAction.EncryptDataKey),
        ["POST decrypt-datakey"] = new(DataKeyActions.DecryptDataKey, PolicyAction.DecryptDataKey),
        ["GET user-instances"] = new(QuotaActions.UserInstances, PolicyAction.CountKeys),
        ["GET user-quotas"] = new(QuotaActions.UserQuotas, PolicyAction.GetQuota),
        ["POST update-key-alias"] = new(KeyActions.UpdateKeyAlias, PolicyAction.RenameKey),
        ["POST update-key-description"] = new(KeyActions.UpdateKeyDescription, PolicyAction.UpdateKeyDescription),
        ["POST encrypt-data"] = new(DataActions.EncryptData, PolicyAction.Encrypt),
        ["POST decrypt-data"] = new(DataActions.DecryptData, PolicyAction.Decrypt),
        ["POST get-parameters-for-import"] =
            new(ImportActions.GetParametersForImport, PolicyAction.GetParametersForImport),
        ["POST import-key-material"] = new(ImportActions.ImportKeyMaterial, PolicyAction.ImportKeyMaterial),
        ["POST delete-imported-key-material"] =
            new(ImportActions.DeleteImportedKeyMaterial, PolicyAction.DeleteKeyMaterial),
        ["POST resource_instances/action"] = new(ResourceActions.Query, PolicyAction.ListResources),
        ["GET {key_id}/tags"] = new(TagActions.TagsOfKey, PolicyAction.ListResourceTags),
        ["GET tags"] = new(TagActions.TagsOfProject, PolicyAction.ListTags),
        ["POST {key_id}/tags/action"] = new(TagActions.Batch, PolicyAction.TagAndUntag) { HasNoContent = true },
        ["POST {key_id}/tags"] = new(TagActions.Add, PolicyAction.TagResource) { HasNoContent = true },
        ["DELETE {key_id}/tags/{key}"] = new(TagActions.Delete, PolicyAction.UntagResource) { HasNoContent = true },

        // Later calls of the same version, which current clients make.
        ["POST enable-key-rotation"] = new(RotationActions.Enable, PolicyAction.EnableRotation),
        ["POST disable-key-rotation"] = new(RotationActions.Disable, PolicyAction.DisableRotation),
        ["POST update-key-rotation-interval"] = new(RotationActions.UpdateInterval, PolicyAction.UpdateRotation),
        ["POST get-key-rotation-status"] = new(RotationActions.GetStatus, PolicyAction.GetRotation),
        ["POST create-grant"] = new(GrantActions.CreateGrant, PolicyAction.CreateGrant),
        ["POST list-grants"] = new(GrantActions.ListGrants, PolicyAction.ListGrants),
        ["POST revoke-grant"] = new(GrantActions.RevokeGrant, PolicyAction.RevokeGrant),
        ["POST retire-grant"] = new(GrantActions.RetireGrant, PolicyAction.RetireGrant),
        ["POST sign"] = new(SignatureActions.Sign, PolicyAction.Sign),
        ["POST verify"] = new(SignatureActions.Verify, PolicyAction.Verify),
        ["POST get-publickey"] = new(SignatureActions.GetPublicKey, PolicyAction.GetPublicKey),
    }.ToFrozenDictionary();

    /// <summary>The methods and paths of all endpoints.</summary>
    public static IEnumerable<string> Names => Endpoints.Keys;

    /// <summary>The endpoint, or null when there is none of that method and path.</summary>
    public static Endpoint? Find(string method, IReadOnlyList<string> resource) =>
        Endpoints.GetValueOrDefault($"{method} {Template(method, resource)}");

    private static string Template(string method, IReadOnlyList<string> resource) => resource switch
    {
        [_, "tags"] => "{key_id}/tags",
        [_, "tags", _] when method == "DELETE" => "{key_id}/tags/{key}",
        [_, "tags", "action"] => "{key_id}/tags/action",
        // What was escaped in a segment makes no other path of it.
        _ when resource.Any(segment => segment.AsSpan().ContainsAny('/', '{')) => "",
        _ => string.Join('/', resource),
    };
}
