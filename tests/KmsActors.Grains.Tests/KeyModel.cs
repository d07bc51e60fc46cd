namespace KmsActors.Grains.Tests;

/// <summary>
/// A key as the two documents describe it in words, without tables: what each call answers, and what becomes
/// of the key. Kept apart from the grain in all but the names.
/// </summary>
internal sealed class KeyModel(bool external, DateTimeOffset start)
{
    private bool _enabled = true;
    private bool _material = !external;
    private int? _first;
    private DateTimeOffset? _expiry;
    private DateTimeOffset? _deletion;

    public DateTimeOffset Now { get; set; } = start;

    public bool Gone => _deletion <= Now;

    public DateTimeOffset? Deletion => _deletion;

    public bool Material => _material && !(_expiry <= Now);

    public KeyState State =>
        _deletion is not null ? KeyState.PendingDeletion
        : !Material ? KeyState.PendingImport
        : _enabled ? KeyState.Enabled : KeyState.Disabled;

    public RefusalCode? Use() => Existing() ?? State switch
    {
        KeyState.Disabled => RefusalCode.KeyDisabled,
        KeyState.PendingDeletion => RefusalCode.KeyPendingDeletion,
        KeyState.PendingImport => RefusalCode.KeyPendingImport,
        _ => null,
    };

    public RefusalCode? Annotate() => Existing() ?? (_deletion is null ? null : RefusalCode.KeyPendingDeletion);

    // Huawei: "a key has to be disabled to be enabled", and the other way round. Aliyun minds neither.
    public RefusalCode? SetEnabled(bool enabled, bool huawei)
    {
        var from = enabled ? KeyState.Disabled : KeyState.Enabled;
        var no = huawei
            ? State == from ? null : enabled ? RefusalCode.KeyNotDisabled : (RefusalCode?)RefusalCode.KeyNotEnabled
            : State is KeyState.Enabled or KeyState.Disabled ? null : RefusalCode.StateModifyFailed;
        return Existing() ?? no ?? Do(() => _enabled = enabled);
    }

    public RefusalCode? Schedule(TimeSpan window, bool huawei)
    {
        var no = huawei ? RefusalCode.AlreadyPendingDeletion : RefusalCode.StateModifyFailed;
        return Existing() ?? (_deletion is null ? Do(() => _deletion = Now + window) : no);
    }

    public RefusalCode? Cancel(bool huawei)
    {
        var no = huawei ? RefusalCode.NotPendingDeletion : RefusalCode.StateModifyFailed;
        if ((Existing() ?? (_deletion is null ? no : null)) is { } refusal) return refusal;
        // Aliyun gives the key back as one to use, Huawei as a disabled one; without material it waits.
        _deletion = null;
        _enabled = !huawei;
        if (!Material) Erase();
        return null;
    }

    public RefusalCode? Import(int material, DateTimeOffset? expiry, bool huawei)
    {
        if ((Existing() ?? OwnersOnly()) is { } refusal) return refusal;
        if (huawei && State != KeyState.PendingImport) return RefusalCode.NotPendingImport;
        if (_deletion is not null) return RefusalCode.StateModifyFailed;
        // The first import is of whatever it is, and decides what the later ones have to be.
        if (_first is { } first && first != material) return RefusalCode.KeyMaterialDiffers;
        _enabled |= !Material;
        (_material, _first, _expiry) = (true, material, expiry);
        return null;
    }

    public RefusalCode? DeleteMaterial(bool huawei)
    {
        var no = huawei && State is not (KeyState.Enabled or KeyState.Disabled);
        return Existing() ?? OwnersOnly() ?? (no ? RefusalCode.MaterialNotDeletable : Do(Erase));
    }

    private void Erase() => (_material, _expiry) = (false, null);

    private RefusalCode? Existing() => Gone ? RefusalCode.KeyNotFound : null;

    private RefusalCode? OwnersOnly() => external ? null : RefusalCode.OriginNotAllowed;

    private static RefusalCode? Do(Action change)
    {
        change();
        return null;
    }
}
