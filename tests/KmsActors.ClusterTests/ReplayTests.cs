namespace KmsActors.ClusterTests;

/// <summary>A signed request that somebody sends again, to each of the nodes.</summary>
[Collection(SharedCluster.Name)]
public sealed class ReplayTests(SharedCluster shared)
{
    private const int Calls = 40;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly SignedClient s_signer = new(new Uri("http://127.0.0.1"));

    private static readonly Dictionary<string, Protocol> Protocols = new()
    {
        ["Aliyun"] = new(
            s_signer.Sign,
            async (node, signed) => (await node.ClientOf(ServerProcess.AccessKeyId).SendAsync(signed))!.Code,
            "SignatureNonceUsed",
            "ServiceUnavailableTemporary",
            () => ("CreateKey", []),
            key => ("DescribeKey", [("KeyId", key)])),
        ["Tencent"] = new(
            TencentForm.Sign,
            TencentForm.SendAsync,
            "4100/10030",
            "6000/10050",
            () => ("CreateKey", [("alias", $"{Guid.NewGuid():N}")]),
            key => ("GetKeyAttributes", [("keyId", key)])),
    };

    private IReadOnlyList<Node> Nodes => shared.Cluster.Nodes;

    public static TheoryData<string> Names() => new(Protocols.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Change_that_is_sent_to_each_node_is_made_by_the_first(string name)
    {
        var protocol = Protocols[name];
        var before = await KeysAsync();
        foreach (var first in Nodes)
        {
            var signed = protocol.SignCreation();
            Assert.Null(await protocol.Send(first, signed));
            foreach (var node in Nodes) Assert.Equal(protocol.Replayed, await protocol.Send(node, signed));
        }

        Assert.Equal(before + Nodes.Count, await KeysAsync());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Change_that_is_sent_to_all_nodes_at_once_is_made_by_one(string name)
    {
        var protocol = Protocols[name];
        var before = await KeysAsync();
        var made = await Task.WhenAll(Enumerable.Range(0, Calls).Select(async _ =>
        {
            var signed = protocol.SignCreation();
            var codes = await Task.WhenAll(
                Nodes.Concat(Nodes).Select(node => Task.Run(() => protocol.Send(node, signed))));
            var served = codes.Count(code => code is null);
            // A node with too much to do may have to wait for the others' changes; of what it answers then nobody knows.
            var unknown = codes.Count(code => code == protocol.Unavailable);
            Assert.Equal(codes.Length, served + unknown + codes.Count(code => code == protocol.Replayed));
            Assert.InRange(served, unknown == 0 ? 1 : 0, 1);
            return (Least: served, Most: unknown == 0 ? served : 1);
        }));
        Assert.InRange(await KeysAsync() - before, made.Sum(each => each.Least), made.Sum(each => each.Most));
    }

    // It never asks the database, and has no effect but its answer.
    [Theory]
    [MemberData(nameof(Names))]
    public async Task Read_that_is_sent_to_each_node_is_answered_by_each_once(string name)
    {
        var protocol = Protocols[name];
        var key = await Nodes[0].CreateKeyAsync();
        var spent = await SpentAsync();
        var signed = protocol.SignReading(key);
        foreach (var node in Nodes)
        {
            Assert.Null(await protocol.Send(node, signed));
            Assert.Equal(protocol.Replayed, await protocol.Send(node, signed));
        }

        Assert.Equal(spent, await SpentAsync());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Change_whose_nonce_cannot_be_looked_up_is_not_made_and_reads_go_on(string name)
    {
        var protocol = Protocols[name];
        var key = await Nodes[0].CreateKeyAsync();
        var before = await KeysAsync();
        await shared.Cluster.RunAsync("ALTER TABLE nonces RENAME TO gone");
        try
        {
            Assert.Equal(protocol.Unavailable, await protocol.Send(Nodes[0], protocol.SignCreation()));
            Assert.Null(await protocol.Send(Nodes[0], protocol.SignReading(key)));
            await Nodes[0].EncryptAsync(key);
        }
        finally
        {
            await shared.Cluster.RunAsync("ALTER TABLE gone RENAME TO nonces");
        }

        Assert.Equal(before, await KeysAsync());
        Assert.Null(await protocol.Send(Nodes[0], protocol.SignCreation()));
    }

    [Fact]
    public async Task Call_that_is_throttled_spends_nothing_anywhere()
    {
        const string account = "3000000000000009";
        var accessKey = await AccountAsync(account);
        var limit = new { rates = new { management = new { perSecond = 1 } } };
        (await Nodes[0].AdminAsync("PATCH", $"/accounts/{account}/limits", limit)).Ok();
        var signer = Nodes[0].ClientOf(accessKey);
        string signed;
        Answer? answer;
        do
        {
            signed = signer.Sign("CreateKey", []);
            answer = await signer.SendAsync(signed);
        }
        while (answer is { Code: null });
        Assert.Equal("Rejected.Throttling", answer?.Code);

        using var patience = new CancellationTokenSource(Patience);
        while (answer is { Code: "Rejected.Throttling" })
        {
            await Task.Delay(100, patience.Token);
            answer = await Nodes[1].ClientOf(accessKey).SendAsync(signed);
        }

        answer.Ok();
        Assert.Equal("SignatureNonceUsed", await UntilNotThrottledAsync(Nodes[2].ClientOf(accessKey), signed, patience.Token));
    }

    [Fact]
    public async Task Call_of_who_may_make_it_with_nothing_costs_the_database_nothing()
    {
        const string account = "3000000000000008";
        await AccountAsync(account);
        (await Nodes[0].AdminAsync("POST", $"/accounts/{account}/users", new { name = "nobody" })).Ok();
        var key = new { id = "key-of-nobody", secret = ServerProcess.AccessKeySecret, user = "nobody" };
        (await Nodes[0].AdminAsync("POST", $"/accounts/{account}/access-keys", key)).Ok();
        var spent = await SpentAsync();

        Assert.Equal(403, (await Nodes[0].CallAsAsync(key.id, "CreateKey"))?.Status);

        Assert.Equal(spent, await SpentAsync());
    }

    private static async Task<string?> UntilNotThrottledAsync(SignedClient client, string signed, CancellationToken patience)
    {
        while (true)
        {
            var answer = await client.SendAsync(signed);
            if (answer is not { Code: "Rejected.Throttling" }) return answer?.Code;
            await Task.Delay(100, patience);
        }
    }

    private async Task<string> AccountAsync(string account)
    {
        var accessKey = $"key-of-{account}";
        (await Nodes[0].AdminAsync("POST", "/accounts", new { number = account })).Ok();
        var body = new { id = accessKey, secret = ServerProcess.AccessKeySecret };
        (await Nodes[0].AdminAsync("POST", $"/accounts/{account}/access-keys", body)).Ok();
        return accessKey;
    }

    private Task<long> KeysAsync() =>
        shared.Cluster.NumberAsync($"SELECT count(*) FROM keys WHERE account = '{ServerProcess.Account}'");

    private Task<long> SpentAsync() => shared.Cluster.NumberAsync("SELECT count(*) FROM nonces");

    /// <summary>How a protocol's calls are made, and what it answers.</summary>
    private sealed record Protocol(
        Func<string, (string Name, string Value)[], string> Sign,
        Func<Node, string, Task<string?>> Send,
        string Replayed,
        string Unavailable,
        Func<(string Action, (string Name, string Value)[] Parameters)> Creation,
        Func<string, (string Action, (string Name, string Value)[] Parameters)> Reading)
    {
        public string SignCreation()
        {
            var (action, parameters) = Creation();
            return Sign(action, parameters);
        }

        public string SignReading(string key)
        {
            var (action, parameters) = Reading(key);
            return Sign(action, parameters);
        }
    }
}
