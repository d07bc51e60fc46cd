using KmsActors.Benchmarks.Load;
using KmsActors.Benchmarks.Processes;

namespace KmsActors.Benchmarks.Scenarios;

/// <summary>
/// What operations cost by the number of keys in the store. One server for each size, all running, so that
/// the sizes take turns in being measured.
/// </summary>
internal static class Scale
{
    private const int Clients = 16;
    private const int CreatingClients = 64;
    private const int PageSize = 100;

    // Fewer than the keys that are used in turn, so that none is ever still there.
    private const int FewActivations = 100;

    private const int CreatesARound = 1000;

    public static async Task RunAsync(Lab lab)
    {
        var stores = new List<StoreOfSize>();
        foreach (var keys in lab.IsQuick ? [1_000, 100_000] : (int[])[1_000, 100_000, 1_000_000])
            stores.Add(await StoreOfSize.FillAsync(lab, keys));

        using (var few = new Servers(stores, FewActivations))
        {
            few.Compare(
                lab, "Encrypt, key not in memory", store => Requests.EncryptWith(store.UsableOfBig()));
        }

        using var servers = new Servers(stores);
        servers.Compare(
            lab,
            "Encrypt, key in memory",
            store => Requests.EncryptWith(store.Usable),
            ahead: store => store.Usable.Length);
        servers.Compare(lab, "ListKeys, first page", store => List(store, 1));
        servers.Compare(
            lab,
            "ListKeys, last page of the account with half of all keys",
            store => List(store, store.Keys / 2 / PageSize));
        servers.Create(lab);
        servers.PrintMemory();
        Console.WriteLine("   aim: flat. A far page is not: OFFSET passes over what comes before the page.");
    }

    private static Action<RequestBatch> List(StoreOfSize store, int page)
    {
        var requests = new SignedRequests(
            store.Big, "ListKeys", ("PageSize", $"{PageSize}"), ("PageNumber", $"{page}"));
        return batch => requests.AppendTo(batch);
    }

    /// <summary>A running server for every store.</summary>
    private sealed class Servers : IDisposable
    {
        private readonly List<(StoreOfSize Store, ServerProcess Server)> _all = [];

        public Servers(List<StoreOfSize> stores, int mostActivations = 200_000)
        {
            foreach (var store in stores)
                _all.Add((store, new ServerProcess(store.Data, mostActivations: mostActivations)));
        }

        /// <param name="lab">How long.</param>
        /// <param name="name">What is compared.</param>
        /// <param name="requests">What to send.</param>
        /// <param name="ahead">How many requests to send before, for memory to hold what it is to.</param>
        public void Compare(
            Lab lab,
            string name,
            Func<StoreOfSize, Action<RequestBatch>> requests,
            Func<StoreOfSize, int>? ahead = null) => Run(name, Clients, requests, subjects =>
        {
            foreach (var (each, subject) in _all.Zip(subjects))
                subject.SendOnly(ahead?.Invoke(each.Store) ?? 1);
            Subject.Measure(lab, subjects);
        });

        /// <summary>By number and not by time: the small store must not grow out of its size.</summary>
        public void Create(Lab lab)
        {
            Run("CreateKey", CreatingClients, Requests, subjects =>
            {
                foreach (var subject in subjects) subject.SendOnly(CreatesARound);
                for (var round = 0; round < lab.Rounds; round++)
                {
                    foreach (var subject in subjects) subject.Round(CreatesARound);
                }
            });

            static Action<RequestBatch> Requests(StoreOfSize store)
            {
                var create = new SignedRequests(store.Big, "CreateKey");
                return batch => create.AppendTo(batch);
            }
        }

        public void PrintMemory() => Console.WriteLine(
            "   memory of the servers: "
            + string.Join(
                ", ", _all.Select(each => $"{each.Store.Name} {each.Server.ResidentMebibytes():N0} MiB")));

        public void Dispose() => _all.ForEach(each => each.Server.Dispose());

        private void Run(
            string name,
            int clients,
            Func<StoreOfSize, Action<RequestBatch>> requests,
            Action<List<Subject>> measure)
        {
            Console.WriteLine($"   {name}, {clients} clients:");
            var connected = _all.ConvertAll(each => new LoadClient(each.Server.Port, clients));
            try
            {
                var subjects = _all.Zip(connected, (each, client) =>
                    new Subject(each.Store.Name, each.Server, client, requests(each.Store))).ToList();
                measure(subjects);
                Subject.Print(subjects);
            }
            finally
            {
                connected.ForEach(client => client.Dispose());
            }
        }
    }
}
