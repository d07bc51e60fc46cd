using KmsActors.Benchmarks.Load;
using KmsActors.Benchmarks.Processes;

namespace KmsActors.Benchmarks.Scenarios;

/// <summary>Whether one key that all use is slower than many: whether its callers wait in line.</summary>
internal static class HotKey
{
    private const int Clients = 16;
    private const int Keys = 10_000;

    public static async Task RunAsync(Lab lab)
    {
        var (data, keys) = await Stores.OfRootAsync(lab, Keys);
        using var server = new ServerProcess(data);
        using var client = new LoadClient(server.Port, Clients);
        var encrypt = Requests.Encrypt(ServerProcess.Root);
        var many = new Subject($"{Keys:N0} keys", server, client, Requests.EncryptWith(encrypt, keys));
        var hot = new Subject("one key", server, client, Requests.EncryptWith(encrypt, keys[0]));

        // Every key is in memory before anything is compared.
        many.WarmUp(lab.WarmUpSeconds);
        Subject.Measure(lab, many, hot);
        Subject.Print(many, hot);
        Console.WriteLine($"   {Clients} clients; ratio required ≥ 0.95");
    }
}
