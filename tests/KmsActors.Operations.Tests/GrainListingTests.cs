using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Operations.Tests;

/// <summary>Lists by name, while what they list comes and goes.</summary>
public sealed class GrainListingTests(Service service) : IClassFixture<Service>
{
    [Fact]
    public async Task OneThatHasGoneSinceItWasListed_DoesNotEndTheList()
    {
        string[] users = ["list-a", "list-b", "list-c"];
        foreach (var user in users) await service.OkAsync(new CreateUser(user));
        string[] names = ["list-a", "list-aa", "list-ab", "list-b", "list-bb", "list-c", "list-d"];
        var listings = new Haunted(service.Kms.Listings, names);
        var context = service.Context() with { Kms = service.Kms with { Listings = listings } };
        foreach (var (after, limit, expected) in new (string, int, string[])[]
        {
            ("", 1, ["list-a"]),
            ("", 2, ["list-a", "list-b"]),
            ("list-a", 2, ["list-b", "list-c"]),
            ("list-a", 3, ["list-b", "list-c"]),
            ("list-c", 1, []),
            ("", 7, users),
            ("", 8, users),
        })
        {
            var listed = await new ListUsers(after, limit).RunAsync(context);
            Assert.Equal(expected, listed.Value.Select(user => user.Key));
        }
    }

    [Fact]
    public async Task NamesOnly_OfThisAccount_AreListed()
    {
        await service.OkAsync(new CreateAccount(), "another");
        await service.OkAsync(new CreateGroup("theirs"), "another");
        await service.OkAsync(new CreateGroup("ours"));
        Assert.Equal(["ours"], (await service.OkAsync(new ListGroups("", 10))).Select(group => group.Key));
        var accounts = (await service.OkAsync(new ListAccounts("", 10))).Select(account => account.Key);
        Assert.Equal([Service.Account, "another"], accounts);
    }

    /// <summary>Listings in which there are names of what there is not.</summary>
    private sealed class Haunted(IListings listings, string[] names) : IListings
    {
        public ValueTask<IReadOnlyList<string>> NamesAsync(
            GrainKind kind, string account, Rows which, string after, int limit, CancellationToken cancellation) =>
            new([.. names.Where(name => string.CompareOrdinal(name, after) > 0).Take(limit)]);

        public ValueTask<Page<string>> KeysAsync(
            string account, KeyFilter filter, long offset, int limit, CancellationToken cancellation) =>
            listings.KeysAsync(account, filter, offset, limit, cancellation);

        public ValueTask<IReadOnlyList<KeyValuePair<string, string>>> TagsAsync(
            string account, ProjectSet projects, int limit, CancellationToken cancellation) =>
            listings.TagsAsync(account, projects, limit, cancellation);

        public ValueTask<Page<AliasRow>> AliasesAsync(
            string account, long offset, int limit, CancellationToken cancellation) =>
            listings.AliasesAsync(account, offset, limit, cancellation);

        public ValueTask<IReadOnlyDictionary<GrainKind, long>> CountsAsync(
            string account, CancellationToken cancellation) => listings.CountsAsync(account, cancellation);

        public ValueTask<Page<AliasRow>> AliasesOfKeyAsync(
            string account, string keyId, long offset, int limit, CancellationToken cancellation) =>
            listings.AliasesOfKeyAsync(account, keyId, offset, limit, cancellation);
    }
}
