namespace KmsActors.Server.Tests.Huawei;

/// <summary>Tags, at their bounds and beyond.</summary>
public sealed class TagFieldTests(ProjectServer server) : IClassFixture<ProjectServer>
{
    private const string Add = "POST {key_id}/tags";
    private const string Batch = "POST {key_id}/tags/action";
    private const string Forbidden = @"*<>\=";

    [Theory]
    [InlineData(Add, "tag", "-", "0204")]
    [InlineData(Add, "tag", "=5", "0308")]
    [InlineData(Add, "tag", "=[]", "0308")]
    [InlineData(Add, "tag", "={}", "0204")]
    [InlineData(Add, "tag.key", "-", "0204")]
    [InlineData(Add, "tag.key", "", "0411")]
    [InlineData(Add, "tag.key", "密*36", "ok")]
    [InlineData(Add, "tag.key", "😀*36", "ok")]
    [InlineData(Add, "tag.key", "a*37", "0411")]
    [InlineData(Add, "tag.key", "=5", "0406")]
    [InlineData(Add, "tag.value", "-", "0204")]
    [InlineData(Add, "tag.value", "", "ok")]
    [InlineData(Add, "tag.value", "😀*43", "ok")]
    [InlineData(Add, "tag.value", "a*44", "0410")]
    [InlineData(Add, "tag.value", "=5", "0405")]
    [InlineData(Batch, "action", "-", "0204")]
    [InlineData(Batch, "action", "", "0404")]
    [InlineData(Batch, "action", "Create", "0404")]
    [InlineData(Batch, "action", "=1", "0404")]
    [InlineData(Batch, "action", "delete", "ok")]
    [InlineData(Batch, "tags", "-", "0204")]
    [InlineData(Batch, "tags", "=[]", "0401")]
    [InlineData(Batch, "tags", "={}", "0412")]
    [InlineData(Batch, "tags", "=5", "0412")]
    [InlineData(Batch, "tags", "=[5]", "0412")]
    [InlineData(Batch, "tags", "=[[]]", "0412")]
    [InlineData(Batch, "tags", "=[{\"key\":\"a\",\"value\":\"\"},{\"key\":\"a\",\"value\":\"b\"}]", "0412")]
    [InlineData(Batch, "tags", "=[{\"key\":\"a\",\"value\":\"\"},{\"key\":\"A\",\"value\":\"b\"}]", "ok")]
    [InlineData(Batch, "tags", "=[{\"key\":\"a\"}]", "0204")]
    [InlineData(Batch, "tags.0.key", "a*37", "0411")]
    [InlineData(Batch, "tags.0.key", "密*36", "ok")]
    [InlineData(Batch, "tags.0.value", "a*44", "0410")]
    [InlineData(Batch, "tags.0.value", "密*43", "ok")]
    public async Task Field_OfACall_HasItsBounds(string endpoint, string field, string value, string code)
    {
        var project = await server.ProjectAsync(Proof.Signature);
        await FieldTable.CheckAsync(project, endpoint, await project.KeyAsync(), field, value, code);
    }

    [Fact]
    public async Task Characters_EachOfAscii_AreTakenOrRefusedAlikeEverywhere()
    {
        var project = await server.ProjectAsync(Proof.Signature);
        var keyId = await project.KeyAsync();
        for (var c = '\0'; c < 128; c++)
        {
            var isGood = c >= ' ' && !Forbidden.Contains(c, StringComparison.Ordinal);
            var text = $"a{c}b";
            foreach (var ask in new[]
            {
                Ask.Post($"{keyId}/tags/action", new { action = "delete", tags = new[] { new { key = text } } }),
                Ask.Post("resource_instances/action", new { action = "count", tags = new[] { new { key = text } } }),
                Ask.Post($"{keyId}/tags", new { tag = new { key = text, value = "" } }),
            })
                await CheckAsync(project, ask, isGood ? null : "KMS.0406");

            foreach (var ask in new[]
            {
                Ask.Post($"{keyId}/tags", new { tag = new { key = "k", value = text } }),
                Ask.Post($"{keyId}/tags/action", new
                {
                    action = "create", tags = new[] { new { key = "k", value = text } },
                }),
                Ask.Post("resource_instances/action", new
                {
                    action = "count", tags = new[] { new { key = "k", values = new[] { text } } },
                }),
            })
                await CheckAsync(project, ask, isGood ? null : "KMS.0405");

            if (isGood) Assert.Contains($"{text}=", await project.TagsAsync(keyId));
            // A NUL in a path never reaches the protocol.
            if (c == 0) continue;
            var delete = Ask.Delete($"{keyId}/tags/{AliyunClient.Encode(text)}");
            await CheckAsync(project, delete, isGood ? null : "KMS.0406");
            if (isGood) Assert.DoesNotContain($"{text}=", await project.TagsAsync(keyId));
        }
    }

    [Fact]
    public async Task Tags_OfAKey_AreTenAtMost()
    {
        var project = await server.ProjectAsync(Proof.Signature);
        var keyId = await project.KeyAsync();
        await project.RefusedAsync("KMS.0407", $"{keyId}/tags/action", Tags("create", 0, 11));
        await project.DoneAsync(Ask.Post($"{keyId}/tags/action", Tags("create", 0, 10)));
        await project.RefusedAsync("KMS.0409", $"{keyId}/tags", new { tag = new { key = "k10", value = "" } });
        await project.RefusedAsync("KMS.0409", $"{keyId}/tags/action", Tags("create", 9, 2));
        // One that is there already is overwritten.
        await project.TagAsync(keyId, "k9", "new");
        Assert.Equal(10, (await project.TagsAsync(keyId)).Length);
        Assert.Contains("k9=new", await project.TagsAsync(keyId));

        await project.RefusedAsync("KMS.0407", $"{keyId}/tags/action", Tags("delete", 0, 11));
        await project.DoneAsync(Ask.Post($"{keyId}/tags/action", Tags("delete", 0, 10)));
        // It had another value than that.
        Assert.Equal(["k9=new"], await project.TagsAsync(keyId));
    }

    [Fact]
    public async Task Delete_OfATagInThePath_IsDoneOnceAndForAll()
    {
        var project = await server.ProjectAsync(Proof.Signature);
        var keyId = await project.KeyAsync();
        foreach (var key in new[] { "a b", "密/钥", "%41", "a+b", "'", "😀", "action", ".." })
        {
            await project.TagAsync(keyId, key, "v");
            // The key of this one cannot stand in a path: it would be another path.
            if (key == "..") continue;
            var ask = Ask.Delete($"{keyId}/tags/{AliyunClient.Encode(key)}");
            await project.DoneAsync(ask);
            Assert.Empty(await project.TagsAsync(keyId));
            var before = server.Commits();
            await project.DoneAsync(ask);
            Assert.Equal(before, server.Commits());
        }

        await project.RefusedAsync("KMS.0411", Ask.Delete($"{keyId}/tags/{new string('a', 37)}"));
        Assert.Equal(["..=v"], await project.TagsAsync(keyId));
    }

    private static object Tags(string action, int first, int count) => new
    {
        action, tags = Enumerable.Range(first, count).Select(i => new { key = $"k{i}", value = "v" }),
    };

    private static async Task CheckAsync(Project project, Ask ask, string? code)
    {
        var answer = await project.SendAsync(ask);
        if (code is not null) answer.AssertRefused(code);
        else answer.AssertOk(answer.Status == 204 ? 204 : 200);
    }
}
