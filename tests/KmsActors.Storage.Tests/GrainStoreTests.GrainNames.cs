using System.Text;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using static KmsActors.Storage.Tests.Make;

namespace KmsActors.Storage.Tests;

public abstract partial class GrainStoreTests<TStore>
{
    [Fact]
    public async Task NamesAsync_OddNames_AreInTheOrderOfTheirBytes_PageByPage()
    {
        string[] names = [.. OddText.Where(text => text.Length > 0)];
        await MustCommitAsync([.. names.Select(name => Write(User(name), 0))]);
        string[] ordered =
        [
            .. names.OrderBy(name => Convert.ToHexString(Encoding.UTF8.GetBytes(name)), StringComparer.Ordinal),
        ];

        Assert.Equal(ordered, await NamesAsync());
        foreach (var limit in new[] { 1, 4, names.Length, names.Length + 1 })
        {
            List<string> listed = [];
            for (var pages = 0; pages <= names.Length / limit; pages++)
                listed.AddRange(await NamesAsync(after: listed.LastOrDefault(""), limit: limit));
            Assert.Equal(ordered, listed);
        }

        // Behind a name that is none.
        Assert.Equal(
            ordered.SkipWhile(name => string.CompareOrdinal(name, "aa\u0001") < 0),
            await NamesAsync(after: "aa\u0001"));
        Assert.Empty(await NamesAsync(after: ordered[^1]));
    }

    [Fact]
    public async Task NamesAsync_HasTombstones_IfTheyAreWanted()
    {
        await MustCommitAsync(Write(User("a"), 0));
        await MustCommitAsync(Write(User("b"), 0, existsNow: false));
        var gone = await MustCommitAsync(Write(User("c"), 0));
        await MustCommitAsync(Write(User("d"), 0));
        var dead = await MustCommitAsync(Write(User("e"), 0));
        await MustCommitAsync(Write(User("c"), gone, null));
        await MustCommitAsync(Write(User("e"), dead, "tombstone", existsNow: false));

        Assert.Equal(["a", "d"], await NamesAsync());
        Assert.Equal(["a", "b", "d", "e"], await NamesAsync(which: Rows.All));
        // The limit is of those that are listed.
        Assert.Equal(["a", "d"], await NamesAsync(limit: 2));
        Assert.Equal(["a", "b"], await NamesAsync(which: Rows.All, limit: 2));
        Assert.Equal(["d"], await NamesAsync(after: "b", limit: 1));
    }

    [Fact]
    public async Task NamesAsync_HasOneKindOfOneAccount()
    {
        foreach (var account in new[] { "", "1", Account, $"{Account}/", $"{Account}/p", $"{Account}1" })
        {
            await MustCommitAsync(
                Write(User($"user of {account}", account), 0),
                Write(GrainId.OfGroup(account, $"group of {account}"), 0),
                Write(Key($"key of {account}", account), 0));
        }

        await MustCommitAsync(Write(GrainId.OfAccount("1"), 0), Write(GrainId.OfAccount("0"), 0));
        Assert.Equal([$"user of {Account}"], await NamesAsync());
        Assert.Equal([$"group of {Account}"], await NamesAsync(GrainKind.Group));
        Assert.Equal([$"key of {Account}/p"], await NamesAsync(GrainKind.Cmk, $"{Account}/p"));
        Assert.Equal(["0", "1"], await NamesAsync(GrainKind.Account, ""));
        Assert.Empty(await NamesAsync(GrainKind.Alias));
        Assert.Empty(await NamesAsync(account: "nobody"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task NamesAsync_OfNothing_IsRefused(int limit) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => NamesAsync(limit: limit));

    [Fact]
    public async Task CountsAsync_IsOfTheAccountsOwn_ByKind_WithoutTombstones()
    {
        Assert.All((await CountsAsync()).Values, count => Assert.Equal(0, count));
        var first = await MustCommitAsync(Write(Key("a"), 0), Write(Key("b"), 0), Write(User("u"), 0));
        await MustCommitAsync(
            Write(Key("c", $"{Account}/p"), 0), Write(User("u", "another"), 0), Write(Token("t"), 0, existsNow: false));
        var counts = await CountsAsync();
        Assert.Equal((2, 1, 0), (
            counts[GrainKind.Cmk], counts[GrainKind.User], counts.GetValueOrDefault(GrainKind.ImportToken)));
        Assert.Equal(1, (await CountsAsync($"{Account}/p"))[GrainKind.Cmk]);

        await MustCommitAsync(Write(Key("a"), first, null), Write(User("u"), first, "tombstone", existsNow: false));
        counts = await CountsAsync();
        Assert.Equal((1, 0), (counts[GrainKind.Cmk], counts.GetValueOrDefault(GrainKind.User)));
        var reopened = await OpenAnotherAsync();
        Assert.Equal(1, (await reopened.CountsAsync(Account, CancellationToken.None))[GrainKind.Cmk]);
    }

    private static GrainId User(string name, string account = Account) => GrainId.OfUser(account, name);

    private async Task<IReadOnlyList<string>> NamesAsync(
        GrainKind kind = GrainKind.User,
        string account = Account,
        Rows which = Rows.Existing,
        string after = "",
        int limit = 1000) =>
        await Store.NamesAsync(kind, account, which, after, limit, CancellationToken.None);

    private async Task<IReadOnlyDictionary<GrainKind, long>> CountsAsync(string account = Account) =>
        await Store.CountsAsync(account, CancellationToken.None);
}
