using KmsActors.Grains.Hosting;
using KmsActors.Operations;

namespace KmsActors.Protocols.Http.Tests;

public class SharedNoncesTests
{
    private static readonly TimeSpan s_halfWidth = TimeSpan.FromMinutes(15);
    private static readonly DateTimeOffset s_at = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly Ledger _ledger = new();

    [Fact]
    public async Task SpendAsync_OfWhatChangesSomething_IsWhatTheLedgerSays()
    {
        SharedNonces nonces = new(_ledger, "p", s_halfWidth);

        Assert.True(await SpendAsync(nonces, PolicyAction.CreateKey));
        Assert.False(await SpendAsync(nonces, PolicyAction.CreateKey));
        Assert.All(_ledger.Asked, asked => Assert.Equal(s_at + s_halfWidth, asked.Until));
    }

    [Fact]
    public async Task SpendAsync_OfWhatChangesNothing_DoesNotAsk()
    {
        SharedNonces nonces = new(_ledger, "p", s_halfWidth);

        foreach (var action in new[] { PolicyAction.Encrypt, PolicyAction.ListKeys, null })
        {
            Assert.True(await SpendAsync(nonces, action));
            Assert.True(await SpendAsync(nonces, action));
        }

        Assert.Empty(_ledger.Asked);
    }

    [Fact]
    public async Task SpendAsync_OneNodeAlone_IsFine() =>
        Assert.True(await SpendAsync(new SharedNonces(null, "p", s_halfWidth), PolicyAction.CreateKey));

    [Theory]
    [InlineData("q", "ab", "c")]
    [InlineData("p", "a", "bc")]
    [InlineData("p", "ab", "d")]
    [InlineData("p", "", "abc")]
    [InlineData("p", "ab", "c ")]
    public async Task SpendAsync_OfAnotherRequest_IsAnother(string protocol, string accessKeyId, string nonce)
    {
        Assert.True(await SpendAsync(new SharedNonces(_ledger, "p", s_halfWidth), PolicyAction.CreateKey));
        SharedNonces nonces = new(_ledger, protocol, s_halfWidth);
        Assert.True(await SpendAsync(nonces, PolicyAction.CreateKey, accessKeyId, nonce));
    }

    // What nodes of an older program have spent is spent: the first half of SHA-256 over "p 2 abc".
    [Fact]
    public async Task SpendAsync_InAllVersions_AsksForTheSame()
    {
        await SpendAsync(new SharedNonces(_ledger, "p", s_halfWidth), PolicyAction.CreateKey);
        Assert.Equal(Guid.Parse("5f33cb89f37f9c4f5db138f19d845774"), Assert.Single(_ledger.Asked).Nonce);
    }

    private static ValueTask<bool> SpendAsync(
        SharedNonces nonces, PolicyAction? action, string accessKeyId = "ab", string nonce = "c") =>
        nonces.SpendAsync(action, accessKeyId, nonce, s_at, CancellationToken.None);

    private sealed class Ledger : INonceLedger
    {
        public List<(Guid Nonce, DateTimeOffset Until)> Asked { get; } = [];

        public ValueTask<bool> SpendAsync(Guid nonce, DateTimeOffset until, CancellationToken cancellation)
        {
            var isFirst = !Asked.Contains((nonce, until));
            Asked.Add((nonce, until));
            return new(isFirst);
        }
    }
}
