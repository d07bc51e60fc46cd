using System.Diagnostics;

namespace KmsActors.ClusterTests;

[Collection(SharedCluster.Name)]
public sealed class CutOffTests(SharedCluster shared)
{
    // With the margin, by which clocks may differ.
    private static readonly TimeSpan Lease = SharedCluster.Lease + TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private const string Signature =
        "SDK-HMAC-SHA256 Access=crash-tests, SignedHeaders=host;x-sdk-date, "
        + "Signature=0000000000000000000000000000000000000000000000000000000000000000";

    private IReadOnlyList<Node> Nodes => shared.Cluster.Nodes;

    [Fact]
    public async Task Node_that_is_cut_off_serves_nobody_and_the_others_go_on()
    {
        var key = await Nodes[0].CreateKeyAsync();
        foreach (var each in Nodes) await each.EncryptAsync(key);
        var node = Nodes[2];
        await AssertServesAsync(node);
        node.Link.Cut();
        // Answered when the lease of the one that hears nothing is over.
        (await Nodes[0].CallAsync("DisableKey", ("KeyId", key))).Ok();
        await AssertServesNobodyAsync(node, key);
        (await Nodes[1].CallAsync("EnableKey", ("KeyId", key))).Ok();
        await Nodes[0].EncryptAsync(key);
        await AssertServesNobodyAsync(node, key);

        node.Link.Mend(breaks: true);
        await node.UntilReadyAsync(Bound);
        await AssertServesAsync(node);
        await node.EncryptAsync(key);
    }

    [Fact]
    public async Task Nodes_without_a_database_serve_nobody_until_it_is_back()
    {
        var key = await Nodes[0].CreateKeyAsync();
        foreach (var each in Nodes) await each.EncryptAsync(key);
        var stopped = Stopwatch.StartNew();
        shared.Database.StopServer();
        if (stopped.Elapsed < Lease) await Task.Delay(Lease - stopped.Elapsed);
        foreach (var node in Nodes) await AssertServesNobodyAsync(node, key);

        shared.Database.StartServer();
        foreach (var node in Nodes)
        {
            await node.UntilReadyAsync(Bound);
            await AssertServesAsync(node);
            await node.EncryptAsync(key);
        }

        await AssertRunsJobsAsync(Nodes[1]);
    }

    // By the scheduler's own connections, which were lost as well.
    private static async Task AssertRunsJobsAsync(Node node)
    {
        const string job = "/jobs/tombstones";
        var asked = Stopwatch.StartNew();
        (await node.AdminAsync("POST", $"{job}/runs", null)).Ok();
        while (true)
        {
            var run = (await node.AdminAsync("GET", job, null)).Ok().Body.GetProperty("runs")[0];
            var state = run.GetProperty("state").GetString();
            if (state == "Succeeded") return;
            Assert.True(state is "Waiting" or "Running" && asked.Elapsed < 3 * Bound, run.GetRawText());
            await Task.Delay(100);
        }
    }

    private static async Task AssertServesNobodyAsync(Node node, string key)
    {
        Assert.Equal(503, (await node.RawAsync("/health/ready"))?.Status);
        Assert.Equal(200, (await node.RawAsync("/health/live"))?.Status);
        var aliyun = await node.CallAsync("Encrypt", ("KeyId", key), ("Plaintext", "cGxhaW4="));
        Assert.Equal((503, "ServiceUnavailableTemporary"), (aliyun?.Status, aliyun?.Code));
        var change = await node.CallAsync("DisableKey", ("KeyId", key));
        Assert.Equal((503, "ServiceUnavailableTemporary"), (change?.Status, change?.Code));
        await AssertAnswersAsync(node, (500, "\"KMS.0102\""), (503, "Service Unavailable"), (200, "\"code\":6000"));
        var admin = await node.AdminAsync("GET", $"/accounts/{ServerProcess.Account}", null);
        Assert.Equal((503, "Unavailable"), (admin?.Status, admin?.Code));
    }

    private static async Task AssertServesAsync(Node node)
    {
        Assert.Equal(200, (await node.RawAsync("/health/live"))?.Status);
        await AssertAnswersAsync(node, (401, "APIGW.0301"), (401, "error"), (200, "\"code\":4100"));
        // A lease can run out for a moment on a machine that has too much to do.
        var asked = Stopwatch.StartNew();
        var admin = await node.AdminAsync("GET", $"/accounts/{ServerProcess.Account}", null);
        while (admin?.Status == 503 && asked.Elapsed < Bound)
        {
            await node.UntilReadyAsync(Bound);
            admin = await node.AdminAsync("GET", $"/accounts/{ServerProcess.Account}", null);
        }

        admin.Ok();
    }

    // Calls that nobody has signed: whether they are is found out by what the store has of the access key.
    private static async Task AssertAnswersAsync(
        Node node, (int, string) huawei, (int, string) iam, (int, string) tencent)
    {
        const string keys = "/v1.0/0123456789abcdef0123456789abcdef/kms/list-keys";
        AssertIs(huawei, await node.RawAsync(keys, Signature, "{}"));
        AssertIs(iam, await node.RawAsync("/v3/projects", Signature));
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        AssertIs(tencent, await node.RawAsync(
            $"/v2/index.php?Action=ListKey&SecretId=crash-tests&Timestamp={now}&Nonce={Random.Shared.Next(1, 65536)}"
            + "&Region=gz&SignatureMethod=HmacSHA1&Signature=AAAAAAAAAAAAAAAAAAAAAAAAAAA%3D"));
    }

    private static void AssertIs((int Status, string Part) expected, (int Status, string Text)? answer)
    {
        Assert.Equal(expected.Status, answer?.Status);
        Assert.Contains(expected.Part, answer!.Value.Text, StringComparison.Ordinal);
    }
}
