using System.Collections.Immutable;
using KmsActors.Benchmarks.Processes;
using KmsActors.Grains;
using KmsActors.Hsa;
using KmsActors.Operations;

namespace KmsActors.Benchmarks.Scenarios;

/// <summary>
/// What limits cost in memory when all tenants call at once: the counting alone; and with the accounts and keys
/// that have limits of their own, beside the same without any.
/// </summary>
internal static class LimitMemory
{
    private const int KeysOfAccount = 10;

    private static readonly Rate s_rate = new(100, 100);
    private static readonly CallClass[] s_classes = Enum.GetValues<CallClass>();

    public static async Task RunAsync(Lab lab)
    {
        var accounts = lab.IsQuick ? 1_000 : 10_000;
        var limiters = accounts * (s_classes.Length + KeysOfAccount);
        var counting = OfCounting(accounts);
        var (without, with) = await OfServiceAsync(lab, accounts);
        Console.WriteLine(
            $"   memory: {accounts:N0} accounts with {s_classes.Length} limits each and {KeysOfAccount} keys with "
            + $"one, {limiters:N0} limits, all called at once:");
        var table = new Table("live heap", "bytes a limit");
        table.Row("counting alone, with names of its own", $"{(double)counting / limiters:N0}");
        table.Row("more than accounts and keys in memory without any", $"{(double)(with - without) / limiters:N0}");
        table.Print();
        Console.WriteLine(
            $"   accounts and keys in memory: {without / 1048576.0:N0} MiB without limits, {with / 1048576.0:N0} MiB "
            + "with; required < 1 024 bytes a limit");
    }

    private static long OfCounting(int accounts)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var limits = new RateLimits(new StoppedClock());
        for (var i = 0; i < accounts; i++)
        {
            var account = Account(i);
            foreach (var callClass in s_classes) Insist(limits.Take(account, callClass, s_rate));
            for (var j = 0; j < KeysOfAccount; j++) Insist(limits.TakeOfKey($"{Guid.NewGuid()}", s_rate));
        }

        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(limits);
        return after - before;
    }

    private static async Task<(long Without, long With)> OfServiceAsync(Lab lab, int accounts)
    {
        var data = lab.NewDirectory();
        var keys = new string[accounts][];
        await using (var filler = await StoreFiller.OpenAsync(data))
        {
            await ForAllAsync(accounts, async i =>
            {
                await filler.CreateAccountAsync(Account(i));
                keys[i] = await filler.CreateKeysAsync(Account(i), KeysOfAccount);
            });
        }

        var without = await InMemoryAsync(data, keys);
        await using (var filler = await StoreFiller.OpenAsync(data))
        {
            await ForAllAsync(accounts, async i =>
            {
                var rates = s_classes.ToDictionary(each => each, _ => (Rate?)s_rate);
                await filler.DoAsync(Account(i), new ChangeAccountLimits { Rates = rates });
                foreach (var key in keys[i]) await filler.DoAsync(Account(i), new SetKeyRate(key, s_rate));
            });
        }

        return (without, await InMemoryAsync(data, keys));
    }

    /// <summary>How much a service holds that has just been started and called by all.</summary>
    private static async Task<long> InMemoryAsync(string data, string[][] keys)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await using var service = await StoreFiller.OpenAsync(
            data, mostActivations: 100 * keys.Length, new StoppedClock());
        await ForAllAsync(keys.Length, i => CallAsync(service, Account(i), keys[i]));
        return GC.GetTotalMemory(forceFullCollection: true) - before;
    }

    /// <summary>Calls of every class, and a use of every key.</summary>
    private static async Task CallAsync(StoreFiller service, string account, string[] keys)
    {
        PolicyAction[] actions = [PolicyAction.DescribeKey, PolicyAction.Encrypt, PolicyAction.Sign];
        foreach (var action in actions)
        {
            var throttled = await Admission.CountAsync(service.Kms, new Principal(account, null), action, default);
            if (throttled is not null) Insist(throttled);
        }

        foreach (var key in keys)
        {
            // As from a request, the name is not the one that is in memory already.
            var reference = KeyReference.ById(new string(key.AsSpan()));
            await service.DoAsync(
                account, new Encrypt(reference, new byte[32], PlaintextForm.Bytes, EncryptionContext.Empty));
        }
    }

    private static Task ForAllAsync(int accounts, Func<int, Task> action) => Parallel.ForAsync(
        0, accounts, new ParallelOptions { MaxDegreeOfParallelism = 256 }, async (i, _) => await action(i));

    private static string Account(int i) => $"{long.Parse(ServerProcess.RootAccount) + i}";

    private static void Insist(Refusal? refusal)
    {
        if (refusal is not null) throw new InvalidOperationException($"{refusal}");
    }

    /// <summary>
    /// The time of day goes on, but no bucket fills and is forgotten before all have called, however long that takes.
    /// </summary>
    private sealed class StoppedClock : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }
}
