using System.Diagnostics;
using KmsActors.Benchmarks.Load;
using KmsActors.Benchmarks.Processes;
using KmsActors.Grains;

namespace KmsActors.Benchmarks.Scenarios;

/// <summary>
/// How many calls are served of those that are too many: tenants with limits of several sizes, of the account or
/// of the one key, all at the same time.
/// </summary>
internal static class LimitAccuracy
{
    // By then the burst is used up, even of one who calls at twice the limit.
    private const int LeadSeconds = 3;

    public static async Task RunAsync(Lab lab)
    {
        Tenant[] tenants =
        [
            new(OfKey: false, 50, 2), new(OfKey: false, 50, 20),
            new(OfKey: false, 1000, 2), new(OfKey: false, 1000, 20),
            new(OfKey: true, 50, 2), new(OfKey: true, 50, 20),
            new(OfKey: true, 1000, 2), new(OfKey: true, 200, 20),
        ];
        var seconds = lab.IsQuick ? 5 : 30;
        var data = lab.NewDirectory();
        var keys = new List<UsableKey>();
        await using (var filler = await StoreFiller.OpenAsync(data))
        {
            foreach (var tenant in tenants) keys.Add(await tenant.AddAsync(filler, keys.Count));
        }

        using var server = new ServerProcess(data);
        await SendAsync(server, tenants, keys, lab.WarmUpSeconds);

        // All of a bucket is there again.
        await Task.Delay(TimeSpan.FromSeconds(Tenant.BurstSeconds));
        var answers = await SendAsync(server, tenants, keys, LeadSeconds + seconds);
        Print(tenants, answers, seconds);
    }

    private static async Task<Answers[]> SendAsync(
        ServerProcess server, Tenant[] tenants, List<UsableKey> keys, double seconds)
    {
        var loads = Array.ConvertAll(tenants, _ => new SteadyLoad(server.Port, 2));
        try
        {
            var begin = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 10);
            return await Task.WhenAll(tenants.Select((tenant, i) =>
            {
                var encrypt = new SignedRequests(
                    keys[i].Credentials, "Encrypt", ("KeyId", keys[i].KeyId), ("Plaintext", "aGVsbG8="))
                {
                    HasNoNonce = true,
                };
                var timetable = Timetable.Even(tenant.Offered, seconds);
                return loads[i].StartAsync(new RequestBatch(batch => encrypt.AppendTo(batch), 1), timetable, begin);
            }));
        }
        finally
        {
            Array.ForEach(loads, load => load.Dispose());
        }
    }

    private static void Print(Tenant[] tenants, Answers[] answers, int seconds)
    {
        Console.WriteLine(
            $"   accuracy: {tenants.Sum(tenant => tenant.Offered):N0} calls/s in all; those served in {seconds} s "
            + "from the first call on, when the burst was there, and in as long after it was used up");
        var table = new Table(
            "limit", "called/s", "answered/s", "burst", "from the first", "after it: served", "ratio");
        for (var i = 0; i < tenants.Length; i++)
        {
            answers[i].Insist(200, 429);
            var end = LeadSeconds + seconds;
            var refused = answers[i].Count(429, LeadSeconds, end);
            var served = answers[i].Count(200, LeadSeconds, end);
            table.Row(
                $"{tenants[i].Limit}/s of {(tenants[i].OfKey ? "a key" : "an account")}, {tenants[i].Times} times",
                $"{tenants[i].Offered:N0}",
                $"{(served + refused) / seconds:N0}",
                $"{tenants[i].Rate.Burst:N0}",
                $"{answers[i].Count(200, 0, seconds):N0}",
                $"{served:N0}",
                $"{(double)served / (tenants[i].Limit * seconds):F4}");
        }

        table.Print();
        Console.WriteLine("   required: ratio 0.98 to 1.02");
    }

    /// <param name="OfKey">Whether it is the key that has the limit, not the account.</param>
    /// <param name="Limit">Calls a second.</param>
    /// <param name="Times">At how many times the limit it calls.</param>
    private sealed record Tenant(bool OfKey, int Limit, int Times)
    {
        public const int BurstSeconds = 1;

        public int Offered => Limit * Times;

        public Rate Rate => new(Limit, Limit * BurstSeconds);

        public Task<UsableKey> AddAsync(StoreFiller filler, int number) =>
            LimitedTenants.AddAsync(filler, number, OfKey ? null : Rate, OfKey ? Rate : null);
    }
}
