using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using static KmsActors.Storage.Tests.Make;

namespace KmsActors.Storage.Tests;

public abstract partial class GrainStoreTests<TStore>
{
    [Fact]
    public async Task KeysAsync_OneState_ListsThoseInIt()
    {
        var keys = await AllSortsAsync();
        foreach (var state in Enum.GetValues<KeyState>())
        {
            await AssertListsAsync(new() { States = [state] }, keys.Where(key => key.Listing.KeyState == state));
        }
    }

    [Fact]
    public async Task KeysAsync_OneSpec_ListsThoseOfIt()
    {
        var keys = await AllSortsAsync();
        foreach (var spec in Enum.GetValues<KeySpec>())
        {
            await AssertListsAsync(new() { Specs = [spec] }, keys.Where(key => key.Listing.Spec == spec));
        }
    }

    [Fact]
    public async Task KeysAsync_OneUsage_ListsThoseForIt()
    {
        var keys = await AllSortsAsync();
        foreach (var usage in Enum.GetValues<KeyUsage>())
        {
            await AssertListsAsync(new() { Usages = [usage] }, keys.Where(key => key.Listing.Usage == usage));
        }
    }

    [Fact]
    public async Task KeysAsync_OneProtectionLevel_ListsThoseWithIt()
    {
        var keys = await AllSortsAsync();
        foreach (var level in Enum.GetValues<ProtectionLevel>())
        {
            await AssertListsAsync(
                new() { ProtectionLevels = [level] }, keys.Where(key => key.Listing.ProtectionLevel == level));
        }
    }

    [Fact]
    public async Task KeysAsync_SeveralOfEverything_AnyWithinAndAllAcross()
    {
        var keys = await AllSortsAsync();

        await AssertListsAsync(
            new()
            {
                States = [KeyState.PendingImport, KeyState.Disabled],
                Specs = [KeySpec.Sm4, KeySpec.EcSm2, KeySpec.Sm4],
                Usages = [KeyUsage.SignVerify],
                ProtectionLevels = [ProtectionLevel.Hsm, ProtectionLevel.Software],
            },
            keys.Where(key => key.Listing is
            {
                KeyState: KeyState.Disabled or KeyState.PendingImport,
                Spec: KeySpec.Sm4 or KeySpec.EcSm2,
                Usage: KeyUsage.SignVerify,
            }));
        await AssertListsAsync(
            new()
            {
                States = [KeyState.PendingDeletion],
                Specs = [KeySpec.Rsa3072],
                Usages = [KeyUsage.EncryptDecrypt],
                ProtectionLevels = [ProtectionLevel.Hsm],
            },
            keys.Where(key => key.Listing with { CreatedAt = Start } == Listed(
                Start, KeyState.PendingDeletion, KeySpec.Rsa3072, KeyUsage.EncryptDecrypt, ProtectionLevel.Hsm)));
    }

    [Fact]
    public async Task KeysAsync_AllOfEverything_ListsAll()
    {
        var keys = await AllSortsAsync();
        var all = new KeyFilter
        {
            States = Enum.GetValues<KeyState>(),
            Specs = Enum.GetValues<KeySpec>(),
            Usages = Enum.GetValues<KeyUsage>(),
            ProtectionLevels = Enum.GetValues<ProtectionLevel>(),
        };

        await AssertListsAsync(all, keys);
        await AssertListsAsync(KeyFilter.None, keys);
        await AssertListsAsync(new KeyFilter(), keys);
    }

    [Fact]
    public async Task KeysAsync_NothingAllowed_ListsNone()
    {
        await AllSortsAsync();

        await AssertListsAsync(new() { States = [] }, []);
        await AssertListsAsync(new() { Specs = [] }, []);
        await AssertListsAsync(new() { Usages = [] }, []);
        await AssertListsAsync(new() { ProtectionLevels = [] }, []);
        await AssertListsAsync(new() { States = [KeyState.Enabled], Specs = [] }, []);
    }

    [Fact]
    public async Task KeysAsync_PagesUnderAFilter_CoverTheMatchesOnce()
    {
        var keys = await AllSortsAsync();
        var filter = new KeyFilter { States = [KeyState.Disabled], ProtectionLevels = [ProtectionLevel.Hsm] };
        var matches = InOrder(keys.Where(key => key.Listing is
            { KeyState: KeyState.Disabled, ProtectionLevel: ProtectionLevel.Hsm }));
        Assert.Equal(14, matches.Count);

        for (var offset = 0; offset < 18; offset += 4)
        {
            var page = await KeysAsync(offset, 4, filter: filter);
            Assert.Equal(matches.Skip(offset).Take(4), page.Items);
            Assert.Equal(14, page.TotalCount);
        }

        foreach (var offset in (long[])[14, 1000, long.MaxValue])
        {
            var past = await KeysAsync(offset, 4, filter: filter);
            Assert.Empty(past.Items);
            Assert.Equal(14, past.TotalCount);
        }
    }

