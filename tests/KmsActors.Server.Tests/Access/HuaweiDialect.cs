using System.Text.Json;
using KmsActors.Operations;
using KmsActors.Protocols.Huawei;
using KmsActors.Server.Tests.Huawei;

namespace KmsActors.Server.Tests.Access;

/// <summary>Huawei's protocol: by access key and by token.</summary>
internal sealed class HuaweiDialect : Dialect
{
    public const string ProjectId = "{project_id}";
    public const string KeyId = "{key_id}";

    private const string NoKeys = """{"keys":[],"key_details":[],"next_marker":"","truncated":"false","total":0}""";
    private const string NoResources = """{"resources":[],"total_count":0}""";

    // Beside the project and the key.
    private static readonly Dictionary<string, (string Field, string Code)> s_others = new()
    {
        ["POST decrypt-data"] = ("cipher_text", "KMS.2201"),
        ["POST decrypt-datakey"] = ("cipher_text", "KMS.2201"),
        ["POST import-key-material"] = ("import_token", "KMS.2605"),
        ["POST revoke-grant"] = ("grant_id", "KMS.0308"),
        ["POST retire-grant"] = ("grant_id", "KMS.0308"),
        ["POST create-grant"] = ("grantee_principal", "KMS.0308"),
        ["POST create-key"] = ("key_alias", ""),
        ["POST update-key-alias"] = ("key_alias", ""),
    };

    public override IEnumerable<string> Table => EndpointTable.Names;

    public override IEnumerable<string> Operations => Requests.All;

    public override IReadOnlyDictionary<string, string> Nameless { get; } = new Dictionary<string, string>();

    public override Func<Caller, bool> Takes => _ => true;

    public override string[] Values =>
    [
        "key_description", "origin", "limit", "marker", "offset", "action", "random_data_length", "pending_days",
        "datakey_length", "plain_text", "datakey_plain_length", "datakey_cipher_length", "wrapping_algorithm",
        "encrypted_key_material", "expiration_time", "tags", "tag", "rotation_interval", "message", "signature",
        "signing_algorithm", "grantee_principal_type", "operations",
    ];

    public override (string Call, string Key) Forbidden => ("KMS.0307", "KMS.0306");

    public override string[] Keyless { get; } = [.. Requests.All.Except(Requests.WithKey)];

    public override IEnumerable<(string What, Call Call, string Expected)> Lists =>
    [
        List("list-keys", new { }, NoKeys),
        List("list-keys", new { enterprise_project_id = "all" }, NoKeys, " of any project"),
        List("resource_instances/action", new { action = "filter" }, NoResources),
        List("resource_instances/action",
            new { action = "filter", tags = new[] { new { key = "a", values = new[] { "b" } } } },
            NoResources, " by tag"),
        List("resource_instances/action",
            new { action = "filter", matches = new[] { new { key = "resource_name", value = "n" } } },
            NoResources, " by name"),
        List("resource_instances/action", new { action = "count" }, """{"total_count":0}""", " as a number"),
        List("tags", null, """{"tags":[]}"""),
        List("user-instances", null, """{"instance_num":0}"""),
        List("user-quotas", null, "\"used\":0"),
    ];

    public override PolicyAction PolicyOf(string operation) =>
        EndpointTable.Find(operation.Split(' ')[0], operation.Split(' ')[1].Split('/'))!.PolicyAction;

    public override async Task<Call> GoodAsync(string operation, Tenant account) =>
        new HuaweiSent(operation, await Requests.GoodAsync(operation, new Project(account)));

    protected override IEnumerable<Attempt> AttemptsOf(string operation)
    {
        // The account's number is in its id only as a hash, so it is what names it.
        yield return new Attempt(operation, "project", "KMS.0305", ProjectId)
        {
            Theirs = (server, _) => new Project(server.Owner).Id,
            Unknown = (_, _) => Convert.ToHexStringLower(Guid.NewGuid().ToByteArray()),
        };
        var key = operation.Contains(KeyId, StringComparison.Ordinal) ? KeyId : "key_id";
        var hasKey = Requests.WithKey.Contains(operation) && operation != "POST decrypt-data";
        if (hasKey) yield return new Attempt(operation, "key", "KMS.0205", key);
        if (!s_others.TryGetValue(operation, out var other)) yield break;
        var named = new Attempt(operation, other.Field, other.Code, other.Field) { Makes = other.Code is "" };
        yield return named;
        var isGrant = operation == "POST create-grant";
        if (hasKey)
        {
            yield return named with
            {
                What = "all of it", Code = isGrant ? other.Code : "KMS.0205",
                Parameters = [key, other.Field], Makes = false,
            };
        }

        if (!isGrant) yield break;
        // Who it is for nobody looks up: a user of another account may be named, and gets nothing by it.
        yield return named with
        {
            What = "a user's grantee_principal", Code = "", Makes = true,
            Use = call => call.With("grantee_principal_type", "user"),
            Theirs = (server, _) => server.OwnersUserId,
        };
    }

    private static (string What, Call Call, string Expected) List(
        string path, object? fields, string expected, string how = "")
    {
        var ask = fields is null ? Ask.Get(path) : Ask.Post(path, fields);
        var operation = $"{ask.Method} {path}";
        return (operation + how, new HuaweiSent(operation, ask), expected);
    }
}

/// <summary>A call of Huawei's.</summary>
internal sealed record HuaweiSent(string Endpoint, Ask Ask) : Call
{
    /// <summary>The project in the path, when it is not the caller's.</summary>
    private string? ProjectId { get; init; }

    public override IReadOnlyDictionary<string, string> Parameters
    {
        get
        {
            var fields = Fields(Ask.Body).ToDictionary();
            fields[HuaweiDialect.ProjectId] = "";
            if (HasKeyInPath) fields[HuaweiDialect.KeyId] = Ask.Path.Split('/')[0];
            return fields;
        }
    }

    private bool HasKeyInPath => Endpoint.Contains(HuaweiDialect.KeyId, StringComparison.Ordinal);

    /// <summary>The fields of a body.</summary>
    public static IEnumerable<(string Name, string Value)> Fields(string? body)
    {
        using var document = JsonDocument.Parse(body ?? "{}");
        foreach (var field in document.RootElement.EnumerateObject()) yield return (field.Name, field.Value.ToString());
    }

    public override Call With(string parameter, string? value) => parameter switch
    {
        HuaweiDialect.ProjectId => this with { ProjectId = value },
        HuaweiDialect.KeyId => this with { Ask = Ask with { Path = value + Ask.Path[Ask.Path.IndexOf('/')..] } },
        _ => this with { Ask = Ask with { Body = HuaweiJson.With(Ask.Body!, parameter, value ?? "-") } },
    };

    protected override HttpRequestMessage Sign(Caller by)
    {
        var client = (new Project(by.Tenant) { Token = by.Token }).Client;
        if (ProjectId is not null) client = client with { ProjectId = ProjectId };
        return client.Prove(Ask).ToRequest(by.Tenant.Server.Address);
    }

    protected override async Task<(string Code, string Body)> ReadAsync(HttpResponseMessage response)
    {
        var answer = await HuaweiAnswer.OfAsync(response);
        return (answer.Code, answer.Text.Replace(answer.RequestId, "", StringComparison.Ordinal));
    }
}
