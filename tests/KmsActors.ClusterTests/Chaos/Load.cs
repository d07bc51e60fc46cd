using System.Collections.Concurrent;

namespace KmsActors.ClusterTests.Chaos;

/// <summary>Keys, aliases and access keys of one round, and all calls about them.</summary>
internal sealed class Load(Cluster cluster, int round)
{
    private const int Keys = 4;
    private const int Aliases = 3;

    private readonly ConcurrentQueue<Call> _calls = new();
    private readonly ConcurrentDictionary<string, string> _ciphertexts = new();
    private readonly List<string> _keys = [];
    private readonly string[] _aliases = [.. Enumerable.Range(0, Aliases).Select(i => $"r{round}-a{i}")];
    private readonly string[] _accessKeys = [$"r{round}-k0", $"r{round}-k1"];
    // An account has a few access keys at most, so each round has an account for its own.
    private readonly string _account = $"4{round:D15}";
    private string _steady = "";
    private int _values;

    public IReadOnlyCollection<Call> Calls => _calls;

    public IEnumerable<string> KeyIds => _keys;

    /// <summary>Makes what there is at the beginning.</summary>
    public async Task BeginAsync(Random random)
    {
        for (var i = 0; i < Keys; i++) _keys.Add(await RetryAsync(() => CreateKeyAsync(Any(random))));
        foreach (var key in _keys)
        {
            var encrypted = await UseAsync(Any(random), key);
            if (encrypted.Succeeded) _ciphertexts[key] = encrypted.Answer!.Text("CiphertextBlob");
        }

        var admin = $"/accounts/{_account}/access-keys";
        await RetryAsync(async () =>
        {
            var made = await Any(random).AdminAsync("POST", "/accounts", new { number = _account });
            return made?.Code is null or "AccountExists" ? made?.RequestId : null;
        });
        foreach (var accessKey in _accessKeys)
        {
            await RetryAsync(async () =>
            {
                var node = Any(random);
                var body = new { id = accessKey, secret = ServerProcess.AccessKeySecret };
                var call = await MakeAsync(
                    new Call(node.Number, "CreateAccessKey", accessKey), () => node.AdminAsync("POST", admin, body));
                return call.Succeeded || call.Answer?.Code == "AccessKeyExists" ? accessKey : null;
            });
        }

        _steady = await RetryAsync(async () =>
        {
            var node = Any(random);
            var call = await MakeAsync(
                new Call(node.Number, "CreateKey", "a new key"), () => node.CallAsAsync(_accessKeys[0], "CreateKey"));
            return call.Succeeded ? call.Answer!.Text("KeyMetadata", "KeyId") : null;
        });
    }

