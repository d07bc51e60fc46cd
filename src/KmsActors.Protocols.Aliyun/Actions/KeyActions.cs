using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Protocols.Aliyun;

/// <summary>The life of keys: seed 001, 4.1, 4.4 to 4.7, 4.9 and 4.10.</summary>
internal static class KeyActions
{
    public const int LongestDescription = 8192;
    private const string SymmetricUsage = "ENCRYPT/DECRYPT";

    public static ValueTask<AliyunError?> CreateKey(AliyunCall call)
    {
        var bind = call.Bind;
        var origin = bind.Choice(
            "Origin", KeyOrigin.Kms, ("Aliyun_KMS", KeyOrigin.Kms), ("EXTERNAL", KeyOrigin.External));
        var level = bind.Choice(
            "ProtectionLevel",
            ProtectionLevel.Software,
            ("SOFTWARE", ProtectionLevel.Software),
            ("HSM", ProtectionLevel.Hsm));
        bind.Choice("KeyUsage", true, (SymmetricUsage, true));
        bind.Choice("KeySpec", true, ("Aliyun_AES_256", true));
        bind.Choice("EnableAutomaticRotation", false, ("false", false));
        bind.RefuseIfGiven("RotationInterval");
        bind.RefuseIfGiven("Tags");
        bind.RefuseIfGiven("Policy");
        var description = bind.OptionalText("Description", LongestDescription) ?? "";
        return call.RunAsync(
            new CreateKey(origin, level, description), (answer, key) => WriteMetadata(call, answer, key));
    }

    public static ValueTask<AliyunError?> DescribeKey(AliyunCall call) => call.RunAsync(
        new DescribeKey(call.Bind.KeyOrAlias("KeyId")), (answer, key) => WriteMetadata(call, answer, key));

    public static ValueTask<AliyunError?> ListKeys(AliyunCall call)
    {
        var page = call.Bind.Page();
        call.Bind.RefuseIfGiven("Filters");
        return call.RunAsync(new ListKeys(page.Offset, page.Size), (answer, keys) =>
        {
            answer.BeginList("Keys", "Key");
            foreach (var keyId in keys.Items)
            {
                answer.BeginItem();
                answer.String("KeyId", keyId);
                answer.EndItem();
            }

            answer.EndList();
            WritePage(answer, keys.TotalCount, page);
        });
    }

    public static ValueTask<AliyunError?> EnableKey(AliyunCall call) =>
        call.RunAsync(new EnableKey(call.Bind.KeyId("KeyId")));

    public static ValueTask<AliyunError?> DisableKey(AliyunCall call) =>
        call.RunAsync(new DisableKey(call.Bind.KeyId("KeyId")));

    public static ValueTask<AliyunError?> ScheduleKeyDeletion(AliyunCall call) => call.RunAsync(
        new ScheduleKeyDeletion(call.Bind.KeyId("KeyId"), call.Bind.Integer("PendingWindowInDays", 7, 30)));

    public static ValueTask<AliyunError?> CancelKeyDeletion(AliyunCall call) =>
        call.RunAsync(new CancelKeyDeletion(call.Bind.KeyId("KeyId"), KeyState.Enabled));

    public static ValueTask<AliyunError?> UpdateKeyDescription(AliyunCall call)
    {
        var keyId = call.Bind.KeyId("KeyId");
        var description = call.Bind.RequiredText("Description", LongestDescription);
        return call.RunAsync(new UpdateKeyDescription(keyId, description));
    }

    /// <summary>The end of every listing's answer.</summary>
    public static void WritePage(AliyunWriter answer, long total, PageRequest page)
    {
        answer.Number("TotalCount", total);
        answer.Number("PageNumber", page.Number);
        answer.Number("PageSize", page.Size);
    }

    // In the order of the document's examples; all of them strings, empty where there is nothing to say.
    private static void WriteMetadata(AliyunCall call, AliyunWriter answer, CmkDescription key)
    {
        answer.BeginObject("KeyMetadata");
        answer.String("CreationDate", AliyunCall.Time(key.State.CreatedAt));
        answer.String("Description", key.State.Description);
        answer.String("KeyId", key.KeyId);
        answer.String("KeyState", key.KeyState.ToString());
        answer.String("KeyUsage", SymmetricUsage);
        answer.String("DeleteDate", AliyunCall.Time(key.State.DeletionDate));
        answer.String("Creator", call.Account);
        answer.String("Arn", call.ArnOf("key/" + key.KeyId));
        answer.String("Origin", key.State.Origin == KeyOrigin.Kms ? "Aliyun_KMS" : "EXTERNAL");
        answer.String("MaterialExpireTime", AliyunCall.Time(key.State.MaterialExpiry));
        answer.String("ProtectionLevel", key.State.ProtectionLevel == ProtectionLevel.Hsm ? "HSM" : "SOFTWARE");
        answer.EndObject();
    }
}
