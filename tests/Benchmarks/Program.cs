using KmsActors.Benchmarks;
using KmsActors.Benchmarks.Processes;
using KmsActors.Benchmarks.Scenarios;

if (args is [CeilingEndpoint.Argument, var port]) return await CeilingEndpoint.RunAsync(int.Parse(port));

const string Against = "--against=";

// In the order in which they run.
var scenarios = new (string Name, string Says, Func<Lab, Task> Run)[]
{
    ("start", "start to ready, on an empty and on an existing data directory", StartToReady.RunAsync),
    ("ceiling", "signed Encrypt of 1 KiB beside a bare endpoint", Ceiling.RunAsync),
    ("hotkey", "one key beside ten thousand", HotKey.RunAsync),
    ("create", "durable CreateKey with 64 clients", DurableCreate.RunAsync),
    ("refused", "CPU of refused calls beside served ones", RefusedCalls.RunAsync),
    ("limits", "rate limits: what the others notice, how exact they are, what they cost", Limits.RunAsync),
    ("datakeys", "Decrypt and GenerateDataKey", DataKeys.RunAsync),
    ("protocols", "one Encrypt in each protocol, with each kind of credential", Protocols.RunAsync),
    ("algorithms", "every algorithm beside the bare library call", Algorithms.RunAsync),
    ("hsm", "Encrypt of 1 KiB in a PKCS#11 token beside the bare calls of its library", HsmKeys.RunAsync),
    ("rewrap", "keys that go over to another version of the root key, beside their creation", RewrapKeys.RunAsync),
    ("tags", "keys by their tags by the number of keys of the account", TagFilters.RunAsync),
    ("cluster", "one to three nodes on PostgreSQL beside SQLite, and what nodes ask of the database", ClusterCosts.RunAsync),
    ("reminders", "many keys due at one moment, three nodes on PostgreSQL", MassReminders.RunAsync),
    ("scale", "ListKeys, Encrypt and CreateKey by the number of keys in the store", Scale.RunAsync),
};

var names = args.Where(arg => !arg.StartsWith('-')).ToHashSet();
var unknown = names.Except(scenarios.Select(each => each.Name))
    .Concat(args.Where(arg =>
        arg.StartsWith('-') && arg != "--quick" && !arg.StartsWith(Against, StringComparison.Ordinal)))
    .ToArray();
if (unknown.Length > 0)
{
    Console.Error.WriteLine($"What is '{unknown[0]}'?");
    Console.Error.WriteLine($"Benchmarks [--quick] [{Against}KmsActors.Server.dll] [NAME…]");
    foreach (var each in scenarios) Console.Error.WriteLine($"  {each.Name,-12}{each.Says}");
    return 2;
}

var other = args.LastOrDefault(arg => arg.StartsWith(Against, StringComparison.Ordinal))?[Against.Length..];
using var lab = new Lab(isQuick: args.Contains("--quick"), other);
lab.Describe();
if (other is not null)
{
    Console.WriteLine($"== against {other}");
    await KmsActors.Benchmarks.Scenarios.Against.RunAsync(lab);
    return 0;
}

foreach (var each in scenarios.Where(each => names.Count == 0 || names.Contains(each.Name)))
{
    Console.WriteLine();
    Console.WriteLine($"== {each.Name}: {each.Says}");
    await each.Run(lab);
}

return 0;
