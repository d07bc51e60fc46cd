using System.Diagnostics;
using KmsActors.Benchmarks.Load;
using KmsActors.Benchmarks.Processes;

namespace KmsActors.Benchmarks.Scenarios;

/// <summary>A store with a number of keys: half of them one account's, the others many's.</summary>
/// <param name="Name">Says the number.</param>
/// <param name="Data">The data directory.</param>
/// <param name="Keys">How many.</param>
/// <param name="Big">The access key of the account with half of them.</param>
/// <param name="Usable">Those that can encrypt.</param>
internal sealed record StoreOfSize(string Name, string Data, int Keys, Credentials Big, UsableKey[] Usable)
{
    private const int MostAccounts = 1000;
    private const int MostUsable = 10_000;

    /// <summary>Makes it.</summary>
    public static async Task<StoreOfSize> FillAsync(Lab lab, int keys)
    {
        var began = Stopwatch.GetTimestamp();
        var data = lab.NewDirectory();
        var accounts = new List<(string Account, Credentials Credentials)>();
        UsableKey[] usable;
        await using (var filler = await StoreFiller.OpenAsync(data))
        {
            for (var i = 0; i < Math.Min(MostAccounts, keys / 100); i++)
            {
                var account = $"{long.Parse(ServerProcess.RootAccount) + i}";
                accounts.Add((account, await filler.CreateAccountAsync(account)));
            }

            usable = await filler.FillAsync(accounts, keys, Math.Min(MostUsable, keys));
        }

        var mebibytes = new FileInfo(Path.Combine(data, "kms.db")).Length / 1048576;
        Console.WriteLine(
            $"   filled with {keys:N0} keys of {accounts.Count:N0} accounts, {mebibytes:N0} MiB, in "
            + $"{Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s");
        return new StoreOfSize($"{keys:N0} keys", data, keys, accounts[0].Credentials, usable);
    }

    /// <summary>The usable keys of the big account.</summary>
    public UsableKey[] UsableOfBig() => [.. Usable.Where(key => key.Credentials == Big)];
}