    [Fact]
    public async Task KeysAsync_StateChanged_IsListedUnderTheNewOne()
    {
        var other = Listed(Start.AddTicks(1), spec: KeySpec.Sm4, level: ProtectionLevel.Hsm);
        await MustCommitAsync(Write(Key("first"), 0, listing: Listed(state: KeyState.Disabled)));
        var etag = await MustCommitAsync(Write(Key("changes"), 0, listing: other));
        await MustCommitAsync(Write(Key("last"), 0, listing: Listed(Start.AddTicks(2), KeyState.Disabled)));

        foreach (var state in (KeyState[])[KeyState.PendingDeletion, KeyState.Disabled])
        {
            etag = await MustCommitAsync(Write(Key("changes"), etag, listing: other with { KeyState = state }));
            Assert.Empty((await KeysAsync(filter: new() { States = [KeyState.Enabled] })).Items);
            Assert.Contains("changes", (await KeysAsync(filter: new() { States = [state] })).Items);
            Assert.Equal(["changes"], (await KeysAsync(filter: new() { Specs = [KeySpec.Sm4], States = [state] })).Items);
        }

        var disabled = await KeysAsync(filter: new() { States = [KeyState.Disabled] });
        Assert.Equal(["first", "changes", "last"], disabled.Items);
        Assert.Equal(3, disabled.TotalCount);
    }

    [Fact]
    public async Task KeysAsync_DeletedOrTombstoned_IsNotListedByAFilter()
    {
        var filter = new KeyFilter { States = [KeyState.Enabled] };
        var deleted = await MustCommitAsync(Write(Key("deleted"), 0));
        var tombstoned = await MustCommitAsync(Write(Key("tombstoned"), 0));
        await MustCommitAsync(Write(Key("stays"), 0));
        await MustCommitAsync(Write(Key("deleted", "another"), 0), Write(Key("tombstoned", "another"), 0));
        Assert.Equal(3, (await KeysAsync(filter: filter)).TotalCount);

        await MustCommitAsync(Write(Key("deleted"), deleted, null));
        await MustCommitAsync(Write(Key("tombstoned"), tombstoned, "tombstone", existsNow: false));

        var page = await KeysAsync(filter: filter);
        Assert.Equal(["stays"], page.Items);
        Assert.Equal(1, page.TotalCount);
        Assert.Equal(2, (await KeysAsync(account: "another", filter: filter)).TotalCount);
    }

    [Fact]
    public async Task KeysAsync_OtherAccounts_AreNotListedByAFilter()
    {
        var filter = new KeyFilter { ProtectionLevels = [ProtectionLevel.Hsm] };
        foreach (var account in (string[])["1", Account, "9"])
        {
            await MustCommitAsync(Write(Key($"of {account}", account), 0, listing: Listed(level: ProtectionLevel.Hsm)));
            await MustCommitAsync(Write(Key("same", account), 0, listing: Listed(
                level: account == Account ? ProtectionLevel.Software : ProtectionLevel.Hsm)));
        }

        var page = await KeysAsync(filter: filter);
        Assert.Equal([$"of {Account}"], page.Items);
        Assert.Equal(1, page.TotalCount);
        Assert.Equal(2, (await KeysAsync(account: "1", filter: filter)).TotalCount);
        Assert.Equal(0, (await KeysAsync(account: "nobody", filter: filter)).TotalCount);
    }

    [Fact]
    public async Task KeysAsync_WhileStatesChange_ItemsAndTotalOfAFilterAgree()
    {
        // Among many others, so that to count and to read takes long enough for a commit to come between.
        await AllSortsAsync();
        var filter = new KeyFilter { States = [KeyState.Enabled] };
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            var etag = 0L;
            for (var state = KeyState.Enabled; !stop.IsCancellationRequested; state = 1 - state)
            {
                etag = await MustCommitAsync(Write(Key("changes"), etag, listing: Listed(state: state)));
            }
        });

        for (var i = 0; i < 3000; i++)
        {
            var page = await KeysAsync(filter: filter);
            Assert.Equal(page.TotalCount, page.Items.Count);
        }

        await stop.CancelAsync();
        await writing;
    }

    /// <summary>A key of every sort, in an order of creation that is not that of their ids, and has ties.</summary>
    private async Task<IReadOnlyList<(string Name, KeyListing Listing)>> AllSortsAsync()
    {
        var sorts =
            from state in Enum.GetValues<KeyState>()
            from spec in Enum.GetValues<KeySpec>()
            from usage in Enum.GetValues<KeyUsage>()
            from level in Enum.GetValues<ProtectionLevel>()
            select Listed(Start, state, spec, usage, level);
        var keys = sorts
            .Select((sort, i) => ($"{i:D3}", sort with { CreatedAt = Start.AddTicks(i * 37 % 50) }))
            .ToList();
        await MustCommitAsync([.. keys.Select(key => Write(Key(key.Item1), 0, listing: key.Item2))]);
        return keys;
    }

    private async Task AssertListsAsync(KeyFilter filter, IEnumerable<(string Name, KeyListing Listing)> expected)
    {
        var page = await KeysAsync(filter: filter);
        Assert.Equal(InOrder(expected), page.Items);
        Assert.Equal(page.Items.Count, page.TotalCount);
    }

    private static IReadOnlyList<string> InOrder(IEnumerable<(string Name, KeyListing Listing)> keys) =>
        [.. keys.OrderBy(key => key.Listing.CreatedAt).ThenBy(key => key.Name, StringComparer.Ordinal)
            .Select(key => key.Name)];
}
