using KmsActors.Benchmarks.Load;
using KmsActors.Benchmarks.Processes;

namespace KmsActors.Benchmarks.Scenarios;

/// <summary>A signed Encrypt beside the least that any endpoint of this stack would do.</summary>
internal static class Ceiling
{
    private const int Clients = 16;

    public static async Task RunAsync(Lab lab)
    {
        var (data, keys) = await Stores.OfRootAsync(lab, 1);
        using var bare = new CeilingProcess();
        using var server = new ServerProcess(data);
        using var bareClient = new LoadClient(bare.Port, Clients);
        using var client = new LoadClient(server.Port, Clients);
        var encrypt = Requests.Encrypt(ServerProcess.Root);
        var ceiling = new Subject("bare endpoint", bare, bareClient, Requests.EncryptWith(encrypt, keys));
        var signed = new Subject("signed Encrypt", server, client, Requests.EncryptWith(encrypt, keys));
        Subject.Measure(lab, ceiling, signed);
        Subject.Print(ceiling, signed);
        Console.WriteLine($"   {Clients} clients; ratio required ≥ 0.60, aim 0.80");
    }
}
