using System.Text.Json;
using KmsActors.Grains;

namespace KmsActors.Simulator;

/// <summary>
/// What a stored CMK says of itself, read by nobody's code but this. Null stands for a key that there is not.
/// </summary>
internal sealed record KeyView
{
    /// <summary>The state as set; what time has done since is in <see cref="StateAt"/>.</summary>
    public required KeyState State { get; init; }

    /// <summary>When it is to be deleted.</summary>
    public required DateTimeOffset? DeletionDate { get; init; }

    /// <summary>When its material expires.</summary>
    public required DateTimeOffset? MaterialExpiry { get; init; }

    /// <summary>Whether only a tombstone is left.</summary>
    public required bool IsDeleted { get; init; }

    /// <summary>Whether it has material to bring along.</summary>
    public required bool IsExternal { get; init; }

    /// <summary>Whether its last version has material.</summary>
    public required bool HasMaterial { get; init; }

    /// <summary>Whether it is one key rather than a pair.</summary>
    public bool IsSymmetric => Spec is KeySpec.Aes256 or KeySpec.Sm4;

    /// <summary>Its versions' ids, oldest first.</summary>
    public required IReadOnlyList<string> Versions { get; init; }

    /// <summary>When the last version was made.</summary>
    public required DateTimeOffset? VersionAt { get; init; }

    /// <summary>How often it rotates.</summary>
    public required TimeSpan? RotationInterval { get; init; }

    /// <summary>Its own name.</summary>
    public required string? Alias { get; init; }

    /// <summary>The owner's words.</summary>
    public required string Description { get; init; }

    /// <summary>Its tags.</summary>
    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    /// <summary>Its grants, oldest first.</summary>
    public required IReadOnlyList<GrantView> Grants { get; init; }

    /// <summary>How often a second it may be used; null where that is left to the service.</summary>
    public required int? Rate { get; init; }

    /// <summary>What kind of key it is.</summary>
    public required KeySpec Spec { get; init; }

    /// <summary>Whether it signs rather than encrypts.</summary>
    public required bool Signs { get; init; }

    /// <summary>Whether it is a service's rather than its owner's.</summary>
    public bool IsDefault => Alias?.EndsWith("/default", StringComparison.Ordinal) == true;

    /// <summary>Reads a stored state.</summary>
    public static KeyView Of(JsonElement stored)
    {
        var versions = stored.GetProperty(nameof(Versions)).EnumerateArray().ToList();
        return new KeyView
        {
            State = Enum.Parse<KeyState>(stored.GetProperty("KeyState").GetString()!),
            DeletionDate = stored.TimeOf("DeletionDate"),
            MaterialExpiry = stored.TimeOf("MaterialExpiry"),
            IsDeleted = stored.TryGetProperty("DeletedAt", out _),
            IsExternal = stored.GetProperty("Origin").GetString() == nameof(KeyOrigin.External),
            HasMaterial = versions.Count > 0 && versions[^1].TryGetProperty("WrappedMaterial", out _),
            Versions = [.. versions.Select(version => version.GetProperty("Id").GetString()!)],
            VersionAt = versions.Count > 0 ? versions[^1].GetProperty("CreatedAt").GetDateTimeOffset() : null,
            RotationInterval = stored.TextOf("RotationInterval") is { } interval
                ? TimeSpan.Parse(interval, System.Globalization.CultureInfo.InvariantCulture)
                : null,
            Alias = stored.TextOf("Alias"),
            Description = stored.TextOf("Description") ?? "",
            Tags = stored.PropertiesOf(nameof(Tags)).ToDictionary(tag => tag.Name, tag => tag.Value.GetString()!),
            Rate = stored.TryGetProperty(nameof(Rate), out var rate) ? rate.GetProperty("PerSecond").GetInt32() : null,
            Grants = [.. stored.ItemsOf(nameof(Grants)).Select(GrantView.Of)],
            Spec = stored.TextOf(nameof(Spec)) is { } spec ? Enum.Parse<KeySpec>(spec) : KeySpec.Aes256,
            Signs = stored.TextOf("Usage") == nameof(KeyUsage.SignVerify),
        };
    }

