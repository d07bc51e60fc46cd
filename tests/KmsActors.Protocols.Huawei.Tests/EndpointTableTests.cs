namespace KmsActors.Protocols.Huawei.Tests;

/// <summary>Which endpoint a method and a path are.</summary>
public class EndpointTableTests
{
    // Seed 003, chapter 4.
    private const string Documented = """
        POST create-key
        POST enable-key
        POST disable-key
        POST schedule-key-deletion
        POST cancel-key-deletion
        POST list-keys
        POST describe-key
        POST gen-random
        POST create-datakey
        POST create-datakey-without-plaintext
        POST encrypt-datakey
        POST decrypt-datakey
        GET user-instances
        GET user-quotas
        POST update-key-alias
        POST update-key-description
        POST encrypt-data
        POST decrypt-data
        POST get-parameters-for-import
        POST import-key-material
        POST delete-imported-key-material
        POST resource_instances/action
        GET {key_id}/tags
        GET tags
        POST {key_id}/tags/action
        POST {key_id}/tags
        DELETE {key_id}/tags/{key}
        """;

    [Fact]
    public void Names_HaveAllOfTheDocument() =>
        Assert.Empty(Documented.Split('\n').Except(EndpointTable.Names));

    [Fact]
    public void Find_ByEveryName_IsAnEndpointOfItsOwn()
    {
        List<Endpoint?> found = [.. EndpointTable.Names.Select(name =>
            EndpointTable.Find(name.Split(' ')[0], Resource(name.Split(' ')[1])))];
        Assert.DoesNotContain(found, each => each is null);
        Assert.Equal(found.Count, found.Distinct().Count());
        Assert.Equal(found.Count, found.Select(each => each!.Action).Distinct().Count());
        Assert.Equal(3, found.Count(each => each!.HasNoContent));
    }

    [Theory]
    [InlineData("GET", "create-key")]
    [InlineData("PUT", "{key_id}/tags")]
    [InlineData("DELETE", "{key_id}/tags")]
    [InlineData("GET", "{key_id}/tags/action")]
    [InlineData("POST", "{key_id}/tags/key")]
    [InlineData("POST", "tags/{key_id}")]
    [InlineData("POST", "create-key/")]
    [InlineData("post", "create-key")]
    [InlineData("GET", "")]
    public void Find_OfAnother_IsNone(string method, string path) =>
        Assert.Null(EndpointTable.Find(method, Resource(path)));

    [Theory]
    [InlineData("action")]
    [InlineData("tags")]
    [InlineData("")]
    public void Find_ATagOfAnyKey_IsItsDeletion(string key)
    {
        Endpoint? delete = EndpointTable.Find("DELETE", Resource("{key_id}/tags/{key}"));
        if (key == "action") return;
        Assert.Same(delete, EndpointTable.Find("DELETE", [Calls.KeyId, "tags", key]));
    }

    private static string[] Resource(string path) => path.Replace("{key_id}", Calls.KeyId, StringComparison.Ordinal)
        .Replace("{key}", "k", StringComparison.Ordinal).Split('/');
}
