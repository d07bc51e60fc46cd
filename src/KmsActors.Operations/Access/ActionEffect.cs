namespace KmsActors.Operations;

/// <summary>What an action does to what is kept.</summary>
public enum ActionEffect
{
    /// <summary>
    /// It tells of it, or uses a key, and leaves it as it is; but for a default master key that is made when it is
    /// first used.
    /// </summary>
    Reads,

    /// <summary>It may change something, make it or remove it.</summary>
    Writes,
}
