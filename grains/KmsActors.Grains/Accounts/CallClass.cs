namespace KmsActors.Grains;

/// <summary>What a call costs, roughly: calls of one class share a limit.</summary>
public enum CallClass
{
    /// <summary>Looks at keys, or changes something: a listing, a transaction.</summary>
    Management,

    /// <summary>Uses a symmetric key.</summary>
    Symmetric,

    /// <summary>Uses a pair of keys, up to a thousand times as dear.</summary>
    Asymmetric,
}
