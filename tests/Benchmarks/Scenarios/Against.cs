using KmsActors.Benchmarks.Load;
using KmsActors.Benchmarks.Processes;

namespace KmsActors.Benchmarks.Scenarios;

/// <summary>This build of the server beside another one: what a change is worth.</summary>
internal static class Against
{
    private const int Clients = 16;
    private const int CreatingClients = 64;

    public static async Task RunAsync(Lab lab)
    {
        var (data, keys) = await Stores.OfRootAsync(lab, 1);
        var (otherData, otherKeys) = await Stores.OfRootAsync(lab, 1);
        using var other = new ServerProcess(otherData, assembly: lab.OtherServer!);
        using var server = new ServerProcess(data);
        Compare(lab, "Encrypt of 1 KiB", Clients, (other, Encrypt(otherKeys)), (server, Encrypt(keys)));
        Compare(lab, "CreateKey", CreatingClients, (other, Create()), (server, Create()));
        Console.WriteLine(
            $"   memory: other {other.ResidentMebibytes():N0} MiB, this {server.ResidentMebibytes():N0} MiB; "
            + $"ready after: other {other.StartToReady.TotalSeconds:F2} s, "
            + $"this {server.StartToReady.TotalSeconds:F2} s");
    }

    private static void Compare(
        Lab lab,
        string name,
        int clients,
        (ServerProcess Server, Action<RequestBatch> Request) other,
        (ServerProcess Server, Action<RequestBatch> Request) mine)
    {
        using var otherClient = new LoadClient(other.Server.Port, clients);
        using var client = new LoadClient(mine.Server.Port, clients);
        Subject[] subjects =
        [
            new("other build", other.Server, otherClient, other.Request),
            new("this build", mine.Server, client, mine.Request),
        ];
        Console.WriteLine($"   {name}, {clients} clients:");
        Subject.Measure(lab, subjects);
        Subject.Print(subjects);
    }

    private static Action<RequestBatch> Encrypt(string[] keys) =>
        Requests.EncryptWith(Requests.Encrypt(ServerProcess.Root), keys);

    private static Action<RequestBatch> Create()
    {
        var create = new SignedRequests(ServerProcess.Root, "CreateKey");
        return batch => create.AppendTo(batch);
    }
}
