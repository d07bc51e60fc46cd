using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Operations;

namespace KmsActors.Protocols.Aliyun;

/// <summary>The life of keys: seed 001, 4.1, 4.4 to 4.7, 4.9 and 4.10.</summary>
internal static class KeyActions
{
    public const int LongestDescription = 8192;

    public static ValueTask<AliyunError?> CreateKey(AliyunCall call)
    {
        var bind = call.Bind;
        var spec = bind.Choice("KeySpec", KeySpec.Aes256, KeySpecText.Specs);
        var rotates = bind.Choice("EnableAutomaticRotation", false, ("false", false), ("true", true));
        var key = new CreateKey
        {
            Origin = bind.Choice("Origin", KeyOrigin.Kms, KeySpecText.Origins),
            Spec = spec,
            Usage = bind.Choice("KeyUsage", UsageUnlessSaid(spec), KeySpecText.Usages),
            ProtectionLevel = bind.Choice(
                "ProtectionLevel", ProtectionLevel.Software, KeySpecText.ProtectionLevels),
            Description = bind.OptionalText("Description", LongestDescription) ?? "",
            RotationInterval = bind.RotationInterval(rotates),
            Tags = TagActions.OptionalTags(bind),
        };
        bind.RefuseIfGiven("Policy");
        bind.RefuseIfGiven("DKMSInstanceId");
        return call.RunAsync(key, (answer, created) => WriteMetadata(call, answer, created));
    }

    public static ValueTask<AliyunError?> DescribeKey(AliyunCall call) => call.RunAsync(
        new DescribeKey(call.Bind.KeyOrAlias("KeyId")), (answer, key) => WriteMetadata(call, answer, key));

    public static ValueTask<AliyunError?> ListKeys(AliyunCall call)
    {
        var page = call.Bind.Page();
        var filter = Filter(call.Bind);
        return call.RunAsync(new ListKeys(filter, page.Offset, page.Size), (answer, keys) =>
        {
            answer.BeginList("Keys", "Key");
            foreach (var keyId in keys.Items)
            {
                answer.BeginItem();
                answer.String("KeyId", keyId);
                answer.String("KeyArn", call.ArnOf("key/" + keyId));
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
        call.RunAsync(new CancelKeyDeletion(call.Bind.KeyId("KeyId"), KeyState.Enabled), static (_, _) => { });

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

    // The elliptic curves that only sign are for signatures unless something else is said.
    private static KeyUsage UsageUnlessSaid(KeySpec spec) =>
        spec.Allows(KeyUsage.EncryptDecrypt) ? KeyUsage.EncryptDecrypt : KeyUsage.SignVerify;

    private static KeyFilter Filter(ParameterBinder bind)
    {
        if (bind.OptionalText("Filters", KeyFilterText.LongestJson) is not { } text) return KeyFilter.None;
        var filter = KeyFilterText.Parse(text);
        if (filter is null) bind.Invalid("Filters");
        return filter ?? KeyFilter.None;
    }

    // In the order of the document's examples; all of them strings, empty where there is nothing to say.
    private static void WriteMetadata(AliyunCall call, AliyunWriter answer, CmkDescription key)
    {
        var state = key.State;
        answer.BeginObject("KeyMetadata");
        answer.String("CreationDate", AliyunCall.Time(state.CreatedAt));
        answer.String("Description", state.Description);
        answer.String("KeyId", key.KeyId);
        answer.String("KeyState", KeySpecText.Of(KeySpecText.States, key.KeyState));
        answer.String("KeyUsage", KeySpecText.Of(KeySpecText.Usages, state.Usage));
        answer.String("DeleteDate", AliyunCall.Time(state.DeletionDate));
        answer.String("Creator", call.Account);
        answer.String("Arn", call.ArnOf("key/" + key.KeyId));
        answer.String("Origin", KeySpecText.Of(KeySpecText.Origins, state.Origin));
        answer.String("MaterialExpireTime", AliyunCall.Time(state.MaterialExpiry));
        answer.String("ProtectionLevel", KeySpecText.Of(KeySpecText.ProtectionLevels, state.ProtectionLevel));
        WriteLaterMetadata(answer, key);
        answer.EndObject();
    }

    // What the later documents add (dialects, section 5). Keys cannot be protected from deletion here.
    private static void WriteLaterMetadata(AliyunWriter answer, CmkDescription key)
    {
        var state = key.State;
        answer.String("KeySpec", KeySpecText.Of(KeySpecText.Specs, state.Spec));
        if (state.Spec.IsSymmetric()) answer.String("PrimaryKeyVersion", state.Primary.Id);
        answer.String("LastRotationDate", AliyunCall.Time(state.Primary.CreatedAt));
        answer.String("AutomaticRotation", key.Rotation.ToString());
        if (state.RotationInterval is { } interval)
        {
            answer.String("RotationInterval", RotationIntervalText.Of(interval));
            answer.String("NextRotationDate", AliyunCall.Time(state.NextRotation));
        }

        answer.String("DeletionProtection", "Disabled");
    }
}
