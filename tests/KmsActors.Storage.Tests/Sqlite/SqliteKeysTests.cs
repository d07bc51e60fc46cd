using KmsActors.Grains;
using KmsActors.Storage.Sqlite;
using static KmsActors.Storage.Tests.Make;

namespace KmsActors.Storage.Tests.Sqlite;

/// <summary>How keys are kept and found.</summary>
public sealed class SqliteKeysTests : IDisposable
{
    private readonly SqliteFile _file = new();

    public void Dispose() => _file.Dispose();

    // A step that is not a run through the account's rows in their order is a look-up a row or a sort.
    [Theory]
    [InlineData(KeyQueries.Page)]
    [InlineData(KeyQueries.MatchCount)]
    [InlineData(KeyQueries.MatchPage)]
    public async Task Listing_OfKeys_RunsThroughTheRowsInTheirOrder(string query)
    {
        await using var store = await _file.OpenAsync();

        var plan = _file.Plan(query);
        Assert.Equal("SEARCH keys USING PRIMARY KEY (account=?)", plan[0]);
        // The list of projects, made once and looked up.
        string[] list = ["LIST SUBQUERY 1", "SCAN json_each VIRTUAL TABLE INDEX 1:", "CREATE BLOOM FILTER"];
        Assert.Equal(query == KeyQueries.Page ? [] : list, plan.Skip(1));
    }

    // A total that is kept, and not counted, tells that no more rows are looked at than those of the page.
    [Fact]
    public async Task KeysAsync_OfAllProjects_IsTheListingWithoutAFilter()
    {
        await using var store = await _file.OpenAsync();
        await store.CommitAsync(Commit(Write(Key("k"), 0)), default);
        _file.Run("UPDATE counts SET count = 7");

        foreach (var (projects, total) in ((ProjectSet, long)[])[(ProjectSet.All, 7), (ProjectSet.AllBut("none"), 1)])
        {
            var page = await store.KeysAsync(Account, new() { EnterpriseProjects = projects }, 0, 10, default);
            Assert.Equal(["k"], page.Items);
            Assert.Equal(total, page.TotalCount);
        }
    }

    [Fact]
    public async Task CommitAsync_Key_KeepsItsSortInNumbers()
    {
        await using var store = await _file.OpenAsync();
        var sort = Listed(Start, KeyState.PendingImport, KeySpec.EcSm2, KeyUsage.SignVerify, ProtectionLevel.Software);
        await store.CommitAsync(Commit(Write(Key("k"), 0, listing: sort)), default);

        Assert.Equal(
            [$"{Account}|k|{Start.UtcTicks}|3|6|1|0"],
            _file.Query(
                "SELECT account, key_id, created_at, key_state, key_spec, key_usage, protection_level FROM keys"));
    }

    // In files for good: a name that got the number of another would change what keys there are.
    [Fact]
    public void Numbers_OfKeys_AreThese()
    {
        Assert.Equal(
            [KeyState.Enabled, KeyState.Disabled, KeyState.PendingDeletion, KeyState.PendingImport],
            Enumerable.Range(0, 4).Select(number => (KeyState)number));
        Assert.Equal(
            [
                KeySpec.Aes256, KeySpec.Sm4, KeySpec.Rsa2048, KeySpec.Rsa3072, KeySpec.EcP256, KeySpec.EcP256K,
                KeySpec.EcSm2,
            ],
            Enumerable.Range(0, 7).Select(number => (KeySpec)number));
        Assert.Equal(
            [KeyUsage.EncryptDecrypt, KeyUsage.SignVerify],
            Enumerable.Range(0, 2).Select(number => (KeyUsage)number));
        Assert.Equal(
            [ProtectionLevel.Software, ProtectionLevel.Hsm],
            Enumerable.Range(0, 2).Select(number => (ProtectionLevel)number));
    }
}
