using KmsActors.Operations;
using KmsActors.Protocols.Tencent;
using KmsActors.Server.Tests.Tencent;

namespace KmsActors.Server.Tests.Access;

/// <summary>Tencent's protocol.</summary>
internal sealed class TencentDialect : Dialect
{
    private const string NamedList = "ListKey(named)";
    private const string NotFound = "4000/10350";

    public override IEnumerable<string> Table => ActionTable.Names;

    public override IEnumerable<string> Operations => [.. Requests.All, NamedList];

    public override IReadOnlyDictionary<string, string> Nameless { get; } =
        new Dictionary<string, string> { ["ListKey"] = "lists" };

    public override string[] Values => ["plaintext", "keySpec", "pendingWindowInDays"];

    public override (string Call, string Key) Forbidden => ("4300/10040", "4300/10040");

    public override string[] Keyless => ["CreateKey", "ListKey", NamedList];

    public override IEnumerable<(string What, Call Call, string Expected)> Lists =>
        [("ListKey", new TencentSent("ListKey", []), "\"keys\":[],\"totalCount\":0")];

    public override PolicyAction PolicyOf(string operation) => ActionTable.Find(NameOf(operation))!.Policy;

    public override async Task<Call> GoodAsync(string operation, Tenant account)
    {
        var (customer, action) = (new Customer(account), NameOf(operation));
        var keyId = await customer.KeyAsync();
        var blob = await customer.EncryptAsync(keyId);
        await Requests.PrepareAsync(action, customer, keyId);
        Args arguments = operation == NamedList ? [("keyId.0", keyId)] : Requests.Of(action, keyId, blob);
        return new TencentSent(action, arguments);
    }

    protected override IEnumerable<Attempt> AttemptsOf(string operation)
    {
        if (Requests.WithKey.Contains(operation)) yield return new Attempt(operation, "keyId", NotFound, "keyId");
        if (operation is "ScheduleKeyDeletion" or "CancelKeyDeletion")
        {
            yield return new Attempt(operation, "KeyId", NotFound, "KeyId")
            {
                Use = call => call.With("KeyId", call.Parameters["keyId"]).With("keyId", null),
            };
        }

        const string blob = "ciphertextBlob";
        if (operation == "Decrypt") yield return new Attempt(operation, blob, "4560/10670", blob);
        if (operation == NamedList) yield return new Attempt(operation, "keyId.0", "", "keyId.0");
        if (operation is "CreateKey" or "SetKeyAttributes")
            yield return new Attempt(operation, "alias", "", "alias") { Makes = true };
    }
}

/// <summary>A call of Tencent's.</summary>
internal sealed record TencentSent(string Action, Args Arguments) : ListCall(Action, Arguments)
{
    protected override HttpRequestMessage Sign(Caller by) =>
        new Customer(by.Tenant).Client.Sign(Action, Arguments).ToRequest(by.Tenant.Server.Address);

    protected override async Task<(string Code, string Body)> ReadAsync(HttpResponseMessage response)
    {
        var answer = TencentAnswer.Of((int)response.StatusCode, TypeOf(response), await BodyAsync(response));
        return (answer.Code == "0" ? "" : answer.Code, answer.WithoutRequestId);
    }
}
