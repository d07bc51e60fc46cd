using KmsActors.Operations;

namespace KmsActors.Protocols.Huawei;

/// <summary>Carries out one call: reads its fields, runs its operation, renders the result.</summary>
/// <returns>The error to answer with, or null when the answer has been rendered.</returns>
internal delegate ValueTask<HuaweiError?> HuaweiAction(HuaweiCall call);

/// <summary>One endpoint of the service.</summary>
/// <param name="Action">What it does.</param>
/// <param name="PolicyAction">What a user's policies must allow for it (seed 003, 5.2).</param>
internal sealed record Endpoint(HuaweiAction Action, PolicyAction PolicyAction)
{
    /// <summary>Whether its success is a 204, which has no body.</summary>
    public bool HasNoContent { get; init; }
}
