using KmsActors.Benchmarks.Load;
using KmsActors.Benchmarks.Processes;
using KmsActors.Operations;

namespace KmsActors.Benchmarks.Scenarios;

/// <summary>What a refused call costs the server: less than a served one, or refusing would be an attack.</summary>
internal static class RefusedCalls
{
    private const int Clients = 16;

    public static async Task RunAsync(Lab lab)
    {
        var data = lab.NewDirectory();
        Credentials disabled;
        string[] keys;
        await using (var filler = await StoreFiller.OpenAsync(data))
        {
            await filler.CreateAccountAsync(ServerProcess.RootAccount);
            keys = await filler.CreateKeysAsync(ServerProcess.RootAccount, 2);
            disabled = await filler.CreateAccountAsync(ServerProcess.RootAccount, "LTAIdisabled");
            await filler.DoAsync(ServerProcess.RootAccount, new SetAccessKeyStatus(disabled.AccessKeyId, false));
            await filler.DoAsync(ServerProcess.RootAccount, new DisableKey(keys[1]));
        }

        using var server = new ServerProcess(data);
        using var client = new LoadClient(server.Port, Clients);
        Subject Encrypt(string name, SignedRequests requests, int status, int key = 0) =>
            new(name, server, client, Requests.EncryptWith(requests, keys[key]), status);
        (string, string)[] parameters = [("Plaintext", Requests.Plaintext)];
        Subject[] subjects =
        [
            Encrypt("served", new(ServerProcess.Root, "Encrypt", parameters), 200),
            Encrypt("old timestamp", new(ServerProcess.Root, "Encrypt", parameters) { ClockOff = -TimeSpan.FromHours(1) }, 400),
            Encrypt("wrong signature", new(ServerProcess.Root, "Encrypt", parameters) { IsForged = true }, 400),
            Encrypt("one unknown access key", new(new("LTAIunknown", "any"), "Encrypt", parameters), 404),
            Encrypt("ever other unknown ones", new(new("", "any"), "Encrypt", parameters) { IsOfUnknownKeys = true }, 404),
            Encrypt("disabled access key", new(disabled, "Encrypt", parameters), 403),
            Encrypt("disabled CMK", new(ServerProcess.Root, "Encrypt", parameters), 409, key: 1),
        ];
        Subject.Measure(lab, subjects);
        Subject.Print(subjects);
        Console.WriteLine("   required: each costs less CPU than a served one");
    }
}
