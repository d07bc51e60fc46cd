namespace KmsActors.Simulator;

/// <summary>All that can be done, and how often it is beside the rest.</summary>
internal static class Acts
{
    /// <summary>By name; the order is part of what a seed means.</summary>
    public static IReadOnlyList<(string Name, int Weight, Func<Session, Task> Act)> All { get; } =
    [
        ("create", 8, KeyActs.CreateAsync),
        ("enable", 6, KeyActs.EnableAsync),
        ("disable", 6, KeyActs.DisableAsync),
        ("schedule", 6, KeyActs.ScheduleAsync),
        ("cancel", 6, KeyActs.CancelAsync),
        ("revoke and use", 12, RaceActs.RevokeAndUseAsync),
        ("grant and use", 8, RaceActs.GrantAndUseAsync),
        ("create and use", 4, RaceActs.CreateAndUseAsync),
        ("describe anew", 2, KeyActs.DescribeAnewAsync),
        ("rotate otherwise", 3, KeyActs.ChangeRotationAsync),
        ("tag", 2, KeyActs.TagAsync),
        ("untag", 1, KeyActs.UntagAsync),
        ("add version", 2, KeyActs.AddVersionAsync),
        ("encrypt", 14, UseActs.EncryptAsync),
        ("decrypt", 14, UseActs.DecryptAsync),
        ("data key", 4, UseActs.GenerateDataKeyAsync),
        ("hidden data key", 1, UseActs.GenerateHiddenDataKeyAsync),
        ("encrypt by alias", 6, UseActs.EncryptByAliasAsync),
        ("re-encrypt", 3, UseActs.ReEncryptAsync),
        ("sign", 3, UseActs.SignAsync),
        ("public key", 1, UseActs.GetPublicKeyAsync),
        ("prepare import", 5, ImportActs.PrepareAsync),
        ("import", 4, ImportActs.ImportAsync),
        ("delete material", 2, ImportActs.DeleteMaterialAsync),
        ("create alias", 5, AliasActs.CreateAsync),
        ("move alias", 5, AliasActs.MoveAsync),
        ("delete alias", 2, AliasActs.DeleteAsync),
        ("rename", 2, AliasActs.RenameAsync),
        ("describe", 3, ReadActs.DescribeAsync),
        ("list keys", 2, ReadActs.ListKeysAsync),
        ("list aliases", 2, ReadActs.ListAliasesAsync),
        ("create access key", 2, AccountActs.CreateAccessKeyAsync),
        ("switch access key", 2, AccountActs.SwitchAccessKeyAsync),
        ("rotate access key", 1, AccountActs.RotateAccessKeyAsync),
        ("delete access key", 1, AccountActs.DeleteAccessKeyAsync),
        ("switch account", 1, AccountActs.SwitchAsync),
        ("delete account", 1, AccountActs.ScheduleDeletionAsync),
        ("keep account", 2, AccountActs.CancelDeletionAsync),
        ("quotas", 2, AccountActs.ChangeQuotasAsync),
        ("rates", 2, AccountActs.ChangeRatesAsync),
    ];
}
