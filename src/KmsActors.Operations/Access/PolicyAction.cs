using System.Collections.Frozen;
using System.Collections.Immutable;
using KmsActors.Grains;
using static KmsActors.Operations.ActionEffect;

namespace KmsActors.Operations;

/// <summary>
/// Something that a policy can allow or deny, by any of its names. The names of both vendors stand for one
/// set, so that a policy holds whichever protocol its user speaks (seed 003, 5.2; Aliyun has an action each).
/// </summary>
public sealed class PolicyAction
{
    private PolicyAction(ActionEffect effect, params ReadOnlySpan<string> names)
    {
        Effect = effect;
        Names = [.. names];
    }

    /// <summary>As policies name it.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>What it does to what is kept.</summary>
    public ActionEffect Effect { get; }

    /// <summary>With which other calls it shares a limit.</summary>
    public CallClass Class { get; private init; }

    /// <summary>As grants of a key name it; null for what is not for them.</summary>
    public string? GrantOperation { get; private init; }

    public static PolicyAction CreateKey { get; } = new(Writes, "kms:cmk:create", "kms:CreateKey");
    public static PolicyAction EnableKey { get; } = new(Writes, "kms:cmk:enable", "kms:EnableKey");
    public static PolicyAction DisableKey { get; } = new(Writes, "kms:cmk:disable", "kms:DisableKey");
    public static PolicyAction ScheduleKeyDeletion { get; } = new(Writes, "kms:cmk:update", "kms:ScheduleKeyDeletion");
    public static PolicyAction CancelKeyDeletion { get; } = new(Writes, "kms:cmk:update", "kms:CancelKeyDeletion");
    public static PolicyAction ListKeys { get; } = new(Reads, "kms:cmk:list", "kms:ListKeys");

    public static PolicyAction DescribeKey { get; } =
        new(Reads, "kms:cmk:get", "kms:DescribeKey") { GrantOperation = "describe-key" };

    public static PolicyAction GenerateRandom { get; } =
        new(Reads, "kms:cmk:generate", "kms:GenerateRandom") { Class = CallClass.Symmetric };

    public static PolicyAction GenerateDataKey { get; } =
        new(Reads, "kms:dek:create", "kms:GenerateDataKey")
        {
            Class = CallClass.Symmetric,
            GrantOperation = "create-datakey",
        };

    public static PolicyAction GenerateDataKeyWithoutPlaintext { get; } =
        new(Reads, "kms:dek:create", "kms:GenerateDataKeyWithoutPlaintext")
        {
            Class = CallClass.Symmetric,
            GrantOperation = "create-datakey-without-plaintext",
        };

    public static PolicyAction EncryptDataKey { get; } =
        new(Reads, "kms:dek:crypto", "kms:Encrypt") { Class = CallClass.Symmetric, GrantOperation = "encrypt-datakey" };

    public static PolicyAction DecryptDataKey { get; } =
        new(Reads, "kms:dek:crypto", "kms:Decrypt") { Class = CallClass.Symmetric, GrantOperation = "decrypt-datakey" };

    public static PolicyAction CountKeys { get; } = new(Reads, "kms:cmk:getInstance", "kms:ListKeys");
    public static PolicyAction GetQuota { get; } = new(Reads, "kms:cmk:getQuota");
    public static PolicyAction RenameKey { get; } = new(Writes, "kms:cmk:update", "kms:UpdateAlias");

    public static PolicyAction UpdateKeyDescription { get; } =
        new(Writes, "kms:cmk:update", "kms:UpdateKeyDescription");

    public static PolicyAction Encrypt { get; } =
        new(Reads, "kms:cmk:crypto", "kms:Encrypt") { Class = CallClass.Symmetric, GrantOperation = "encrypt-data" };

    public static PolicyAction Decrypt { get; } =
        new(Reads, "kms:cmk:crypto", "kms:Decrypt") { Class = CallClass.Symmetric, GrantOperation = "decrypt-data" };

    public static PolicyAction GetParametersForImport { get; } =
        new(Writes, "kms:cmk:getMaterial", "kms:GetParametersForImport");

    public static PolicyAction ImportKeyMaterial { get; } =
        new(Writes, "kms:cmk:importMaterial", "kms:ImportKeyMaterial");

    public static PolicyAction DeleteKeyMaterial { get; } =
        new(Writes, "kms:cmk:deleteMaterial", "kms:DeleteKeyMaterial");

