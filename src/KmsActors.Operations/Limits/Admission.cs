using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Operations;

/// <summary>Whether a call is to be carried out, as far as can be told without its parameters.</summary>
public static class Admission
{
    /// <summary>
    /// The caller's rights in the action; Throttled when the account has called too often, whoever of it calls and
    /// whether he may. Without an action the call is for everybody, and counts all the same.
    /// </summary>
    /// <param name="kms">The service.</param>
    /// <param name="principal">Who calls.</param>
    /// <param name="project">The project in which he calls; null for the account's first.</param>
    /// <param name="action">What he calls.</param>
    /// <param name="cancellation">The caller has gone.</param>
    /// <exception cref="StoreUnavailableException">The store cannot answer.</exception>
    public static async ValueTask<Outcome<Rights>> AdmitAsync(
        Kms kms, Principal principal, string? project, PolicyAction? action, CancellationToken cancellation)
    {
        var callClass = action?.Class ?? CallClass.Management;
        var account = await kms.ReadAccountAsync(principal.Account, cancellation);
        var rate = kms.Limits.RateOf(callClass, account);
        if (kms.Rates.Take(principal.Account, callClass, rate) is { } refusal) return refusal;
        return action is null
            ? Rights.Full
            : await Authorization.RightsAsync(kms, principal, project, action, cancellation);
    }
}
