using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Protocols.Huawei;

/// <summary>The life of keys: seed 003, 4.1.2 to 4.1.5.</summary>
internal static class KeyStateActions
{
    public static ValueTask<HuaweiError?> EnableKey(HuaweiCall call)
    {
        var keyId = call.Bind.KeyId();
        return call.RunAsync(
            new EnableKey(keyId), (answer, _) => WriteKeyInfo(answer, keyId, KeyState.Enabled));
    }

    public static ValueTask<HuaweiError?> DisableKey(HuaweiCall call)
    {
        var keyId = call.Bind.KeyId();
        return call.RunAsync(
            new DisableKey(keyId), (answer, _) => WriteKeyInfo(answer, keyId, KeyState.Disabled));
    }

    public static ValueTask<HuaweiError?> ScheduleKeyDeletion(HuaweiCall call)
    {
        var keyId = call.Bind.KeyId();
        var days = call.Bind.Number("pending_days", 7, 1096, HuaweiErrors.PendingDaysInvalid);
        return call.RunAsync(
            new ScheduleKeyDeletion(keyId, days), (answer, _) => WriteState(answer, keyId, KeyState.PendingDeletion));
    }

    /// <summary>Leaves the key disabled, or waiting for import again if it has no material.</summary>
    public static ValueTask<HuaweiError?> CancelKeyDeletion(HuaweiCall call)
    {
        var keyId = call.Bind.KeyId();
        return call.RunAsync(
            new CancelKeyDeletion(keyId, KeyState.Disabled), (answer, state) => WriteState(answer, keyId, state));
    }

    private static void WriteKeyInfo(HuaweiWriter answer, string keyId, KeyState state)
    {
        answer.BeginObject("key_info");
        WriteState(answer, keyId, state);
        answer.EndObject();
    }

    private static void WriteState(HuaweiWriter answer, string keyId, KeyState state)
    {
        answer.String("key_id", keyId);
        answer.String("key_state", KeyDetails.StateText(state));
    }
}
