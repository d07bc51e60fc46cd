using KmsActors.Benchmarks.Load;
using KmsActors.Benchmarks.Processes;

namespace KmsActors.Benchmarks.Scenarios;

/// <summary>CreateKey, each on disk before it is answered.</summary>
internal static class DurableCreate
{
    private static readonly int[] s_clients = [1, 8, 64];

    public static async Task RunAsync(Lab lab)
    {
        var (data, _) = await Stores.OfRootAsync(lab, 1);
        using var server = new ServerProcess(data);
        var create = new SignedRequests(ServerProcess.Root, "CreateKey");
        var clients = Array.ConvertAll(s_clients, count => new LoadClient(server.Port, count));
        try
        {
            var subjects = s_clients
                .Select((count, i) => new Subject(
                    $"clients: {count}", server, clients[i], batch => create.AppendTo(batch)))
                .ToArray();
            Subject.Measure(lab, subjects);
            Subject.Print(subjects);
        }
        finally
        {
            Array.ForEach(clients, client => client.Dispose());
        }

        Console.WriteLine("   required ≥ 3 000/s with 64 clients");
    }
}
