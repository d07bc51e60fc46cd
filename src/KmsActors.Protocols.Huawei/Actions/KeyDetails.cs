using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Protocols.Huawei;

/// <summary>
/// A key as it is described: seed 003, table 4-31, and what later editions add. All of it is text; the times
/// are in milliseconds as in the examples, not in seconds as in the table.
/// </summary>
internal static class KeyDetails
{
    /// <summary>In the order of the table.</summary>
    public static void Write(HuaweiCall call, HuaweiWriter answer, CmkDescription key)
    {
        var state = key.State;
        answer.String("key_id", key.KeyId);
        answer.String("domain_id", call.DomainId);
        answer.String("key_alias", state.Alias);
        answer.String("realm", call.Realm);
        answer.String("key_description", state.Description);
        answer.TimeText("creation_date", state.CreatedAt);
        answer.TimeText("scheduled_deletion_date", state.DeletionDate);
        answer.String("key_state", StateText(key.KeyState));
        answer.String("default_key_flag", state.IsDefault ? "1" : "0");
        answer.String("key_type", "1");
        answer.TimeText("expiration_time", state.MaterialExpiry);
        answer.String("origin", state.Origin == KeyOrigin.Kms ? "kms" : "external");
        answer.String("sys_enterprise_project_id", state.EnterpriseProject);
        answer.BooleanText("key_rotation_enabled", state.RotationInterval is not null);
        answer.String("key_spec", KeySpecText.Of(KeySpecText.Specs, state.Spec));
        answer.String("key_usage", KeySpecText.Of(KeySpecText.Usages, state.Usage));
    }

    /// <summary>The number of a state. 1, pending activation, is no key's.</summary>
    public static string StateText(KeyState state) => state switch
    {
        KeyState.Enabled => "2",
        KeyState.Disabled => "3",
        KeyState.PendingDeletion => "4",
        _ => "5",
    };

    /// <summary>The states that have this number.</summary>
    public static KeyState[] StatesOf(string number) =>
        [.. Enum.GetValues<KeyState>().Where(state => StateText(state) == number)];
}
