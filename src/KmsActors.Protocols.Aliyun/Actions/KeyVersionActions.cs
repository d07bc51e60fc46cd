using KmsActors.Operations;

namespace KmsActors.Protocols.Aliyun;

/// <summary>Versions of keys and their rotation, as the later documents have them.</summary>
internal static class KeyVersionActions
{
    public static ValueTask<AliyunError?> CreateKeyVersion(AliyunCall call) =>
        call.RunAsync(new CreateKeyVersion(call.Bind.KeyOrAlias("KeyId")), WriteVersion);

    public static ValueTask<AliyunError?> DescribeKeyVersion(AliyunCall call)
    {
        var keyId = call.Bind.KeyId("KeyId");
        return call.RunAsync(new DescribeKeyVersion(keyId, call.Bind.KeyVersionId()), WriteVersion);
    }

    public static ValueTask<AliyunError?> ListKeyVersions(AliyunCall call)
    {
        var key = call.Bind.KeyOrAlias("KeyId");
        var page = call.Bind.Page();
        return call.RunAsync(new ListKeyVersions(key, page.Offset, page.Size), (answer, versions) =>
        {
            answer.BeginList("KeyVersions", "KeyVersion");
            foreach (var version in versions.Items)
            {
                answer.BeginItem();
                WriteFields(answer, version);
                answer.EndItem();
            }

            answer.EndList();
            KeyActions.WritePage(answer, versions.TotalCount, page);
        });
    }

    public static ValueTask<AliyunError?> UpdateRotationPolicy(AliyunCall call)
    {
        var keyId = call.Bind.KeyId("KeyId");
        var enable = call.Bind.RequiredChoice("EnableAutomaticRotation", ("false", false), ("true", true));
        return call.RunAsync(new UpdateRotationPolicy(keyId, call.Bind.RotationInterval(enable)));
    }

    private static void WriteVersion(AliyunWriter answer, CmkVersion version)
    {
        answer.BeginObject("KeyVersion");
        WriteFields(answer, version);
        answer.EndObject();
    }

    private static void WriteFields(AliyunWriter answer, CmkVersion version)
    {
        answer.String("KeyId", version.KeyId);
        answer.String("KeyVersionId", version.VersionId);
        answer.String("CreationDate", AliyunCall.Time(version.CreatedAt));
    }
}
