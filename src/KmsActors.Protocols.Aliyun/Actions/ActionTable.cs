using System.Collections.Frozen;

namespace KmsActors.Protocols.Aliyun;

/// <summary>Carries out one action: reads its parameters, runs its operation, renders the result.</summary>
/// <returns>The error to answer with, or null when the answer has been rendered.</returns>
internal delegate ValueTask<AliyunError?> AliyunAction(AliyunCall call);

/// <summary>All actions of this protocol, by the name that goes into Action: its table of contents.</summary>
internal static class ActionTable
{
    private static readonly FrozenDictionary<string, AliyunAction> Actions = new Dictionary<string, AliyunAction>
    {
        // Seed 001, chapter 4, in its order.
        ["CreateKey"] = KeyActions.CreateKey,
        ["GetParametersForImport"] = ImportActions.GetParametersForImport,
        ["ImportKeyMaterial"] = ImportActions.ImportKeyMaterial,
        ["EnableKey"] = KeyActions.EnableKey,
        ["DisableKey"] = KeyActions.DisableKey,
        ["ScheduleKeyDeletion"] = KeyActions.ScheduleKeyDeletion,
        ["CancelKeyDeletion"] = KeyActions.CancelKeyDeletion,
        ["DeleteKeyMaterial"] = ImportActions.DeleteKeyMaterial,
        ["DescribeKey"] = KeyActions.DescribeKey,
        ["ListKeys"] = KeyActions.ListKeys,
        ["Encrypt"] = CryptographyActions.Encrypt,
        ["GenerateDataKey"] = CryptographyActions.GenerateDataKey,
        ["Decrypt"] = CryptographyActions.Decrypt,
        ["CreateAlias"] = AliasActions.CreateAlias,
        ["UpdateAlias"] = AliasActions.UpdateAlias,
        ["DeleteAlias"] = AliasActions.DeleteAlias,
        ["ListAliases"] = AliasActions.ListAliases,
        ["ListAliasesByKeyId"] = AliasActions.ListAliasesByKeyId,
        ["TagResource"] = TagActions.TagResource,
        ["UntagResource"] = TagActions.UntagResource,
        ["ListResourceTags"] = TagActions.ListResourceTags,
        ["DescribeRegions"] = DescribeRegions,

        // Later calls of the same API version, which current clients make.
        ["UpdateKeyDescription"] = KeyActions.UpdateKeyDescription,
        ["GenerateDataKeyWithoutPlaintext"] = CryptographyActions.GenerateDataKeyWithoutPlaintext,
        ["ReEncrypt"] = CryptographyActions.ReEncrypt,
        ["ExportDataKey"] = CryptographyActions.ExportDataKey,
        ["GenerateAndExportDataKey"] = CryptographyActions.GenerateAndExportDataKey,
        ["CreateKeyVersion"] = KeyVersionActions.CreateKeyVersion,
        ["DescribeKeyVersion"] = KeyVersionActions.DescribeKeyVersion,
        ["ListKeyVersions"] = KeyVersionActions.ListKeyVersions,
        ["UpdateRotationPolicy"] = KeyVersionActions.UpdateRotationPolicy,
        ["GetPublicKey"] = AsymmetricActions.GetPublicKey,
        ["AsymmetricEncrypt"] = AsymmetricActions.AsymmetricEncrypt,
        ["AsymmetricDecrypt"] = AsymmetricActions.AsymmetricDecrypt,
        ["AsymmetricSign"] = AsymmetricActions.AsymmetricSign,
        ["AsymmetricVerify"] = AsymmetricActions.AsymmetricVerify,
    }.ToFrozenDictionary();

    /// <summary>The names of all actions.</summary>
    public static IEnumerable<string> Names => Actions.Keys;

    /// <summary>The action, or null when there is none of that name.</summary>
    public static AliyunAction? Find(string name) => Actions.GetValueOrDefault(name);

    private static ValueTask<AliyunError?> DescribeRegions(AliyunCall call) => new(call.Answer(answer =>
    {
        answer.BeginList("Regions", "Region");
        answer.BeginItem();
        answer.String("RegionId", call.Region);
        answer.EndItem();
        answer.EndList();
    }));
}
