using KmsActors.Operations;

namespace KmsActors.Server.Tests.Tencent;

/// <summary>Every action on a key in every state.</summary>
public sealed class StateTableTests(TestServer server) : IClassFixture<TestServer>
{
    /// <summary>
    /// By the key's state before. "ok" leaves it, "ok:Disabled" makes it that; "-" cannot be. What is refused has the
    /// end of its description behind a stroke. In brackets what kind of key: of the server's material where nothing
    /// is said, "external" of imported, "empty" of none ever, "default" a service's, and an asymmetric one.
    /// </summary>
    private const string Table = """
        Action                         Enabled                  Disabled            PendingDelete                 PendingImport
        CreateKey                      ok                       ok                  ok                            ok
        ListKey                        ok                       ok                  ok                            ok
        GetKeyAttributes               ok                       ok                  ok                            ok
        GetKeyAttributes(external)     ok                       ok                  ok                            ok
        GetKeyAttributes(EC_P256)      ok                       ok                  ok                            -
        SetKeyAttributes               ok                       ok                  10350/CmkStateNotSupport      ok
        EnableKey                      ok                       ok:Enabled          10350/CmkStateNotSupport      10350/CmkStateNotSupport
        EnableKey(external)            ok                       ok:Enabled          10350/CmkStateNotSupport      10350/CmkStateNotSupport
        DisableKey                     ok:Disabled              ok                  10350/CmkStateNotSupport      10350/CmkStateNotSupport
        ScheduleKeyDeletion            ok:PendingDelete         ok:PendingDelete    10350/CmkStateNotSupport      ok:PendingDelete
        CancelKeyDeletion              10350/CmkStateNotSupport 10350/CmkStateNotSupport ok:Disabled              10350/CmkStateNotSupport
        CancelKeyDeletion(external)    10350/CmkStateNotSupport 10350/CmkStateNotSupport ok:Disabled              10350/CmkStateNotSupport
        CancelKeyDeletion(empty)       -                        -                   ok:PendingImport              10350/CmkStateNotSupport
        Encrypt                        ok                       10660/CmkDisabled   10660/CmkStateNotSupport      10660/CmkStateNotSupport
        GenerateDataKey                ok                       10660/CmkDisabled   10660/CmkStateNotSupport      10660/CmkStateNotSupport
        Decrypt                        ok                       10670/CmkDisabled   10670/CmkStateNotSupport      -
        Decrypt(external)              ok                       10670/CmkDisabled   10670/CmkStateNotSupport      10670/CmkStateNotSupport
        Encrypt(EC_P256)               10660/CmkNotSupport      10660/CmkNotSupport 10660/CmkNotSupport           -
        GenerateDataKey(RSA_2048)      10660/CmkNotSupport      10660/CmkNotSupport 10660/CmkNotSupport           -
        DisableKey(EC_P256)            ok:Disabled              ok                  10350/CmkStateNotSupport      -
        GetKeyAttributes(default)      ok                       -                   -                             -
        SetKeyAttributes(default)      10350/CmkNotSupport      -                   -                             -
        EnableKey(default)             ok                       -                   -                             -
        DisableKey(default)            10350/CmkNotSupport      -                   -                             -
        ScheduleKeyDeletion(default)   10350/CmkNotSupport      -                   -                             -
        CancelKeyDeletion(default)     10350/CmkStateNotSupport -                   -                             -
        Encrypt(default)               ok                       -                   -                             -
        """;

    public static IEnumerable<object[]> Cells
    {
        get
        {
            var rows = Table.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray();
            return from row in rows.Skip(1)
                   from state in Enumerable.Range(1, 4)
                   where row[state] != "-"
                   select new object[] { row[0], rows[0][state], row[state] };
        }
    }

    [Fact]
    public void Table_AgainstTheServersTable_HasEveryAction() => Assert.Equal(
        Requests.All,
        Cells.Select(cell => ((string)cell[0]).Split('(')[0]).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Call_OnAKeyInAState_GetsTheTablesAnswer(string row, string state, string expected)
    {
        var (action, kind) = row.Split('(', ')') is [var name, var inBrackets, _] ? (name, inBrackets) : (row, "");
        var customer = new Customer(server.Root);
        var keyId = await MakeAsync(customer, kind, state);
        var blob = action == "Decrypt" ? await customer.EncryptAsync(keyId) : "";
        await BringAsync(customer, keyId, state);
        var before = (await customer.DescribeAsync(keyId)).WithoutRequestId;

        var parameters = Requests.Of(action, keyId, blob);
        if (expected.StartsWith("ok", StringComparison.Ordinal))
        {
            await customer.OkAsync(action, parameters);
            Assert.Equal(expected == "ok" ? state : expected[3..], await customer.StateAsync(keyId));
            return;
        }

        var (module, description) = (expected.Split('/')[0], expected.Split('/')[1]);
        var answer = await customer.RefusedAsync(module == "10350" ? "4000/10350" : $"4560/{module}", action, parameters);
        Assert.Equal($"ResourceUnavailable.{description}", answer.Description);
        Assert.Equal(before, (await customer.DescribeAsync(keyId)).WithoutRequestId);
    }

    // What this protocol has no calls for is done by another's, or by the service itself.
    private static async Task<string> MakeAsync(Customer customer, string kind, string state)
    {
        switch (kind)
        {
            case "EC_P256" or "RSA_2048":
                return (await customer.Tenant.PairAsync(kind)).KeyId;
            case "default":
                var alias = $"{Customer.NewAlias()}/default";
                await customer.Server.OperateAsync(customer.Tenant.Account, new EnsureDefaultKey(alias));
                var described = await customer.Tenant.DescribeAsync($"alias/{alias}");
                return described["KeyMetadata.KeyId"];
            case "empty":
                return await customer.KeyAsync(type: "2");
            case "external":
                return await customer.Tenant.ImportedKeyAsync();
            default:
                return await customer.KeyAsync(type: state == "PendingImport" ? "2" : "1");
        }
    }

    private static async Task BringAsync(Customer customer, string keyId, string state)
    {
        if (state == "Disabled") await customer.OkAsync("DisableKey", ("keyId", keyId));
        if (state == "PendingDelete")
            await customer.OkAsync("ScheduleKeyDeletion", ("keyId", keyId), ("pendingWindowInDays", "9"));
        if (state == "PendingImport" && await customer.StateAsync(keyId) == "Enabled")
            await customer.Tenant.OkAsync("DeleteKeyMaterial", ("KeyId", keyId));
        Assert.Equal(state, await customer.StateAsync(keyId));
    }
}