    public static PolicyAction ListResources { get; } = new(Reads, "kms:cmkTag:listInstance", "kms:ListKeys");
    public static PolicyAction ListResourceTags { get; } = new(Reads, "kms:cmkTag:list", "kms:ListResourceTags");
    public static PolicyAction ListTags { get; } = new(Reads, "kms:cmkTag:list", "kms:ListTagResources");
    public static PolicyAction TagAndUntag { get; } = new(Writes, "kms:cmkTag:batch");
    public static PolicyAction TagResource { get; } = new(Writes, "kms:cmkTag:create", "kms:TagResource");
    public static PolicyAction UntagResource { get; } = new(Writes, "kms:cmkTag:delete", "kms:UntagResource");

    // What later editions of the vendors' documents add.
    public static PolicyAction EnableRotation { get; } =
        new(Writes, "kms:cmk:enableRotation", "kms:UpdateRotationPolicy");

    public static PolicyAction DisableRotation { get; } =
        new(Writes, "kms:cmk:disableRotation", "kms:UpdateRotationPolicy");

    public static PolicyAction UpdateRotation { get; } =
        new(Writes, "kms:cmk:updateRotation", "kms:UpdateRotationPolicy");

    public static PolicyAction GetRotation { get; } = new(Reads, "kms:cmk:getRotation", "kms:DescribeKey");

    public static PolicyAction Sign { get; } =
        new(Reads, "kms:cmk:sign", "kms:AsymmetricSign") { Class = CallClass.Asymmetric, GrantOperation = "sign" };

    public static PolicyAction Verify { get; } =
        new(Reads, "kms:cmk:verify", "kms:AsymmetricVerify")
        {
            Class = CallClass.Asymmetric,
            GrantOperation = "verify",
        };

    public static PolicyAction GetPublicKey { get; } =
        new(Reads, "kms:cmk:getPublicKey", "kms:GetPublicKey")
        {
            Class = CallClass.Asymmetric,
            GrantOperation = "get-publickey",
        };

    public static PolicyAction CreateGrant { get; } =
        new(Writes, "kms:grant:create", "kms:CreateGrant") { GrantOperation = KeyGrant.CreateGrant };

    public static PolicyAction ListGrants { get; } = new(Reads, "kms:grant:list", "kms:ListGrants");
    public static PolicyAction RevokeGrant { get; } = new(Writes, "kms:grant:revoke", "kms:RevokeGrant");

    public static PolicyAction RetireGrant { get; } =
        new(Writes, "kms:grant:retire", "kms:RetireGrant") { GrantOperation = KeyGrant.RetireGrant };

    // What only Aliyun has a call for. An alias can be a key's own name, so its names are those of renaming too.
    public static PolicyAction CreateAlias { get; } = new(Writes, "kms:cmk:update", "kms:CreateAlias");
    public static PolicyAction DeleteAlias { get; } = new(Writes, "kms:cmk:update", "kms:DeleteAlias");
    public static PolicyAction ListAliases { get; } = new(Reads, "kms:cmk:list", "kms:ListAliases");
    public static PolicyAction ListAliasesByKeyId { get; } = new(Reads, "kms:cmk:get", "kms:ListAliasesByKeyId");

    public static PolicyAction ReEncrypt { get; } =
        new(Reads, "kms:cmk:crypto", "kms:ReEncrypt") { Class = CallClass.Symmetric };

    public static PolicyAction ExportDataKey { get; } =
        new(Reads, "kms:dek:crypto", "kms:ExportDataKey") { Class = CallClass.Symmetric };

    public static PolicyAction GenerateAndExportDataKey { get; } =
        new(Reads, "kms:dek:create", "kms:GenerateAndExportDataKey") { Class = CallClass.Symmetric };

    public static PolicyAction AsymmetricEncrypt { get; } =
        new(Reads, "kms:cmk:crypto", "kms:AsymmetricEncrypt") { Class = CallClass.Asymmetric };

    public static PolicyAction AsymmetricDecrypt { get; } =
        new(Reads, "kms:cmk:crypto", "kms:AsymmetricDecrypt") { Class = CallClass.Asymmetric };

    public static PolicyAction CreateKeyVersion { get; } = new(Writes, "kms:cmk:update", "kms:CreateKeyVersion");
    public static PolicyAction DescribeKeyVersion { get; } = new(Reads, "kms:cmk:get", "kms:DescribeKeyVersion");
    public static PolicyAction ListKeyVersions { get; } = new(Reads, "kms:cmk:get", "kms:ListKeyVersions");

    /// <summary>All that a grant can allow.</summary>
    public static FrozenSet<string> GrantOperations { get; } = new[]
    {
        DescribeKey, GenerateDataKey, GenerateDataKeyWithoutPlaintext, EncryptDataKey, DecryptDataKey, Encrypt, Decrypt,
        Sign, Verify, GetPublicKey, CreateGrant, RetireGrant,
    }.Select(action => action.GrantOperation!).ToFrozenSet();
}
