using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Protocols.Huawei;

/// <summary>How many keys there are and may be, default master keys apart: seed 003, 4.1.13 and 4.1.14.</summary>
internal static class QuotaActions
{
    public static ValueTask<HuaweiError?> UserInstances(HuaweiCall call) =>
        call.RunAsync(new GetKeyQuota(), static (answer, keys) => answer.Number("instance_num", keys.Used));

    public static ValueTask<HuaweiError?> UserQuotas(HuaweiCall call) =>
        call.RunAsync(new GetKeyQuota(), static (answer, keys) =>
        {
            answer.BeginObject("quotas");
            answer.BeginList("resources");
            WriteQuota(answer, "CMK", keys.Used, keys.Quota);
            // Of no one key in particular; the document does not say what number it would be.
            WriteQuota(answer, "grant_per_CMK", 0, CmkGrain.MostGrants);
            answer.EndList();
            answer.EndObject();
        });

    private static void WriteQuota(HuaweiWriter answer, string type, long used, long quota)
    {
        answer.BeginItem();
        answer.String("type", type);
        answer.Number("used", used);
        answer.Number("quota", quota);
        answer.EndItem();
    }
}
