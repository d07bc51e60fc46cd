namespace KmsActors.Grains;

/// <summary>A new CMK, with all that had to be gathered before its turn.</summary>
public sealed record NewCmk
{
    /// <summary>What kind of key it is.</summary>
    public required KeySpec Spec { get; init; }

    /// <summary>What it is for; something its kind allows.</summary>
    public required KeyUsage Usage { get; init; }

    /// <summary>The id of its first version.</summary>
    public required string VersionId { get; init; }

    /// <summary>Material made and wrapped by the HSA, or null for a key of origin EXTERNAL.</summary>
    public required byte[]? WrappedMaterial { get; init; }

    /// <summary>How the material is protected.</summary>
    public required ProtectionLevel ProtectionLevel { get; init; }

    /// <summary>The owner's words.</summary>
    public required string Description { get; init; }

    /// <summary>Its own name, of which the same turn makes an alias; null for none.</summary>
    public string? Alias { get; init; }

    /// <summary>The enterprise project it belongs to.</summary>
    public string EnterpriseProject { get; init; } = CmkState.DefaultEnterpriseProject;

    /// <summary>How often it rotates by itself, or null for never; only of symmetric keys with material.</summary>
    public TimeSpan? RotationInterval { get; init; }

    /// <summary>Its first tags, each key once.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>> Tags { get; init; } = [];

    /// <summary>The most keys the account may have.</summary>
    public required long MostKeys { get; init; }

    /// <summary>The most tags it may have.</summary>
    public required long MostTags { get; init; }
}
