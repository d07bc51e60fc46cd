using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>A CMK as its owner sees it at one instant.</summary>
/// <param name="KeyId">Its id.</param>
/// <param name="KeyState">Its state at that instant, time's doing included.</param>
/// <param name="Rotation">Whether it rotates by itself at that instant.</param>
/// <param name="State">All else.</param>
public sealed record CmkDescription(string KeyId, KeyState KeyState, AutomaticRotation Rotation, CmkState State)
{
    /// <summary>The key as it is at <paramref name="now"/>.</summary>
    public static CmkDescription At(DateTimeOffset now, string keyId, CmkState state) =>
        new(keyId, state.StateAt(now), state.RotationAt(now), state);
}
