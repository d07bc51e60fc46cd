namespace KmsActors.Grains;

/// <summary>Of what an account may have only so much. The names are stored.</summary>
public enum Quota
{
    /// <summary>CMKs, default master keys apart.</summary>
    Keys,

    /// <summary>Aliases.</summary>
    Aliases,

    /// <summary>Tags of one CMK.</summary>
    TagsPerKey,

    /// <summary>Import tokens that are alive or not yet forgotten.</summary>
    ImportTokens,

    /// <summary>Users.</summary>
    Users,

    /// <summary>Groups.</summary>
    Groups,

    /// <summary>Users' tokens that are alive or not yet forgotten.</summary>
    Tokens,
}

/// <summary>What a quota may be.</summary>
public static class QuotaRules
{
    /// <summary>The greatest value of a quota.</summary>
    public static long Most(this Quota quota) => quota switch
    {
        Quota.Keys or Quota.Aliases => 100_000_000,
        Quota.TagsPerKey => CmkGrain.MostTags,
        Quota.Tokens => 10_000_000,
        _ => 1_000_000,
    };

    /// <summary>Whether <paramref name="value"/> can be a quota: 0 to <see cref="Most"/>.</summary>
    public static bool Allows(this Quota quota, long value) =>
        Enum.IsDefined(quota) && value >= 0 && value <= quota.Most();
}
