using KmsActors.Benchmarks.Load;
using KmsActors.Benchmarks.Processes;
using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Benchmarks.Scenarios;

/// <summary>What a refused call costs: less than a served one, or being refused would be an attack.</summary>
internal static class RefusedCalls
{
    private const int Clients = 16;

    // A call a second is served, which is nothing among thousands.
    private static readonly Rate s_least = new(1, 1);

    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    public static async Task RunAsync(Lab lab)
    {
        var data = lab.NewDirectory();
        Credentials disabled;
        UsableKey ofAccount;
        UsableKey ofKey;
        string[] keys;
        await using (var filler = await StoreFiller.OpenAsync(data))
        {
            await filler.CreateAccountAsync(ServerProcess.RootAccount);
            keys = await filler.CreateKeysAsync(ServerProcess.RootAccount, 2);
            disabled = await filler.CreateAccountAsync(ServerProcess.RootAccount, "LTAIdisabled");
            await filler.DoAsync(
                ServerProcess.RootAccount, new SetAccessKeyStatus(disabled.AccessKeyId, false));
            await filler.DoAsync(ServerProcess.RootAccount, new DisableKey(keys[1]));
            ofAccount = await LimitedTenants.AddAsync(filler, 1, s_least, null);
            ofKey = await LimitedTenants.AddAsync(filler, 2, null, s_least);
        }

        using var server = new ServerProcess(data);
        using var client = new LoadClient(server.Port, Clients);
        Subject Encrypt(string name, SignedRequests requests, int status, int key = 0) =>
            new(name, server, client, Requests.EncryptWith(requests, keys[key]), status);
        Subject Throttled(string name, UsableKey key) =>
            new(name, server, client, Requests.EncryptWith([key]), 429, rareStatus: 200);
        var served = Requests.Encrypt(ServerProcess.Root);
        Subject[] subjects =
        [
            Encrypt("served", served, 200),
            Encrypt("old timestamp", Requests.Encrypt(ServerProcess.Root, clockOff: -s_hour), 400),
            Encrypt("wrong signature", Requests.Encrypt(ServerProcess.Root, isForged: true), 400),
            Encrypt("one unknown access key", Requests.Encrypt(new("LTAIunknown", "any")), 404),
            Encrypt("ever other unknown ones", Requests.Encrypt(new("", "any"), isOfUnknownKeys: true), 404),
            Encrypt("disabled access key", Requests.Encrypt(disabled), 403),
            Encrypt("disabled CMK", served, 409, key: 1),
            Throttled("limit of the account", ofAccount),
            Throttled("limit of the key", ofKey),
        ];
        Subject.Measure(lab, subjects);
        Subject.Print(subjects);
        Console.WriteLine("   required: each costs less CPU than a served one");
    }
}
