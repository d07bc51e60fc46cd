using System.Collections.Concurrent;
using System.Diagnostics;

namespace KmsActors.ClusterTests;

/// <summary>A new version of the root key, while all nodes wrap and unwrap.</summary>
[Collection(SharedCluster.Name)]
public sealed class RootKeyTests(SharedCluster shared)
{
    private const string RootKey = "/root-key";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private Cluster Cluster => shared.Cluster;

    [Fact]
    public async Task Rotation_under_load_is_noticed_by_nobody_and_leaves_nothing_under_the_old_version()
    {
        var before = await NewestAsync(Cluster.Nodes[0]);
        var ciphertexts = new ConcurrentBag<string>();
        foreach (var node in Cluster.Nodes)
            for (var i = 0; i < 10; i++) ciphertexts.Add(await node.EncryptAsync(await node.CreateKeyAsync()));

        using var stop = new CancellationTokenSource();
        var wrong = new ConcurrentBag<string>();
        var load = Cluster.Nodes.Select(node => Task.Run(() => LoadAsync(node, ciphertexts, wrong, stop.Token))).ToList();
        (await Cluster.Nodes[1].AdminAsync("POST", $"{RootKey}/versions", null)).Ok();
        Assert.Equal("RootKeyIsRotating", (await Cluster.Nodes[2].AdminAsync("POST", $"{RootKey}/versions", null))!.Code);
        var watch = Stopwatch.StartNew();
        foreach (var node in Cluster.Nodes)
        {
            while (await OldestAsync(node) != before + 1)
            {
                Assert.True(watch.Elapsed < Patience, "the old version is still there");
                await Task.Delay(200);
            }
        }

        await stop.CancelAsync();
        await Task.WhenAll(load);
        Assert.Empty(wrong);
        Assert.Equal(0, await Cluster.NumberAsync($"SELECT count(*) FROM grains WHERE root_key_version <> {before + 1}"));
        Assert.Equal(before + 1, await Cluster.NumberAsync("SELECT version FROM root_keys"));
        Assert.InRange(ciphertexts.Count, 60, int.MaxValue);
        foreach (var ciphertext in ciphertexts)
        {
            foreach (var node in Cluster.Nodes) await DecryptAsync(node, ciphertext);
        }
    }

    private static async Task LoadAsync(
        Node node, ConcurrentBag<string> ciphertexts, ConcurrentBag<string> wrong, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var own = await node.EncryptAsync(await node.CreateKeyAsync());
                await DecryptAsync(node, own);
                ciphertexts.Add(own);
                foreach (var ciphertext in ciphertexts.Take(3)) await DecryptAsync(node, ciphertext);
                // Other tests run beside this one.
                await Task.Delay(20, CancellationToken.None);
            }
            catch (Xunit.Sdk.XunitException refused)
            {
                wrong.Add(refused.Message);
            }
        }
    }

    private static async Task DecryptAsync(Node node, string ciphertext)
    {
        var answer = (await node.CallAsync("Decrypt", ("CiphertextBlob", ciphertext))).Ok();
        Assert.Equal("cGxhaW4=", answer.Text("Plaintext"));
    }

    private static async Task<long> OldestAsync(Node node) => (await VersionsAsync(node))[0];

    private static async Task<long> NewestAsync(Node node) => (await VersionsAsync(node))[^1];

    private static async Task<long[]> VersionsAsync(Node node) =>
    [
        .. (await node.AdminAsync("GET", RootKey, null)).Ok().Body.GetProperty("versions").EnumerateArray()
            .Select(version => version.GetProperty("version").GetInt64()),
    ];
}
