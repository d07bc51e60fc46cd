namespace KmsActors.Server.Tests;

/// <summary>Descriptions, alias names and tags at the ends of what they may be.</summary>
public sealed class TextTests(TestServer server) : IClassFixture<TestServer>
{
    private Tenant Root => server.Root;

    [Theory]
    [InlineData('d')]
    [InlineData('密')]
    public async Task Description_Of8192Characters_IsTakenAnd8193AreNot(char letter)
    {
        var longest = new string(letter, 8192);
        var created = await Root.OkAsync("CreateKey", ("Description", longest));
        Assert.Equal(longest, created["KeyMetadata.Description"]);
        await Root.RefusedAsync("InvalidParameter", "Description", "CreateKey", ("Description", longest + letter));

        var keyId = created["KeyMetadata.KeyId"];
        await Root.RefusedAsync(
            "InvalidParameter", "Description", "UpdateKeyDescription",
            ("KeyId", keyId), ("Description", longest + letter));
        Assert.Equal(longest, (await Root.DescribeAsync(keyId))["KeyMetadata.Description"]);
    }

    [Fact]
    public async Task Description_OfTheMostBytesInAQuery_StillFitsTheRequestLine()
    {
        var client = Root.Client with { Form = new(Scheme.RpcSha1, Carrier.GetQuery, "JSON") };
        var description = new string('密', 8192);
        var created = await client.CallAsync("CreateKey", ("Description", description));
        Assert.Equal(description, created.AssertOk()["KeyMetadata.Description"]);
    }

    [Theory]
    [InlineData("alias/a")]
    [InlineData("alias/acs")]
    [InlineData("alias/a/b:c?d=e&f%25 g")]
    [InlineData("alias/密钥 😀")]
    [InlineData("alias/alias/")]
    public async Task Alias_OfAnyText_NamesItsKey(string alias)
    {
        var keyId = await Root.KeyAsync();
        await Root.OkAsync("CreateAlias", ("AliasName", alias), ("KeyId", keyId));
        Assert.Equal(keyId, (await Root.DescribeAsync(alias))["KeyMetadata.KeyId"]);
        Assert.Contains(alias, await Root.AliasNamesAsync());
        await Root.OkAsync("DeleteAlias", ("AliasName", alias));
        Assert.DoesNotContain(alias, await Root.AliasNamesAsync());
    }

    [Theory]
    [InlineData('a')]
    [InlineData('密')]
    public async Task Alias_Of255Characters_IsTakenAnd256AreNot(char letter)
    {
        var keyId = await Root.KeyAsync();
        var longest = "alias/" + new string(letter, 255);
        await Root.OkAsync("CreateAlias", ("AliasName", longest), ("KeyId", keyId));
        Assert.Equal(keyId, (await Root.DescribeAsync(longest))["KeyMetadata.KeyId"]);
        foreach (var action in new[] { "CreateAlias", "UpdateAlias", "DeleteAlias" })
        {
            await Root.RefusedAsync(
                "InvalidParameter", "AliasName", action, ("AliasName", longest + letter), ("KeyId", keyId));
        }
    }

    [Theory]
    [InlineData("a")]
    [InlineData("alias")]
    [InlineData("alias/")]
    [InlineData("Alias/a")]
    [InlineData("/alias/a")]
    [InlineData(" alias/a")]
    [InlineData("alias/a\0")]
    [InlineData("alias/a\n")]
    [InlineData("alias/\u001b[0m")]
    [InlineData("alias/\u007f")]
    [InlineData("alias/\u0085")]
    public async Task Alias_OfAnotherForm_IsRefused(string alias)
    {
        var keyId = await Root.KeyAsync();
        foreach (var action in new[] { "CreateAlias", "UpdateAlias", "DeleteAlias" })
        {
            await Root.RefusedAsync(
                "InvalidParameter", "AliasName", action, ("AliasName", alias), ("KeyId", keyId));
        }
    }

