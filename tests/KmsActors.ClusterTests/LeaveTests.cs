namespace KmsActors.ClusterTests;

[Collection(SharedCluster.Name)]
public sealed class LeaveTests(SharedCluster shared)
{
    [Fact]
    public async Task Node_that_is_told_to_end_answers_what_it_has_and_takes_leave()
    {
        var cluster = shared.Cluster;
        using var leaving = new Node(cluster, 99);
        await leaving.StartAsync();
        var key = await leaving.CreateKeyAsync();
        using var stop = new CancellationTokenSource();
        var told = false;
        var users = Enumerable.Range(0, 8).Select(user => Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var before = !Volatile.Read(ref told);
                var answer = user == 0
                    ? await leaving.CallAsync(i % 2 == 0 ? "DisableKey" : "EnableKey", ("KeyId", key))
                    : await leaving.CallAsync("Encrypt", ("KeyId", key), ("Plaintext", "cGxhaW4="));
                // What was asked before it was told is answered; later, there may be nobody.
                if (before) Assert.NotNull(answer);
                if (answer is null) return;
                Assert.True(answer.Code is null or "Rejected.Disabled", $"{answer.Status} {answer.Body}");
            }
        })).ToList();
        await Task.Delay(1000);
        Volatile.Write(ref told, true);
        leaving.Signal("TERM");
        Assert.Equal(0, await leaving.EndAsync());
        await stop.CancelAsync();
        await Task.WhenAll(users);

        // Nobody waits for who is not there.
        Assert.Equal(cluster.Nodes.Count, await cluster.NumberAsync(
            "SELECT count(*) FROM nodes WHERE beat_at > clock_timestamp() - interval '2 seconds'"));
        Assert.Equal(0, await cluster.NumberAsync("SELECT count(*) FROM reminders WHERE claimed_by IS NOT NULL"));
        (await cluster.Nodes[0].CallAsync("DisableKey", ("KeyId", key))).Ok();
    }
}
