namespace KmsActors.ClusterTests;

[Collection(SharedCluster.Name)]
public sealed class StartTests(SharedCluster shared)
{
    private Cluster Cluster => shared.Cluster;

    [Fact]
    public async Task Nodes_started_at_once_on_nothing_are_of_one_service()
    {
        Assert.Equal(1, await Cluster.NumberAsync("SELECT count(*) FROM audit WHERE events = 'AccountCreated'"));
        Assert.Equal(1, await Cluster.NumberAsync("SELECT count(*) FROM audit WHERE events = 'UserCreated'"));
        Assert.Equal(1, await Cluster.NumberAsync("SELECT count(*) FROM root_keys"));
        foreach (var node in Cluster.Nodes)
        {
            var key = await node.CreateKeyAsync();
            var ciphertext = await node.EncryptAsync(key, "aGVsbG8=");
            foreach (var other in Cluster.Nodes)
            {
                var decrypted = (await other.CallAsync("Decrypt", ("CiphertextBlob", ciphertext))).Ok();
                Assert.Equal("aGVsbG8=", decrypted.Text("Plaintext"));
            }
        }
    }

    [Fact]
    public async Task Node_with_another_root_key_does_not_start_and_says_why()
    {
        var data = Directory.CreateTempSubdirectory("kmsactors-other-");
        var before = await Cluster.NumberAsync("SELECT max(seq) FROM audit");
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(async () => await ServerProcess.StartAsync(
            data.FullName, "--store", Cluster.Database.ConnectionString, $"--Kms:Cluster:Schema={Cluster.Schema}"));
        Assert.Contains(
            $"Could not find file '{data.FullName}/root.key'", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists($"{data.FullName}/root.key"));
        Assert.DoesNotContain("   at ", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, await Cluster.NumberAsync("SELECT max(seq) FROM audit"));
        foreach (var node in Cluster.Nodes) Assert.True(await node.IsReadyAsync());
        data.Delete(recursive: true);
    }

    [Fact]
    public async Task Node_without_a_database_does_not_start_and_says_why()
    {
        var data = Directory.CreateTempSubdirectory("kmsactors-none-");
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(async () => await ServerProcess.StartAsync(
            data.FullName, "--store", $"Host={data.FullName};Username=kms;Password=secret-of-the-database"));
        Assert.Contains("cannot be used", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-of-the-database", refused.Message, StringComparison.Ordinal);
        data.Delete(recursive: true);
    }
}
