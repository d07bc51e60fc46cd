namespace KmsActors.Server.Tests.Huawei;

/// <summary>Fields of lists and queries, at their bounds and beyond.</summary>
public sealed class ListFieldTests(ProjectServer server) : IClassFixture<ProjectServer>
{
    private const string Keys = "POST list-keys";
    private const string Query = "POST resource_instances/action";

    [Theory]
    [InlineData(Keys, "limit", "1", "ok")]
    [InlineData(Keys, "limit", "1000", "ok")]
    [InlineData(Keys, "limit", "-", "ok")]
    [InlineData(Keys, "limit", "0", "1601")]
    [InlineData(Keys, "limit", "1001", "1601")]
    [InlineData(Keys, "limit", "x", "1601")]
    [InlineData(Keys, "limit", "", "1601")]
    [InlineData(Keys, "limit", "=5", "1601")]
    [InlineData(Keys, "marker", "0", "ok")]
    [InlineData(Keys, "marker", "2147483647", "ok")]
    [InlineData(Keys, "marker", "-1", "1602")]
    [InlineData(Keys, "marker", "2147483648", "1602")]
    [InlineData(Keys, "marker", "x", "1602")]
    [InlineData(Keys, "marker", "", "1602")]
    [InlineData(Keys, "marker", "=0", "1602")]
    [InlineData(Keys, "key_state", "1", "ok")]
    [InlineData(Keys, "key_state", "2", "ok")]
    [InlineData(Keys, "key_state", "5", "ok")]
    [InlineData(Keys, "key_state", "0", "0308")]
    [InlineData(Keys, "key_state", "6", "0308")]
    [InlineData(Keys, "key_state", "22", "0308")]
    [InlineData(Keys, "key_state", "", "0308")]
    [InlineData(Keys, "key_state", "=2", "0308")]
    [InlineData(Keys, "enterprise_project_id", "all", "ok")]
    [InlineData(Keys, "enterprise_project_id", "0", "ok")]
    [InlineData(Keys, "enterprise_project_id", "ca8f0ef8-8c0b-4c3f-b2b8-3a0f4e0a5a01", "ok")]
    [InlineData(Keys, "enterprise_project_id", "ALL", "0308")]
    [InlineData(Keys, "enterprise_project_id", "00", "0308")]
    [InlineData(Keys, "enterprise_project_id", "", "0308")]
    [InlineData(Query, "action", "-", "0204")]
    [InlineData(Query, "action", "count", "ok")]
    [InlineData(Query, "action", "Filter", "0404")]
    [InlineData(Query, "action", "=1", "0404")]
    [InlineData(Query, "limit", "1", "ok")]
    [InlineData(Query, "limit", "1000", "ok")]
    [InlineData(Query, "limit", "0", "1601")]
    [InlineData(Query, "limit", "1001", "1601")]
    [InlineData(Query, "limit", "=10", "1601")]
    [InlineData(Query, "offset", "2147483647", "ok")]
    [InlineData(Query, "offset", "-1", "0417")]
    [InlineData(Query, "offset", "2147483648", "0417")]
    [InlineData(Query, "offset", "=0", "0417")]
    [InlineData(Query, "offset", "x", "0417")]
    [InlineData(Query, "tags", "=[]", "ok")]
    [InlineData(Query, "tags", "={}", "0412")]
    [InlineData(Query, "tags", "=[\"a\"]", "0412")]
    [InlineData(Query, "tags", "=[{}]", "0204")]
    [InlineData(Query, "tags", "=[{\"key\":\"a\"},{\"key\":\"a\"}]", "0412")]
    [InlineData(Query, "tags", "=[{\"key\":\"\"}]", "0411")]
    [InlineData(Query, "tags", "=[{\"key\":\"a\",\"values\":\"b\"}]", "0412")]
    [InlineData(Query, "tags", "=[{\"key\":\"a\",\"values\":[5]}]", "0412")]
    [InlineData(Query, "tags", "=[{\"key\":\"a\",\"values\":[\"b\",\"b\"]}]", "0412")]
    [InlineData(Query, "tags", "=[{\"key\":\"a\",\"values\":[\"<\"]}]", "0405")]
    [InlineData(Query, "tags", "=[{\"key\":\"a\",\"values\":[\"\"]}]", "ok")]
    [InlineData(Query, "tags", "=[{\"key\":\"a\",\"values\":[]}]", "ok")]
    [InlineData(Query, "matches", "=[]", "ok")]
    [InlineData(Query, "matches", "={}", "0415")]
    [InlineData(Query, "matches", "=[5]", "0415")]
    [InlineData(Query, "matches", "=[{},{}]", "0415")]
    [InlineData(Query, "matches", "=[{\"key\":\"resource_id\",\"value\":\"a\"}]", "0403")]
    [InlineData(Query, "matches", "=[{\"value\":\"a\"}]", "0204")]
    [InlineData(Query, "matches", "=[{\"key\":\"resource_name\"}]", "0204")]
    [InlineData(Query, "matches", "=[{\"key\":\"resource_name\",\"value\":\"\"}]", "0402")]
    [InlineData(Query, "matches", "=[{\"key\":\"resource_name\",\"value\":5}]", "0402")]
    public async Task Field_OfAList_HasItsBounds(string endpoint, string field, string value, string code) =>
        await FieldTable.CheckAsync(await server.ProjectAsync(Proof.Signature), endpoint, "", field, value, code);

    [Theory]
    [InlineData(10, 10, 36, 43, 255, "ok")]
    [InlineData(11, 1, 1, 1, 1, "0407")]
    [InlineData(1, 11, 1, 1, 1, "0413")]
    [InlineData(1, 1, 37, 1, 1, "0411")]
    [InlineData(1, 1, 1, 44, 1, "0410")]
    [InlineData(1, 1, 1, 1, 256, "0402")]
    public async Task Query_OfManyTagsAndValues_IsBounded(
        int tags, int values, int keyLength, int valueLength, int match, string code)
    {
        var project = await server.ProjectAsync(Proof.Signature);
        var query = Ask.Post("resource_instances/action", new
        {
            action = "filter",
            tags = Enumerable.Range(0, tags).Select(tag => new
            {
                key = new string((char)('a' + tag), keyLength),
                values = Enumerable.Range(0, values).Select(i => new string((char)('a' + i), valueLength)),
            }),
            matches = new[] { new { key = "resource_name", value = new string('m', match) } },
        });
        var answer = await project.SendAsync(query);
        if (code == "ok") Assert.Equal(0, answer.AssertOk().Number("total_count"));
        else answer.AssertRefused($"KMS.{code}");
    }
}
