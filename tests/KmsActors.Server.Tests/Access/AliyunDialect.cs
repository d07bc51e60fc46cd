using KmsActors.Operations;
using KmsActors.Protocols.Aliyun;

namespace KmsActors.Server.Tests.Access;

/// <summary>Aliyun's protocol; its good calls are those of the <see cref="Catalogue"/>.</summary>
internal sealed class AliyunDialect : Dialect
{
    private const string KeyNotFound = "Forbidden.KeyNotFound";
    private const string AliasNotFound = "Forbidden.AliasNotFound";
    private const string VersionNotFound = "Forbidden.KeyVersionNotFound";
    private const string InvalidBlob = "InvalidParameter:CiphertextBlob";

    private static readonly string[] s_keys = ["KeyId", "DestinationKeyId", "SourceKeyId"];

    private static readonly string[] s_names =
        [.. s_keys, "KeyVersionId", "SourceKeyVersionId", "CiphertextBlob", "ImportToken", "AliasName"];

    private static readonly string[] s_byAlias =
    [
        "DescribeKey", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "GenerateAndExportDataKey",
        "ReEncrypt", "ListKeyVersions", "CreateKeyVersion", "GetPublicKey", "AsymmetricEncrypt", "AsymmetricDecrypt",
        "AsymmetricSign", "AsymmetricVerify",
    ];

    public override IEnumerable<string> Table => ActionTable.Names;

    public override IEnumerable<string> Operations => Catalogue.Actions.Keys;

    public override IReadOnlyDictionary<string, string> Nameless { get; } = new Dictionary<string, string>
    {
        ["CreateKey"] = "makes",
        ["CreateKey(a pair)"] = "makes",
        ["ListKeys"] = "lists",
        ["ListAliases"] = "lists",
        ["DescribeRegions"] = "of the server",
    };

    public override string[] Values =>
    [
        "WrappingAlgorithm", "WrappingKeySpec", "EncryptedKeyMaterial", "KeyMaterialExpireUnix", "PendingWindowInDays",
        "Plaintext", "EncryptionContext", "DestinationEncryptionContext", "KeySpec", "NumberOfBytes", "PageNumber",
        "PageSize", "Tags", "TagKeys", "Description", "EnableAutomaticRotation", "RotationInterval", "PublicKeyBlob",
        "Algorithm", "Digest", "Value", "SourceEncryptionAlgorithm",
    ];

    public override (string Call, string Key) Forbidden => ("Forbidden.NoPermission", "Forbidden.NoPermission");

    public override string[] Keyless => ["CreateKey", "CreateKey(a pair)", "ListKeys", "ListAliases"];

    public override IEnumerable<(string What, Call Call, string Expected)> Lists =>
    [
        ("ListKeys", new AliyunSent("ListKeys", []), """{"Keys":{"Key":[]},"TotalCount":0,"""),
        ("ListKeys, filtered",
            new AliyunSent("ListKeys", [("Filters", """[{"Key":"KeyState","Values":["Enabled"]}]""")]),
            """{"Keys":{"Key":[]},"TotalCount":0,"""),
        ("ListAliases", new AliyunSent("ListAliases", []), """{"Aliases":{"Alias":[]},"TotalCount":0,"""),
    ];

    public override PolicyAction? PolicyOf(string operation) => ActionTable.Find(NameOf(operation))!.Policy;

    public override async Task<Call> GoodAsync(string operation, Tenant account) =>
        new AliyunSent(NameOf(operation), await Catalogue.Actions[operation].Arguments(account));

    public override async Task<Call> StandingAsync(string operation, Tenant account) => operation == "CreateKeyVersion"
        ? new AliyunSent(operation, await Catalogue.Actions[operation].WellFormed(account))
        : await GoodAsync(operation, account);

    protected override IEnumerable<Attempt> AttemptsOf(string operation)
    {
        var action = NameOf(operation);
        string[] names = [.. s_names.Intersect(Catalogue.Actions[operation].Parameters.Select(each => each.Name))];
        foreach (var name in names)
        {
            if (s_keys.Contains(name))
            {
                foreach (var attempt in KeyAttempts(operation, name)) yield return attempt;
                continue;
            }

            yield return new Attempt(operation, name, CodeOf(action, name), name)
            {
                Makes = action == "CreateAlias",
                Unknown = name == "AliasName" ? (_, _) => Tenant.NewAliasName() : (_, value) => Attempt.Like(value),
            };
        }

        if (names.Length > 1)
        {
            var first = action is "UpdateAlias" ? "AliasName" : names.Contains("KeyId") || names.Contains("SourceKeyId")
                ? "KeyId"
                : "CiphertextBlob";
            yield return new Attempt(operation, "all of it", CodeOf(action, first), names);
        }

        if (action == "ImportKeyMaterial")
        {
            yield return new Attempt(operation, "ImportToken alone", "InvalidImportToken", "ImportToken")
            {
                Use = call => call.With("KeyId", null),
            };
        }
    }

    private static IEnumerable<Attempt> KeyAttempts(string operation, string name)
    {
        var isByAlias = s_byAlias.Contains(NameOf(operation));
        return
        [
            Of("", KeyNotFound, (_, key, _) => key),
            Of("alias", isByAlias ? AliasNotFound : "Unsupported.Alias", (_, _, alias) => alias),
            Of("ARN", KeyNotFound, (server, key, _) => Arn(server.Owner, $"key/{key}")),
            Of("ARN of alias", KeyNotFound, (server, _, alias) => Arn(server.Owner, alias)),
            // The caller's own account, and in it what only the other has.
            Of("own ARN", KeyNotFound, (server, key, _) => Arn(server.Stranger, $"key/{key}")),
            Of("own ARN of alias", isByAlias ? AliasNotFound : KeyNotFound,
                (server, _, alias) => Arn(server.Stranger, alias)),
        ];

        Attempt Of(string form, string code, Func<IsolationServer, string, string, string> spell) =>
            new(operation, $"{name} {form}".Trim(), code, name)
            {
                Theirs = (server, key) => spell(server, key, server.OwnersAlias),
                Unknown = (server, _) => spell(server, Guid.NewGuid().ToString(), Tenant.NewAliasName()),
            };
    }

    private static string Arn(Tenant account, string resource) => $"acs:kms:cn-hangzhou:{account.Account}:{resource}";

    private static string CodeOf(string action, string name) => name switch
    {
        "KeyVersionId" or "SourceKeyVersionId" => VersionNotFound,
        "CiphertextBlob" => InvalidBlob,
        "ImportToken" => "InvalidImportToken",
        "AliasName" => action == "CreateAlias" ? "" : AliasNotFound,
        _ => KeyNotFound,
    };
}

/// <summary>A call of Aliyun's.</summary>
internal sealed record AliyunSent(string Action, Args Arguments) : ListCall(Action, Arguments)
{
    protected override HttpRequestMessage Sign(Caller by) =>
        by.Tenant.Client.Sign(Action, Arguments).ToRequest(by.Tenant.Server.Address);

    protected override async Task<(string Code, string Body)> ReadAsync(HttpResponseMessage response)
    {
        var answer = Answer.Of((int)response.StatusCode, TypeOf(response), await BodyAsync(response));
        if (answer.Code is "") return ("", answer.WithoutRequestId);
        var parameter = answer["Message"].Split('"') is [_, var name, _] ? name : null;
        answer.AssertRefused(answer.Code, parameter);
        return (parameter is null ? answer.Code : $"{answer.Code}:{parameter}", answer.WithoutRequestId);
    }
}
