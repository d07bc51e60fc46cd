using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Who a request comes from, as its credential proves.</summary>
/// <param name="Account">The account.</param>
/// <param name="User">One of its users; null for the account itself.</param>
public sealed record Principal(string Account, string? User)
{
    /// <summary>The user of this name, who may be the account itself.</summary>
    public static Principal Of(string account, string? user) =>
        new(account, user is null || UserGrain.IsAccount(account, user) ? null : user);
}
