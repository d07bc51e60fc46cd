using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Protocols.Huawei;

/// <summary>Rotation, as later editions have it: an interval in days.</summary>
internal static class RotationActions
{
    private const int LeastDays = 30;
    private const int MostDays = 365;
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromDays(MostDays);

    public static ValueTask<HuaweiError?> Enable(HuaweiCall call) =>
        call.RunAsync(new EnableKeyRotation(call.Bind.KeyId(), DefaultInterval), Special);

    public static ValueTask<HuaweiError?> Disable(HuaweiCall call) =>
        call.RunAsync(new UpdateRotationPolicy(call.Bind.KeyId(), null), Special);

    public static ValueTask<HuaweiError?> UpdateInterval(HuaweiCall call)
    {
        var keyId = call.Bind.KeyId();
        var days = call.Bind.Number(
            "rotation_interval", LeastDays, MostDays, HuaweiErrors.ParameterInvalid, NumberForm.TextOrInteger);
        return call.RunAsync(new ChangeRotationInterval(keyId, TimeSpan.FromDays(days)), Special);
    }

    public static ValueTask<HuaweiError?> GetStatus(HuaweiCall call) =>
        call.RunAsync(new DescribeKey(KeyReference.ById(call.Bind.KeyId())), static (answer, key) =>
        {
            var rotations = key.State.Versions.Length - 1;
            answer.Boolean("key_rotation_enabled", key.State.RotationInterval is not null);
            answer.Number("rotation_interval", (long)(key.State.RotationInterval ?? DefaultInterval).TotalDays);
            answer.TimeText("last_rotation_time", rotations > 0 ? key.State.Primary.CreatedAt : null);
            answer.Number("number_of_rotations", rotations);
        });

    private static HuaweiError? Special(RefusalCode code) =>
        code == RefusalCode.OriginNotAllowed ? HuaweiErrors.ExternalKeyNotRotatable : null;
}
