using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Creates a CMK (seed 001, 4.1; its kinds: seed 004).</summary>
public sealed record CreateKey : IOperation<CmkDescription>
{
    /// <summary>Whether the HSA makes the material now or the owner imports it later.</summary>
    public KeyOrigin Origin { get; init; }

    /// <summary>What kind of key.</summary>
    public KeySpec Spec { get; init; }

    /// <summary>What it is for.</summary>
    public KeyUsage Usage { get; init; }

    /// <summary>How the material is to be protected.</summary>
    public ProtectionLevel ProtectionLevel { get; init; }

    /// <summary>0 to 8192 characters.</summary>
    public string Description { get; init; } = "";

    /// <summary>Its own name, of which an alias is made with it; null for none (seed 003, 4.1.1).</summary>
    public string? Alias { get; init; }

    /// <summary>The enterprise project it is to belong to.</summary>
    public string EnterpriseProject { get; init; } = CmkState.DefaultEnterpriseProject;

    /// <summary>How often it is to rotate by itself, 7 to 730 days; null for never.</summary>
    public TimeSpan? RotationInterval { get; init; }

    /// <summary>Its first tags.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>> Tags { get; init; } = [];

    /// <inheritdoc/>
    public async ValueTask<Outcome<CmkDescription>> RunAsync(OperationContext context)
    {
        if (context.Rights.ForbidsIn(EnterpriseProject) is { } forbidden) return forbidden;
        if (Contradiction() is { } contradiction) return contradiction;
        if (context.ForbidsMaterial(Spec, ProtectionLevel) is { } unsupported) return unsupported;
        var keyId = context.Kms.NewId();
        NewKeyVersion? version = null;
        if (Origin == KeyOrigin.Kms)
        {
            var made = await context.MakeVersionAsync(keyId, Spec, ProtectionLevel);
            if (made.Refused(out var unmade)) return unmade;
            version = made.Value;
        }

        var key = new NewCmk
        {
            Spec = Spec,
            Usage = Usage,
            VersionId = version?.Id ?? context.Kms.NewId(),
            WrappedMaterial = version?.WrappedMaterial,
            ProtectionLevel = ProtectionLevel,
            Description = Description,
            Alias = Alias,
            EnterpriseProject = EnterpriseProject,
            RotationInterval = RotationInterval,
            Tags = Tags,
            MostKeys = await MostKeysAsync(context),
            MostTags = await context.QuotaAsync(Quota.TagsPerKey),
        };
        var created = await CreateAsync(context, keyId, key);
        return created.Refused(out var refusal)
            ? refusal
            : CmkDescription.At(context.Now, keyId, created.Value);
    }

    private async ValueTask<Outcome<CmkState>> CreateAsync(OperationContext context, string keyId, NewCmk key)
    {
        if (Alias is null) return await context.InCmkTurn(keyId, cmk => cmk.Create(key));
        var most = await context.QuotaAsync(Quota.Aliases);
        return await context.Kms.Host.InTurn<CmkGrain, AliasGrain, CmkState>(
            context.Cmk(keyId),
            context.Alias(Alias),
            context.Turn,
            (cmk, alias) =>
            {
                var created = cmk.Create(key);
                if (created.Refused(out _)) return created;
                var named = alias.Create(cmk, most);
                return named.Refused(out var refusal) ? refusal : created;
            },
            context.Cancellation);
    }

    // A default key that comes meanwhile makes the limit one less for this call, and never more than it is.
    private static async ValueTask<long> MostKeysAsync(OperationContext context)
    {
        var account = await context.ReadAccountAsync();
        return context.Kms.Limits.Of(Quota.Keys, account) + context.DefaultKeysIn(account).Count;
    }

    /// <summary>Asymmetric keys are not imported; they and imported ones do not rotate by themselves.</summary>
    private Refusal? Contradiction()
    {
        if (!Spec.Allows(Usage)) return Refusal.Invalid(nameof(Usage));
        var imported = Origin == KeyOrigin.External;
        if (imported && !Spec.IsSymmetric()) return Refusal.Invalid(nameof(Origin));
        return RotationInterval is not null && (imported || !Spec.IsSymmetric())
            ? Refusal.Invalid(nameof(RotationInterval))
            : null;
    }
}
