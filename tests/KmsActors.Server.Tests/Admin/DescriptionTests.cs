using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace KmsActors.Server.Tests.Admin;

/// <summary>What the API says of itself (OpenAPI), and that it is all of it.</summary>
public sealed class DescriptionTests(AdminServer server) : IClassFixture<AdminServer>
{
    private const string Path = "/admin/openapi.json";

    [Fact]
    public async Task Description_NeedsNoCredential()
    {
        var stranger = server.Operator with { Authorization = null };
        var document = await stranger.GetAsync(Path);
        Assert.StartsWith("3.", document["openapi"], StringComparison.Ordinal);
        (await stranger.SendAsync("GET", "service")).AssertRefused(401, "Unauthorized");
    }

    [Fact]
    public async Task Description_HasEveryCallThatIsServed_AndNoOther()
    {
        var described = await OperationsAsync();
        string[] served =
        [
            .. server.AdminServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/admin/v1/", StringComparison.Ordinal))
                .SelectMany(endpoint => endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
                    .Select(method => $"{method} {endpoint.RoutePattern.RawText!.TrimEnd('/')}")),
        ];
        Assert.Equal(
            served.Order(StringComparer.Ordinal), described.Select(call => call.Title).Order(StringComparer.Ordinal));
        // A call that is not in these tests' table would not be tested.
        Assert.Equal(
            AdminCallTable.All.Select(call => $"{call.Key}: {call.Value.Method} /admin/v1/{call.Value.Path}").Order(),
            described.Select(call => $"{call.Json.GetProperty("operationId").GetString()}: {call.Title}").Order());
    }

    [Fact]
    public async Task EachCall_HasASummary_AndSaysWhatItAnswers()
    {
        foreach (var (title, call) in await OperationsAsync())
        {
            var known = AdminCallTable.All[call.GetProperty("operationId").GetString()!];
            Assert.True(call.GetProperty("summary").GetString()!.Length > 10, title);
            var success = Assert.Single(call.GetProperty("responses").EnumerateObject());
            Assert.Matches("^20[0124]$", success.Name);
            Assert.Equal(success.Name == "204", !success.Value.TryGetProperty("content", out var content));
            if (success.Name != "204")
                Assert.True(content.GetProperty(known.Answers).TryGetProperty("schema", out _));
            var takes = known.Body is null ? known.Takes : "application/json";
            Assert.Equal(takes is not null, call.TryGetProperty("requestBody", out var body));
            if (takes is not null) Assert.True(body.GetProperty("content").TryGetProperty(takes, out _), title);
        }
    }

    [Fact]
    public async Task Description_AsksForTheOperatorsToken()
    {
        var document = await server.Operator.GetAsync(Path);
        var components = document.Json.GetProperty("components");
        var scheme = Assert.Single(components.GetProperty("securitySchemes").EnumerateObject());
        Assert.Equal(("http", "bearer"), (
            scheme.Value.GetProperty("type").GetString(), scheme.Value.GetProperty("scheme").GetString()));
        var required = Assert.Single(document.Json.GetProperty("security").EnumerateArray());
        Assert.True(required.TryGetProperty(scheme.Name, out _));
    }

    [Fact]
    public async Task References_LeadSomewhere_AndNoPasswordIsAnswered()
    {
        var document = await server.Operator.GetAsync(Path);
        var schemas = document.Json.GetProperty("components").GetProperty("schemas");
        foreach (var reference in References(document.Json))
        {
            const string prefix = "#/components/schemas/";
            Assert.StartsWith(prefix, reference, StringComparison.Ordinal);
            Assert.True(schemas.TryGetProperty(reference[prefix.Length..], out _), reference);
        }

        Assert.False(schemas.GetProperty("UserBody").GetProperty("properties").TryGetProperty("password", out _));
        var password = schemas.GetProperty("PasswordBody").GetProperty("properties").GetProperty("password");
        Assert.DoesNotContain("utf8", password.GetRawText(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Service_IsDescribed()
    {
        var service = await server.Operator.GetAsync("service");
        Assert.Equal("cn-hangzhou", service["region"]);
        Assert.Matches("^[0-9]+\\.[0-9]+", service["version"]);
        Assert.Equal(["evs", "obs"], service.List("defaultKeyServices").Order());
        Assert.Equal(("0", "0"), (service["limits.rates.management.perSecond"], service["limits.keyRate.burst"]));
        Assert.Equal(("100000", "10"), (service["limits.quotas.keys"], service["limits.quotas.tagsPerKey"]));
    }

    private static IEnumerable<string> References(JsonElement at) => at.ValueKind switch
    {
        JsonValueKind.Object => at.EnumerateObject().SelectMany(field =>
            field.NameEquals("$ref") ? [field.Value.GetString()!] : References(field.Value)),
        JsonValueKind.Array => at.EnumerateArray().SelectMany(References),
        _ => [],
    };

    private async Task<List<(string Title, JsonElement Json)>> OperationsAsync()
    {
        var document = await server.Operator.GetAsync(Path);
        return
        [
            .. document.Json.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()
                .Select(call => ($"{call.Name.ToUpperInvariant()} {path.Name}", call.Value))),
        ];
    }
}
