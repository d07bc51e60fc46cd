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
    public required bool IsSymmetric { get; init; }

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

    /// <summary>How many grants it has.</summary>
    public required int Grants { get; init; }

    /// <summary>Whether it may be used only so often.</summary>
    public required bool HasRate { get; init; }

    /// <summary>Reads a stored state.</summary>
    public static KeyView Of(JsonElement stored)
    {
        var versions = stored.GetProperty(nameof(Versions)).EnumerateArray().ToList();
        return new KeyView
        {
            State = Enum.Parse<KeyState>(stored.GetProperty("KeyState").GetString()!),
            DeletionDate = Time(stored, "DeletionDate"),
            MaterialExpiry = Time(stored, "MaterialExpiry"),
            IsDeleted = stored.TryGetProperty("DeletedAt", out _),
            IsExternal = stored.GetProperty("Origin").GetString() == nameof(KeyOrigin.External),
            HasMaterial = versions.Count > 0 && versions[^1].TryGetProperty("WrappedMaterial", out _),
            IsSymmetric = Text(stored, "Spec") is null or nameof(KeySpec.Aes256) or nameof(KeySpec.Sm4),
            Versions = [.. versions.Select(version => version.GetProperty("Id").GetString()!)],
            VersionAt = versions.Count > 0 ? versions[^1].GetProperty("CreatedAt").GetDateTimeOffset() : null,
            RotationInterval = Text(stored, "RotationInterval") is { } interval
                ? TimeSpan.Parse(interval, System.Globalization.CultureInfo.InvariantCulture)
                : null,
            Alias = Text(stored, "Alias"),
            Description = Text(stored, "Description") ?? "",
            Tags = stored.TryGetProperty(nameof(Tags), out var tags)
                ? tags.EnumerateObject().ToDictionary(tag => tag.Name, tag => tag.Value.GetString()!)
                : new Dictionary<string, string>(),
            HasRate = stored.TryGetProperty("Rate", out _),
            Grants = stored.TryGetProperty(nameof(Grants), out var grants) ? grants.GetArrayLength() : 0,
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
        KeyCommand.GetImportParameters or KeyCommand.ImportMaterial or KeyCommand.DeleteMaterial =>
            IsExternal ? null : RefusalCode.OriginNotAllowed,
        KeyCommand.EncryptDecrypt => IsSymmetric ? null : RefusalCode.UsageNotAllowed,
        KeyCommand.SignVerify or KeyCommand.GetPublicKey => IsSymmetric ? RefusalCode.UsageNotAllowed : null,
        KeyCommand.CreateVersion => IsSymmetric ? RefusalCode.RotationNotSupported : null,
        KeyCommand.UpdateRotation when !IsSymmetric => RefusalCode.RotationNotSupported,
        KeyCommand.UpdateRotation => IsExternal ? RefusalCode.OriginNotAllowed : null,
        _ => null,
    };

    private static string? Text(JsonElement stored, string name) =>
        stored.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static DateTimeOffset? Time(JsonElement stored, string name) =>
        stored.TryGetProperty(name, out var value) ? value.GetDateTimeOffset() : null;
}