    [Fact]
    public async Task Alias_OfAnotherCase_IsAnotherAlias()
    {
        var (first, second) = (await Root.KeyAsync(), await Root.KeyAsync());
        await Root.OkAsync("CreateAlias", ("AliasName", "alias/Case"), ("KeyId", first));
        await Root.OkAsync("CreateAlias", ("AliasName", "alias/case"), ("KeyId", second));
        Assert.Equal(first, (await Root.DescribeAsync("alias/Case"))["KeyMetadata.KeyId"]);
    }

    [Fact]
    public async Task Tags_AtBothEndsOfTheirLengths_AreKept()
    {
        var keyId = await Root.KeyAsync();
        var longKey = new string('k', 128);
        await TagAsync(keyId, ("k", ""), (longKey, new string('v', 256)), ("aZ09/_-.+=@:", "/_-.+=@:"));
        var listed = await Root.OkAsync("ListResourceTags", ("KeyId", keyId));
        Assert.Equal(["aZ09/_-.+=@:", "k", longKey], listed.Column("Tags.Tag", "TagKey"));
        Assert.Equal(["/_-.+=@:", "", new string('v', 256)], listed.Column("Tags.Tag", "TagValue"));
        Assert.All(listed.Column("Tags.Tag", "KeyId"), id => Assert.Equal(keyId, id));
    }

    public static TheoryData<string> BadTags =>
    [
        """[{"TagKey":"","TagValue":"v"}]""", Tag(new string('k', 129), "v"), Tag("k", new string('v', 257)),
        Tag("a b", "v"), Tag("k", "a b"), Tag("a*", "v"), Tag("k", "é"), Tag("密", "v"), Tag("k", "a\\u0000"),
        """[{"TagKey":"k"}]""", """[{"TagValue":"v"}]""", """[{"TagKey":"k","TagValue":"v","More":"m"}]""",
        """[{"TagKey":"k","TagKey":"k"}]""", """[{"TagKey":1,"TagValue":"v"}]""", """[{"TagKey":"k","TagValue":null}]""",
        """[{"TagKey":"k","TagValue":["v"]}]""", """{"TagKey":"k","TagValue":"v"}""", "[]", "{}", "null", "[1]", "k",
        """["k"]""", """[{"TagKey":"k","TagValue":"v"}""", """[{"TagKey":"k","TagValue":"v"}]x""",
        """[{"TagKey":"k","TagValue":"1"},{"TagKey":"k","TagValue":"2"}]""", """[{"TagKey":"\ud800","TagValue":"v"}]""",
        """[{"tagkey":"k","tagvalue":"v"}]""",
    ];

    [Theory]
    [MemberData(nameof(BadTags))]
    public async Task Tags_OfAnotherForm_AreRefused(string tags)
    {
        var keyId = await Root.KeyAsync();
        await Root.RefusedAsync("InvalidParameter", "Tags", "TagResource", ("KeyId", keyId), ("Tags", tags));
    }

    [Theory]
    [MemberData(nameof(BadTags))]
    public async Task TagsOfANewKey_OfAnotherForm_AreRefused(string tags)
    {
        await Root.RefusedAsync("InvalidParameter", "Tags", "CreateKey", ("Tags", tags));
        await Root.RefusedAsync("InvalidParameter", "Tags", "CreateKey", ("Tags", tags), ("KeySpec", "EC_P256"));
    }