    /// <summary>Whether it is there at a time.</summary>
    public bool IsThereAt(DateTimeOffset at) => !IsDeleted && !(DeletionDate <= at);

    /// <summary>Whether it has material at a time.</summary>
    public bool HasMaterialAt(DateTimeOffset at) => HasMaterial && !(MaterialExpiry <= at);

    /// <summary>Its state at a time.</summary>
    public KeyState StateAt(DateTimeOffset at) =>
        State is KeyState.Enabled or KeyState.Disabled && !HasMaterialAt(at) ? KeyState.PendingImport : State;

    /// <summary>
    /// Why a command is refused at a time, or null, by the tables of seed 001, section 2: the oracle's own copy.
    /// </summary>
    public static RefusalCode? Refuses(KeyView? key, KeyCommand command, DateTimeOffset at)
    {
        if (key is null || !key.IsThereAt(at)) return RefusalCode.KeyNotFound;
        var unfit = key.IsUnfitFor(command);
        if (unfit is not null) return unfit;
        var state = key.StateAt(at);
        return command switch
        {
            KeyCommand.EncryptDecrypt or KeyCommand.SignVerify or KeyCommand.GetPublicKey
                or KeyCommand.CreateVersion or KeyCommand.UpdateRotation or KeyCommand.AsymmetricEncryptDecrypt =>
                state switch
                {
                    KeyState.Enabled => null,
                    KeyState.Disabled => RefusalCode.KeyDisabled,
                    KeyState.PendingDeletion => RefusalCode.KeyPendingDeletion,
                    _ => RefusalCode.KeyPendingImport,
                },
            KeyCommand.Enable or KeyCommand.Disable =>
                state is KeyState.Enabled or KeyState.Disabled ? null : RefusalCode.StateModifyFailed,
            KeyCommand.ScheduleDeletion or KeyCommand.CreateAlias or KeyCommand.ImportMaterial =>
                state == KeyState.PendingDeletion ? RefusalCode.StateModifyFailed : null,
            KeyCommand.CancelDeletion =>
                state == KeyState.PendingDeletion ? null : RefusalCode.StateModifyFailed,
            KeyCommand.UpdateAlias or KeyCommand.Annotate =>
                state == KeyState.PendingDeletion ? RefusalCode.KeyPendingDeletion : null,
            _ => null,
        };
    }

    private RefusalCode? IsUnfitFor(KeyCommand command) => command switch
    {
        KeyCommand.Disable or KeyCommand.ScheduleDeletion or KeyCommand.CreateAlias or KeyCommand.UpdateAlias
            or KeyCommand.Annotate or KeyCommand.UpdateRotation when IsDefault => RefusalCode.DefaultKeyProtected,
        KeyCommand.GetImportParameters or KeyCommand.ImportMaterial or KeyCommand.DeleteMaterial =>
            IsExternal ? null : RefusalCode.OriginNotAllowed,
        KeyCommand.EncryptDecrypt => IsSymmetric ? null : RefusalCode.UsageNotAllowed,
        KeyCommand.AsymmetricEncryptDecrypt => IsSymmetric || Signs ? RefusalCode.UsageNotAllowed : null,
        KeyCommand.SignVerify => Signs ? null : RefusalCode.UsageNotAllowed,
        KeyCommand.GetPublicKey => IsSymmetric ? RefusalCode.UsageNotAllowed : null,
        KeyCommand.CreateVersion => IsSymmetric ? RefusalCode.RotationNotSupported : null,
        KeyCommand.UpdateRotation when !IsSymmetric => RefusalCode.RotationNotSupported,
        KeyCommand.UpdateRotation => IsExternal ? RefusalCode.OriginNotAllowed : null,
        _ => null,
    };
}
