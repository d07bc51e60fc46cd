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
    /// <exception cref="StoreUnavailableException">The store cannot answer.</exception>
    public static async ValueTask<Outcome<Rights>> AdmitAsync(
        Kms kms, Principal principal, PolicyAction? action, CancellationToken cancellation)
    {
        var callClass = action?.Class ?? CallClass.Management;
        var own = (await kms.ReadAccountAsync(principal.Account, cancellation))?.Rates;
        var rate = own is not null && own.TryGetValue(callClass, out var given)
            ? given
            : kms.Limits.RateOf(callClass);
        if (kms.Rates.Take(principal.Account, callClass, rate) is { } refusal) return refusal;
        return action is null
            ? Rights.Full
            : await Authorization.RightsAsync(kms, principal, action, cancellation);
    }
}