    [Theory]
    [InlineData("Aliyun_AES_256")]
    [InlineData("EC_SM2")]
    public async Task TagsOfANewKey_AtBothEndsOfTheirLengthsAndNumber_AreKept(string spec)
    {
        var longKey = new string('k', 128);
        (string, string)[] tags =
        [
            (longKey, new string('v', 256)), ("aZ09/_-.+=@:", "/_-.+=@:"), ("k", ""),
            .. Enumerable.Range(0, 7).Select(i => ($"t{i}", "v")),
        ];
        var keyId = await Root.KeyAsync(("KeySpec", spec), ("Tags", Tags(tags)));
        var listed = await Root.OkAsync("ListResourceTags", ("KeyId", keyId));
        var expected = tags.OrderBy(tag => tag.Item1, StringComparer.Ordinal).ToList();
        Assert.Equal(expected.Select(tag => tag.Item1), listed.Column("Tags.Tag", "TagKey"));
        Assert.Equal(expected.Select(tag => tag.Item2), listed.Column("Tags.Tag", "TagValue"));
        await ExceedAsync(keyId, Tag("more", "v"));

        var keys = await Root.KeyIdsAsync();
        await Root.RefusedAsync(
            "Rejected.LimitExceeded", null, "CreateKey", ("KeySpec", spec), ("Tags", Tags([.. tags, ("more", "v")])));
        Assert.Equal(keys, await Root.KeyIdsAsync());
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[\"\"]")]
    [InlineData("[1]")]
    [InlineData("[null]")]
    [InlineData("\"a\"")]
    [InlineData("{\"a\":\"b\"}")]
    [InlineData("[\"a b\"]")]
    [InlineData("[\"\\ud800\"]")]
    [InlineData("[\"a\"")]
    [InlineData("[[\"a\"]]")]
    public async Task TagKeys_OfAnotherForm_AreRefused(string tagKeys)
    {
        var keyId = await Root.KeyAsync();
        foreach (var name in new[] { "TagKeys", "TagsKeys" })
        {
            await Root.RefusedAsync(
                "InvalidParameter", "TagKeys", "UntagResource", ("KeyId", keyId), (name, tagKeys));
        }
    }

    [Fact]
    public async Task Tag_TheEleventh_IsRefusedAndNoneOfItsCallIsKept()
    {
        var keyId = await Root.KeyAsync();
        await TagAsync(keyId, [.. Enumerable.Range(0, 9).Select(i => ($"t{i}", "v"))]);
        await ExceedAsync(keyId, Tags(("t9", "v"), ("t10", "v")));
        await TagAsync(keyId, ("t9", "v"));
        await ExceedAsync(keyId, Tag("t10", "v"));
        await ExceedAsync(keyId, Tags(("t0", "new"), ("t10", "v")));

        await TagAsync(keyId, ("t0", "new"));
        await Root.OkAsync("UntagResource", ("KeyId", keyId), ("TagKeys", """["t1","none","t1"]"""));
        await TagAsync(keyId, ("t10", "v"));
        var listed = await Root.OkAsync("ListResourceTags", ("KeyId", keyId));
        Assert.Equal(["t0", "t10", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "t9"], listed.Column("Tags.Tag", "TagKey"));
        Assert.Equal("new", listed.Column("Tags.Tag", "TagValue").First());
    }

    [Fact]
    public async Task UntagResource_ByTheNameInTheDocumentsTable_Untags()
    {
        var keyId = await Root.KeyAsync();
        await TagAsync(keyId, ("a", "b"));
        await Root.OkAsync("UntagResource", ("KeyId", keyId), ("TagsKeys", """["a"]"""));
        var listed = await Root.OkAsync("ListResourceTags", ("KeyId", keyId));
        Assert.Empty(listed.Column("Tags.Tag", "TagKey"));
    }

    private static string Tag(string key, string value) => Tags((key, value));

    private static string Tags(params (string Key, string Value)[] tags) =>
        "[" + string.Join(',', tags.Select(t => $$"""{"TagKey":"{{t.Key}}","TagValue":"{{t.Value}}"}""")) + "]";

    private Task<Answer> TagAsync(string keyId, params (string Key, string Value)[] tags) =>
        Root.OkAsync("TagResource", ("KeyId", keyId), ("Tags", Tags(tags)));

    private async Task ExceedAsync(string keyId, string tags)
    {
        var before = await Root.PictureAsync(keyId);
        await Root.RefusedAsync("Rejected.LimitExceeded", null, "TagResource", ("KeyId", keyId), ("Tags", tags));
        Assert.Equal(before, await Root.PictureAsync(keyId));
    }
}
