using System.Runtime.InteropServices;

namespace KmsActors.Grains;

/// <summary>How many calls are taken: so many a second for ever, and so many at once after a pause.</summary>
/// <param name="PerSecond">1 to 1 000 000; 0 for no limit.</param>
/// <param name="Burst">1 to 1 000 000, counted with the one that comes first; of no limit it says nothing.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Rate(int PerSecond, int Burst)
{
    /// <summary>The most of either.</summary>
    public const int Most = 1_000_000;

    /// <summary>No limit.</summary>
    public static Rate Unlimited { get; }

    /// <summary>Whether it is one: within the bounds, or unlimited.</summary>
    public bool IsValid => PerSecond is >= 0 and <= Most && Burst <= Most && Burst >= (IsUnlimited ? 0 : 1);

    /// <summary>Whether it limits nothing.</summary>
    public bool IsUnlimited => PerSecond == 0;
}
