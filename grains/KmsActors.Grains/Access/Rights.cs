namespace KmsActors.Grains;

/// <summary>What a caller may do of one action: with which keys, in which enterprise projects.</summary>
public sealed class Rights
{
    /// <summary>Those of the account itself: everything (seed 003, 5.1).</summary>
    public static Rights Full { get; } = new();
}
