using System.Collections.Immutable;
using KmsActors.Benchmarks.Processes;
using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Benchmarks.Scenarios;

/// <summary>Accounts with limits of their own, made before the server starts.</summary>
internal static class LimitedTenants
{
    /// <summary>An account with one key.</summary>
    /// <param name="filler">Of the server's data.</param>
    /// <param name="number">Tells it from the others.</param>
    /// <param name="ofAccount">How many symmetric calls it is taken; null for any number.</param>
    /// <param name="ofKey">How many uses its key is; null for any number.</param>
    public static async Task<UsableKey> AddAsync(StoreFiller filler, int number, Rate? ofAccount, Rate? ofKey)
    {
        var account = $"{long.Parse(ServerProcess.RootAccount) + number}";
        var credentials = await filler.CreateAccountAsync(account);
        var key = (await filler.CreateKeysAsync(account, 1))[0];
        if (ofAccount is { } rate)
        {
            var rates = new Dictionary<CallClass, Rate?> { [CallClass.Symmetric] = rate };
            await filler.DoAsync(account, new ChangeAccountLimits { Rates = rates });
        }

        if (ofKey is not null) await filler.DoAsync(account, new SetKeyRate(key, ofKey));
        return new UsableKey(credentials, key);
    }
}