    /// <summary>Uses things, until told to stop: many calls, each short.</summary>
    public async Task UseAsync(Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var (node, key) = (Any(random), _keys[random.Next(Keys)]);
            var call = random.Next(10) switch
            {
                < 3 => await UseAsync(node, key),
                < 5 => await DecryptAsync(node, key),
                < 8 => await UseAsync(node, _aliases[random.Next(Aliases)]),
                _ => await UseAsync(node, _accessKeys[random.Next(_accessKeys.Length)]),
            };
            await Task.Delay(call.IsInDoubt ? 30 : 3, CancellationToken.None);
        }
    }

    /// <summary>Changes things, until told to stop, and asks all nodes what they make of it at once.</summary>
    public async Task ChangeAsync(Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var call = await ChangeAsync(random, Any(random));
            if (call.Succeeded && call.Action != "CreateKey")
                await Task.WhenAll(cluster.Nodes.Select(node => UseAsync(node, call.Subject)));
            else
                await Task.Delay(20, CancellationToken.None);
        }
    }

    /// <summary>What every node says of every key.</summary>
    public Task DescribeAsync() => Task.WhenAll(
        from node in cluster.Nodes
        from key in _keys
        select MakeAsync(new Call(node.Number, "DescribeKey", key), () => node.CallAsync("DescribeKey", ("KeyId", key))));

    private Task<Call> ChangeAsync(Random random, Node node)
    {
        var (key, alias) = (_keys[random.Next(Keys)], _aliases[random.Next(Aliases)]);
        var accessKey = _accessKeys[random.Next(_accessKeys.Length)];
        (string, string) aliasName = ("AliasName", "alias/" + alias);
        return random.Next(100) switch
        {
            < 5 => CreateAsync(node),
            < 20 => OfKeyAsync(node, "DisableKey", key),
            < 36 => OfKeyAsync(node, "EnableKey", key),
            < 43 => OfKeyAsync(node, "ScheduleKeyDeletion", key, ("PendingWindowInDays", "7")),
            < 52 => OfKeyAsync(node, "CancelKeyDeletion", key),
            < 58 => TagAsync(node, key),
            < 68 => MakeAsync(new Call(node.Number, "CreateAlias", alias) { Value = key }, () =>
                node.CallAsync("CreateAlias", aliasName, ("KeyId", key))),
            < 78 => MakeAsync(new Call(node.Number, "UpdateAlias", alias) { Value = key }, () =>
                node.CallAsync("UpdateAlias", aliasName, ("KeyId", key))),
            < 86 => MakeAsync(new Call(node.Number, "DeleteAlias", alias), () => node.CallAsync("DeleteAlias", aliasName)),
            < 93 => SwitchAsync(node, accessKey, false),
            _ => SwitchAsync(node, accessKey, true),
        };
    }

    private async Task<string?> CreateKeyAsync(Node node)
    {
        var call = await CreateAsync(node);
        return call.Succeeded ? call.Answer!.Text("KeyMetadata", "KeyId") : null;
    }

    private Task<Call> CreateAsync(Node node) =>
        MakeAsync(new Call(node.Number, "CreateKey", "a new key"), () => node.CallAsync("CreateKey"));

    private Task<Call> OfKeyAsync(Node node, string action, string key, params (string, string)[] more) =>
        MakeAsync(new Call(node.Number, action, key), () => node.CallAsync(action, [("KeyId", key), .. more]));

    private Task<Call> TagAsync(Node node, string key)
    {
        var value = $"v{Interlocked.Increment(ref _values)}";
        return MakeAsync(new Call(node.Number, "TagResource", key) { Value = value }, () => node.CallAsync(
            "TagResource", ("KeyId", key), ("Tags", $$"""[{"TagKey":"t","TagValue":"{{value}}"}]""")));
    }

    private Task<Call> SwitchAsync(Node node, string accessKey, bool enabled) => MakeAsync(
        new Call(node.Number, enabled ? "EnableAccessKey" : "DisableAccessKey", accessKey),
        () => node.AdminAsync("PATCH", $"/accounts/{_account}/access-keys/{accessKey}", new { enabled }));

    private Task<Call> UseAsync(Node node, string subject)
    {
        if (Array.IndexOf(_accessKeys, subject) >= 0)
        {
            return MakeAsync(new Call(node.Number, "UseAccessKey", subject), () =>
                node.CallAsAsync(subject, "Encrypt", ("KeyId", _steady), ("Plaintext", "cGxhaW4=")));
        }

        var isAlias = Array.IndexOf(_aliases, subject) >= 0;
        return MakeAsync(new Call(node.Number, isAlias ? "EncryptByAlias" : "Encrypt", subject), () =>
            node.CallAsync("Encrypt", ("KeyId", isAlias ? "alias/" + subject : subject), ("Plaintext", "cGxhaW4=")));
    }

    private Task<Call> DecryptAsync(Node node, string key) => _ciphertexts.TryGetValue(key, out var ciphertext)
        ? MakeAsync(new Call(node.Number, "Decrypt", key), () => node.CallAsync("Decrypt", ("CiphertextBlob", ciphertext)))
        : UseAsync(node, key);

    private async Task<Call> MakeAsync(Call call, Func<Task<Answer?>> make)
    {
        await call.MakeAsync(make);
        _calls.Enqueue(call);
        return call;
    }

    private Node Any(Random random) => cluster.Nodes[random.Next(cluster.Nodes.Count)];

    private static async Task<string> RetryAsync(Func<Task<string?>> make)
    {
        for (var tries = 0; tries < 200; tries++)
        {
            if (await make() is { } made) return made;
            await Task.Delay(100);
        }

        throw new InvalidOperationException("The cluster serves nobody.");
    }
}
