namespace KmsActors.Grains.Tests;

/// <summary>Runs grains without a host: each call is a turn at a chosen time.</summary>
internal static class GrainFixture
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public const string Account = "1000000000000001";
    public const string KeyId = "08c33a6f-4e0a-4a1b-a3fa-7ddfa1d40000";
    public const string VersionId = "0e478b7a-4262-4802-b8cb-00d3fb400000";

    public static readonly byte[] Material = [1, 2, 3];
    public static readonly byte[] Fingerprint = [9, 9];

    public static CmkGrain Cmk(
        CmkState? state = null, DateTimeOffset? now = null, CmkLifecycle? lifecycle = null, string keyId = KeyId) => new()
    {
        Id = GrainId.OfCmk(Account, keyId),
        Now = now ?? Start,
        StateObject = state,
        Lifecycle = lifecycle ?? CmkLifecycle.Aliyun,
    };

    public static CmkState New(
        KeyOrigin origin = KeyOrigin.Kms,
        KeySpec spec = KeySpec.Aes256,
        KeyUsage usage = KeyUsage.EncryptDecrypt,
        TimeSpan? rotation = null)
    {
        var grain = Cmk();
        grain.Create(NewCmk(origin, spec, usage) with { RotationInterval = rotation });
        return grain.State;
    }

    public static NewCmk NewCmk(
        KeyOrigin origin = KeyOrigin.Kms,
        KeySpec spec = KeySpec.Aes256,
        KeyUsage usage = KeyUsage.EncryptDecrypt) => new()
    {
        Spec = spec,
        Usage = usage,
        VersionId = VersionId,
        WrappedMaterial = origin == KeyOrigin.Kms ? Material : null,
        ProtectionLevel = ProtectionLevel.Software,
        Description = "",
        MostKeys = 10,
        MostTags = 10,
    };

    /// <summary>A key of our own making that has been brought to <paramref name="state"/>.</summary>
    public static CmkState In(KeyState state, KeySpec spec, KeyUsage usage = KeyUsage.EncryptDecrypt)
    {
        var grain = Cmk(New(spec: spec, usage: usage));
        if (state == KeyState.Disabled) grain.Disable();
        if (state == KeyState.PendingDeletion) grain.ScheduleDeletion(TimeSpan.FromDays(7));
        Assert.Equal(state, grain.State.KeyState);
        return grain.State;
    }

    /// <summary>Tags a key that may have as many as the documents say.</summary>
    public static Outcome<Done> Tag(this CmkGrain cmk, IReadOnlyCollection<KeyValuePair<string, string>> tags) =>
        cmk.Tag(tags, 10);

    public static ImportedMaterial Import(byte[]? fingerprint = null, DateTimeOffset? expiry = null) =>
        new(VersionId, Material, fingerprint ?? Fingerprint, expiry);

    /// <summary>A key of origin EXTERNAL that has been brought to <paramref name="state"/>.</summary>
    public static CmkState ExternalIn(KeyState state)
    {
        var grain = Cmk(New(KeyOrigin.External));
        if (state == KeyState.PendingImport) return grain.State;
        grain.ImportMaterial(Import());
        if (state == KeyState.Disabled) grain.Disable();
        if (state == KeyState.PendingDeletion) grain.ScheduleDeletion(TimeSpan.FromDays(7));
        Assert.Equal(state, grain.State.KeyState);
        return grain.State;
    }

    public static RefusalCode? CodeOf<T>(Outcome<T> outcome) => outcome.Refusal?.Code;
}
