using System.Globalization;
using KmsActors.Operations;
using KmsActors.Protocols.Aliyun;

namespace KmsActors.Server.Tests;

/// <summary>Every action over every form of the wire, and what its answer says.</summary>
public sealed class SuccessTests(TestServer server) : IClassFixture<TestServer>
{
    // Those whose good call of the catalogue finds everything as it should be.
    private static readonly string[] s_changingNothing = ["EnableKey", "DeleteKeyMaterial", "UntagResource"];

    public static TheoryData<string> Actions => new(Catalogue.Actions.Keys);

    public static IEnumerable<object[]> ActionsOnWires =>
        from action in Catalogue.Actions.Keys
        from wire in WireForm.All.Keys
        select new object[] { action, wire };

    [Fact]
    public void Catalogue_AgainstTheServersTable_HasEveryAction() =>
        Assert.Equal(
            ActionTable.Names.Order(StringComparer.Ordinal),
            Catalogue.Actions.Values.Select(action => action.Name).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(ActionsOnWires))]
    public async Task Action_OverTheWire_AnswersInItsShape(string action, string wire)
    {
        var wanted = Catalogue.Actions[action];
        var shape = wanted.Shape.Length == 0 ? "RequestId" : $"{wanted.Shape},RequestId";
        var form = WireForm.All[wire];
        var arguments = await wanted.Arguments(server.Root);

        var answer = await (server.Root.Client with { Form = form }).CallAsync(wanted.Name, arguments);

        answer.AssertOk();
        Assert.Equal(string.Equals(form.Format, "XML", StringComparison.OrdinalIgnoreCase), answer.IsXml);
        Assert.Equal(answer.IsXml ? AsXml(shape) : shape, answer.Shape());
    }

    // A call that changes something has to be known as one, or each of many nodes would do it again when it is repeated.
    [Theory]
    [MemberData(nameof(Actions))]
    public async Task Action_ThatChangesSomething_IsOneThatDoes(string action)
    {
        var wanted = Catalogue.Actions[action];
        var answer = await server.Root.OkAsync(wanted.Name, await wanted.Arguments(server.Root));
        var changes = server.Query("SELECT count(*) FROM audit WHERE request_id = $id", ("$id", answer["RequestId"]));
        var effect = ActionTable.Find(wanted.Name)!.Policy?.Effect ?? ActionEffect.Reads;
        Assert.Equal(s_changingNothing.Contains(action) ? 0L : effect == ActionEffect.Writes ? 1L : 0L, changes);
    }

    [Fact]
    public async Task Rpc_WithoutFormat_AnswersXml()
    {
        var client = server.Root.Client with { Form = new(Scheme.RpcSha1, Carrier.GetQuery, null) };
        Assert.True((await client.CallAsync("DescribeRegions")).AssertOk().IsXml);
        Assert.True((await client.CallAsync("DescribeKey")).IsXml);
    }

    [Fact]
    public async Task Acs3_AcceptingXml_AnswersJson()
    {
        var client = server.Root.Client with
        {
            Form = new(Scheme.Acs3, Carrier.GetQuery, null), Common = [("Accept", "application/xml")],
        };
        Assert.False((await client.CallAsync("DescribeRegions")).AssertOk().IsXml);
        Assert.False((await client.CallAsync("DescribeKey")).IsXml);
    }

    [Theory]
    [InlineData("JSON")]
    [InlineData("XML")]
    public async Task DescribeKey_OfANewKey_SaysWhatItIs(string format)
    {
        const string description = "说明 <b>&\"' 😀\n2";
        var client = server.Root.Client with { Form = new(Scheme.RpcSha1, Carrier.PostForm, format) };
        var created = await client.CallAsync("CreateKey", ("Description", description), ("ProtectionLevel", "HSM"));
        var keyId = created.AssertOk()["KeyMetadata.KeyId"];

        var described = (await client.CallAsync("DescribeKey", ("KeyId", keyId))).AssertOk();

        Assert.Equal(created.WithoutRequestId, described.WithoutRequestId);
        Assert.Matches("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", keyId);
        foreach (var (field, value) in new[]
        {
            ("CreationDate", server.Clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
            ("Description", description), ("KeyState", "Enabled"), ("KeyUsage", "ENCRYPT/DECRYPT"),
            ("DeleteDate", ""), ("Creator", server.Root.Account),
            ("Arn", $"acs:kms:cn-hangzhou:{server.Root.Account}:key/{keyId}"), ("Origin", "Aliyun_KMS"),
            ("MaterialExpireTime", ""), ("ProtectionLevel", "HSM"), ("KeySpec", "Aliyun_AES_256"),
            ("PrimaryKeyVersion", Assert.Single(await server.Root.VersionsAsync(keyId))),
            ("LastRotationDate", described["KeyMetadata.CreationDate"]), ("AutomaticRotation", "Disabled"),
            ("DeletionProtection", "Disabled"),
        })
        {
            Assert.Equal(value, described[$"KeyMetadata.{field}"]);
        }
    }

    [Fact]
    public async Task CreateKey_WithoutParameters_TakesTheDocumentsDefaults()
    {
        var created = await server.Root.OkAsync("CreateKey");
        Assert.Equal("Aliyun_KMS", created["KeyMetadata.Origin"]);
        Assert.Equal("SOFTWARE", created["KeyMetadata.ProtectionLevel"]);
        Assert.Equal("", created["KeyMetadata.Description"]);
        Assert.Equal("Aliyun_AES_256", created["KeyMetadata.KeySpec"]);
        Assert.Equal("Disabled", created["KeyMetadata.AutomaticRotation"]);
    }

    [Theory]
    [InlineData("JSON", "Keys{Key[]},TotalCount#,PageNumber#,PageSize#,RequestId")]
    [InlineData("XML", "Keys,TotalCount,PageNumber,PageSize,RequestId")]
    public async Task ListKeys_OfAnEmptyAccount_IsAnEmptyList(string format, string shape)
    {
        var tenant = await server.NewTenantAsync();
        var client = tenant.Client with { Form = new(Scheme.RpcSha1, Carrier.GetQuery, format) };
        var answer = (await client.CallAsync("ListKeys")).AssertOk();
        Assert.Empty(answer.Column("Keys.Key", "KeyId"));
        Assert.Equal((0, 1, 10), (answer.Number("TotalCount"), answer.Number("PageNumber"), answer.Number("PageSize")));
        Assert.Equal(shape, answer.Shape());
    }

    [Fact]
    public async Task ListKeys_PageByPage_ShowsEachKeyOnceInOrderOfCreation()
    {
        var tenant = await server.NewTenantAsync();
        List<string> created = [];
        for (var i = 0; i < 7; i++)
        {
            created.Add(await tenant.KeyAsync());
            server.Clock.Shift(TimeSpan.FromSeconds(1));
        }

        List<string> listed = [];
        for (var page = 1; page <= 3; page++)
        {
            var answer = await tenant.OkAsync("ListKeys", ("PageSize", "3"), ("PageNumber", $"{page}"));
            Assert.Equal((7, page, 3), (answer.Number("TotalCount"), answer.Number("PageNumber"), answer.Number("PageSize")));
            listed.AddRange(answer.Column("Keys.Key", "KeyId"));
            Assert.Equal(
                answer.Column("Keys.Key", "KeyId").Select(keyId => $"acs:kms:cn-hangzhou:{tenant.Account}:key/{keyId}"),
                answer.Column("Keys.Key", "KeyArn"));
        }

        Assert.Equal(created, listed);
    }

    [Fact]
    public async Task DescribeRegions_OnAnyServer_NamesItsRegion() => Assert.Equal(
        ["cn-hangzhou"], (await server.Root.OkAsync("DescribeRegions")).Column("Regions.Region", "RegionId"));

    private static string AsXml(string shape) => shape
        .Replace("#", "", StringComparison.Ordinal)
        .Replace("?", "", StringComparison.Ordinal)
        .Replace("[", "{", StringComparison.Ordinal)
        .Replace("]", "}", StringComparison.Ordinal);
}
