using System.Collections.Frozen;
using KmsActors.Operations;

namespace KmsActors.Protocols.Aliyun;

/// <summary>Carries out one action: reads its parameters, runs its operation, renders the result.</summary>
/// <returns>The error to answer with, or null when the answer has been rendered.</returns>
internal delegate ValueTask<AliyunError?> AliyunAction(AliyunCall call);

/// <summary>An action of the table.</summary>
/// <param name="Policy">What policies say of it; null for what anybody of the account may call.</param>
/// <param name="Run">Carries it out.</param>
internal sealed record ActionEntry(PolicyAction? Policy, AliyunAction Run);

/// <summary>All actions of this protocol, by the name that goes into Action: its table of contents.</summary>
internal static class ActionTable
{
    private static readonly FrozenDictionary<string, ActionEntry> Actions = new Dictionary<string, ActionEntry>
    {
        // Seed 001, chapter 4, in its order.
        ["CreateKey"] = new(PolicyAction.CreateKey, KeyActions.CreateKey),
        ["GetParametersForImport"] = new(PolicyAction.GetParametersForImport, ImportActions.GetParametersForImport),
        ["ImportKeyMaterial"] = new(PolicyAction.ImportKeyMaterial, ImportActions.ImportKeyMaterial),
        ["EnableKey"] = new(PolicyAction.EnableKey, KeyActions.EnableKey),
        ["DisableKey"] = new(PolicyAction.DisableKey, KeyActions.DisableKey),
        ["ScheduleKeyDeletion"] = new(PolicyAction.ScheduleKeyDeletion, KeyActions.ScheduleKeyDeletion),
        ["CancelKeyDeletion"] = new(PolicyAction.CancelKeyDeletion, KeyActions.CancelKeyDeletion),
        ["DeleteKeyMaterial"] = new(PolicyAction.DeleteKeyMaterial, ImportActions.DeleteKeyMaterial),
        ["DescribeKey"] = new(PolicyAction.DescribeKey, KeyActions.DescribeKey),
        ["ListKeys"] = new(PolicyAction.ListKeys, KeyActions.ListKeys),
        ["Encrypt"] = new(PolicyAction.Encrypt, CryptographyActions.Encrypt),
        ["GenerateDataKey"] = new(PolicyAction.GenerateDataKey, CryptographyActions.GenerateDataKey),
        ["Decrypt"] = new(PolicyAction.Decrypt, CryptographyActions.Decrypt),
        ["CreateAlias"] = new(PolicyAction.CreateAlias, AliasActions.CreateAlias),
        ["UpdateAlias"] = new(PolicyAction.RenameKey, AliasActions.UpdateAlias),
        ["DeleteAlias"] = new(PolicyAction.DeleteAlias, AliasActions.DeleteAlias),
        ["ListAliases"] = new(PolicyAction.ListAliases, AliasActions.ListAliases),
        ["ListAliasesByKeyId"] = new(PolicyAction.ListAliasesByKeyId, AliasActions.ListAliasesByKeyId),
        ["TagResource"] = new(PolicyAction.TagResource, TagActions.TagResource),
        ["UntagResource"] = new(PolicyAction.UntagResource, TagActions.UntagResource),
        ["ListResourceTags"] = new(PolicyAction.ListResourceTags, TagActions.ListResourceTags),
        // "Access control is not required" for this one, say the later documents.
        ["DescribeRegions"] = new(null, DescribeRegions),

        // Later calls of the same API version, which current clients make.
        ["UpdateKeyDescription"] = new(PolicyAction.UpdateKeyDescription, KeyActions.UpdateKeyDescription),
        ["GenerateDataKeyWithoutPlaintext"] =
            new(PolicyAction.GenerateDataKeyWithoutPlaintext, CryptographyActions.GenerateDataKeyWithoutPlaintext),
        ["ReEncrypt"] = new(PolicyAction.ReEncrypt, CryptographyActions.ReEncrypt),
        ["ExportDataKey"] = new(PolicyAction.ExportDataKey, CryptographyActions.ExportDataKey),
        ["GenerateAndExportDataKey"] =
            new(PolicyAction.GenerateAndExportDataKey, CryptographyActions.GenerateAndExportDataKey),
        ["CreateKeyVersion"] = new(PolicyAction.CreateKeyVersion, KeyVersionActions.CreateKeyVersion),
        ["DescribeKeyVersion"] = new(PolicyAction.DescribeKeyVersion, KeyVersionActions.DescribeKeyVersion),
        ["ListKeyVersions"] = new(PolicyAction.ListKeyVersions, KeyVersionActions.ListKeyVersions),
        ["UpdateRotationPolicy"] = new(PolicyAction.UpdateRotation, KeyVersionActions.UpdateRotationPolicy),
        ["GetPublicKey"] = new(PolicyAction.GetPublicKey, AsymmetricActions.GetPublicKey),
        ["AsymmetricEncrypt"] = new(PolicyAction.AsymmetricEncrypt, AsymmetricActions.AsymmetricEncrypt),
        ["AsymmetricDecrypt"] = new(PolicyAction.AsymmetricDecrypt, AsymmetricActions.AsymmetricDecrypt),
        ["AsymmetricSign"] = new(PolicyAction.Sign, AsymmetricActions.AsymmetricSign),
        ["AsymmetricVerify"] = new(PolicyAction.Verify, AsymmetricActions.AsymmetricVerify),
    }.ToFrozenDictionary();

    /// <summary>The names of all actions.</summary>
    public static IEnumerable<string> Names => Actions.Keys;

    /// <summary>The action, or null when there is none of that name.</summary>
    public static ActionEntry? Find(string name) => Actions.GetValueOrDefault(name);

    private static ValueTask<AliyunError?> DescribeRegions(AliyunCall call) => new(call.Answer(answer =>
    {
        answer.BeginList("Regions", "Region");
        answer.BeginItem();
        answer.String("RegionId", call.Region);
        answer.EndItem();
        answer.EndList();
    }));
}
