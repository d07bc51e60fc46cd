using KmsActors.Benchmarks.Load;
using KmsActors.Benchmarks.Processes;

namespace KmsActors.Benchmarks.Scenarios;

/// <summary>The other operations of the data plane.</summary>
internal static class DataKeys
{
    private const int Clients = 16;

    public static async Task RunAsync(Lab lab)
    {
        var (data, keys) = await Stores.OfRootAsync(lab, 1);
        using var server = new ServerProcess(data);
        using var client = new LoadClient(server.Port, Clients);
        var encrypt = Requests.EncryptWith(Requests.Encrypt(ServerProcess.Root), keys);
        var ciphertext = Requests.Call(server.Port, encrypt).GetProperty("CiphertextBlob").GetString()!;
        var decrypt = new SignedRequests(ServerProcess.Root, "Decrypt", ("CiphertextBlob", ciphertext));
        var generate = new SignedRequests(ServerProcess.Root, "GenerateDataKey", ("KeyId", keys[0]));
        var describe = new SignedRequests(ServerProcess.Root, "DescribeKey", ("KeyId", keys[0]));
        Subject[] subjects =
        [
            new("Encrypt of 1 KiB", server, client, encrypt),
            new("Decrypt of 1 KiB", server, client, batch => decrypt.AppendTo(batch)),
            new("GenerateDataKey", server, client, batch => generate.AppendTo(batch)),
            new("DescribeKey", server, client, batch => describe.AppendTo(batch)),
        ];
        Subject.Measure(lab, subjects);
        Subject.Print(subjects);
        Console.WriteLine($"   {Clients} clients; for information");
    }
}
