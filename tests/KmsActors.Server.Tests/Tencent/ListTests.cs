using System.Globalization;
using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Server.Tests.Tencent;

/// <summary>Paging by offset and limit, and keys named by keyId.n.</summary>
public sealed class ListTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly PolicyStatement s_all = new() { Effect = PolicyEffect.Allow, Actions = ["*"] };

    [Fact]
    public async Task Pages_OfAnySize_HaveEveryKeyOnceInOrderOfCreation()
    {
        var (customer, keys) = await NewAsync(23);
        Assert.Equal(keys[..10], (await customer.OkAsync("ListKey")).KeyIds());
        foreach (var limit in new[] { 1, 7, 23, 24, 200 })
        {
            List<string> seen = [];
            for (var offset = 0; offset < 23; offset += limit)
            {
                var page = await customer.OkAsync("ListKey", ("offset", Text(offset)), ("limit", Text(limit)));
                Assert.Equal((Math.Min(limit, 23 - offset), 23), (page.KeyIds().Length, page.Number("totalCount")));
                seen.AddRange(page.KeyIds());
            }

            Assert.Equal(keys, seen);
        }

        var beyond = await customer.OkAsync("ListKey", ("offset", "23"), ("limit", "5"));
        Assert.Equal((0, 23), (beyond.KeyIds().Length, beyond.Number("totalCount")));
    }

    [Fact]
    public async Task Account_WithoutKeys_HasAnEmptyList()
    {
        var (customer, _) = await NewAsync(0);
        var answer = await customer.OkAsync("ListKey");
        Assert.Equal(("keys[],totalCount#", 0), (answer.Shape(), answer.Number("totalCount")));
    }

    [Fact]
    public async Task Named_ByArray_AreThoseThatThereAre()
    {
        var (customer, keys) = await NewAsync(12);
        var (_, foreign) = await NewAsync(1);
        Args named =
        [
            ("keyId.0", keys[3]), ("keyId.1", keys[1]), ("keyId.2", foreign[0]), ("keyId.3", "x"),
            ("keyId.4", keys[3]), ("keyId.5", ""), ("keyId.6", Guid.NewGuid().ToString()), ("keyId.7", keys[5]),
            ("keyId.8", new string('x', 10_000)), ("keyId.9", keys[0]), ("keyId.10", keys[10]),
        ];
        foreach (var form in TencentForm.All.Values)
        {
            var answer = await (customer with { Form = form }).OkAsync("ListKey", named);
            Assert.Equal([keys[0], keys[1], keys[3], keys[5], keys[10]], answer.KeyIds());
            Assert.Equal(5, answer.Number("totalCount"));
        }

        var page = await customer.OkAsync("ListKey", [.. named, ("offset", "1"), ("limit", "3")]);
        Assert.Equal([keys[1], keys[3], keys[5]], page.KeyIds());
        Assert.Equal(5, page.Number("totalCount"));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("0 2")]
    [InlineData("00")]
    [InlineData("0 01")]
    [InlineData("-1")]
    [InlineData("a")]
    [InlineData("")]
    [InlineData("0.0")]
    [InlineData("0 1.x")]
    [InlineData("99999999999")]
    public async Task Array_WithAnotherPlaceThanTheNext_IsRefused(string places)
    {
        var (customer, keys) = await NewAsync(1);
        Args named = [.. places.Split(' ').Select(place => ($"keyId.{place}", keys[0]))];
        await customer.OutOfRangeAsync("keyId", "ListKey", named);
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    [InlineData(240, false)]
    public async Task Array_OfUpToAHundred_IsTaken(int count, bool isGood)
    {
        var (customer, keys) = await NewAsync(1);
        Args named = [.. Enumerable.Range(0, count).Select(i => ($"keyId.{i}", keys[0]))];
        if (!isGood) await customer.OutOfRangeAsync("keyId", "ListKey", named);
        else Assert.Equal(keys, (await customer.OkAsync("ListKey", named)).KeyIds());
    }

    [Fact]
    public async Task Key_ThatIsGone_IsListedNoMore()
    {
        var (customer, keys) = await NewAsync(2);
        await customer.OkAsync("ScheduleKeyDeletion", ("keyId", keys[0]), ("pendingWindowInDays", "7"));
        var deleted = (await customer.DescribeAsync(keys[0])).Number("keyMetadata.deleteTime");
        Assert.Equal(server.Clock.GetUtcNow().AddDays(7).ToUnixTimeSeconds(), deleted);
        Assert.Equal(keys, (await customer.OkAsync("ListKey", ("keyId.0", keys[0]), ("keyId.1", keys[1]))).KeyIds());

        // At that instant, whether or not the reminder has come.
        server.Clock.ShiftTo(DateTimeOffset.UnixEpoch.AddSeconds(deleted));
        Assert.Equal([keys[1]], (await customer.OkAsync("ListKey", ("keyId.0", keys[0]), ("keyId.1", keys[1]))).KeyIds());
        await customer.RefusedAsync("4000/10350", "GetKeyAttributes", ("keyId", keys[0]));
        await server.RunRemindersAsync();
        Assert.Equal([keys[1]], (await customer.OkAsync("ListKey")).KeyIds());
        await customer.RefusedAsync("4000/10350", "CancelKeyDeletion", ("keyId", keys[0]));
    }

    [Fact]
    public async Task User_OfAnEnterpriseProject_SeesItsKeysAlone()
    {
        const string project = "5b6d1f7e-8f55-4a3c-9f6c-0f2f4f7a0000";
        var (customer, keys) = await NewAsync(1);
        var mine = await new Huawei.Project(customer.Tenant).KeyAsync(project: project);
        var user = await customer.AsUserAsync(PolicyScope.OfEnterpriseProject(project), s_all);
        Assert.Equal([mine], (await user.OkAsync("ListKey")).KeyIds());
        Assert.Equal([mine], (await user.OkAsync("ListKey", ("keyId.0", keys[0]), ("keyId.1", mine))).KeyIds());
        var limited = await customer.AsUserAsync(PolicyScope.All, s_all with { Resources = [mine] });
        await limited.RefusedAsync("4300/10040", "ListKey");
        await limited.RefusedAsync("4300/10040", "ListKey", ("keyId.0", mine));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task<(Customer Customer, string[] Keys)> NewAsync(int keys)
    {
        var customer = new Customer(await server.NewTenantAsync());
        var made = new string[keys];
        for (var i = 0; i < keys; i++)
        {
            made[i] = await customer.KeyAsync();
            server.Clock.Shift(TimeSpan.FromSeconds(1));
        }

        return (customer, made);
    }
}
