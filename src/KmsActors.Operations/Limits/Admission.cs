using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Operations;

/// <summary>Whether an account may call now, as far as how often it does is concerned.</summary>
public static class Admission
{
    /// <summary>
    /// Counts a call of a known caller: Throttled when his account has called too often, whoever of it calls and
    /// whether he may; else null. Without an action the call is for everybody, and counts all the same.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot answer.</exception>
    public static async ValueTask<Refusal?> CountAsync(
        Kms kms, Principal principal, PolicyAction? action, CancellationToken cancellation)
    {
        var callClass = action?.Class ?? CallClass.Management;
        var account = await kms.ReadAccountAsync(principal.Account, cancellation);
        return kms.Rates.Take(principal.Account, callClass, kms.Limits.RateOf(callClass, account));
    }
}
