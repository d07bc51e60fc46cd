using System.Buffers;
using System.Collections.Immutable;
using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Protocols.Huawei;

/// <summary>Grants, as later editions have them: what one user may do with one key.</summary>
internal static class GrantActions
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int GrantIdLength = 64;

    private static readonly TextRule Principal = new(1, 64) { Only = SearchValues.Create(Letters + "0123456789_-") };
    private static readonly TextRule Name = new(1, 255) { Only = SearchValues.Create(Letters + "0123456789:/_-") };

    private static readonly TextRule GrantId =
        new(GrantIdLength, GrantIdLength) { Only = SearchValues.Create("0123456789abcdef") };

    private static readonly ListRule OperationList = new(
        PolicyAction.GrantOperations.Count, HuaweiErrors.ParameterInvalid, HuaweiErrors.ParameterInvalid);

    public static ValueTask<HuaweiError?> CreateGrant(HuaweiCall call)
    {
        const string grantee = "grantee_principal";
        var bind = call.Bind;
        var isForAccount = bind.Choice(
            "grantee_principal_type", false, HuaweiErrors.ParameterInvalid, ("user", false), ("domain", true));
        var grant = new CreateGrant(
            bind.KeyId(), bind.Text(grantee, Principal, HuaweiErrors.ParameterInvalid), isForAccount, Operations(bind))
        {
            Name = bind.OptionalText("name", Name, HuaweiErrors.ParameterInvalid) ?? "",
            RetiringUser = bind.OptionalText("retiring_principal", Principal, HuaweiErrors.ParameterInvalid),
        };
        // Another account can be granted nothing: to it there is no such key.
        bind.Require(!isForAccount || grant.Grantee == call.DomainId, grantee, HuaweiErrors.ParameterInvalid);
        return call.RunAsync(grant, static (answer, grantId) => answer.String("grant_id", grantId));
    }

    public static ValueTask<HuaweiError?> ListGrants(HuaweiCall call)
    {
        var bind = call.Bind;
        var keyId = bind.KeyId();
        var limit = (int?)bind.OptionalNumber("limit", 1, CmkGrain.MostGrants, HuaweiErrors.LimitInvalid)
            ?? CmkGrain.MostGrants;
        var marker = (int?)bind.OptionalNumber("marker", 0, int.MaxValue, HuaweiErrors.MarkerInvalid) ?? 0;
        return call.RunAsync(new ListGrants(keyId, marker, limit), (answer, page) =>
        {
            answer.BeginList("grants");
            foreach (var grant in page.Items) Write(answer, keyId, grant);
            answer.EndList();
            answer.Page(marker, limit, page.TotalCount);
        });
    }

    public static ValueTask<HuaweiError?> RevokeGrant(HuaweiCall call) =>
        call.RunAsync(new RevokeGrant(call.Bind.KeyId(), GrantIdOf(call.Bind)));

    public static ValueTask<HuaweiError?> RetireGrant(HuaweiCall call) =>
        call.RunAsync(new RetireGrant(call.Bind.KeyId(), GrantIdOf(call.Bind)));

    private static string GrantIdOf(FieldBinder bind) =>
        bind.Text("grant_id", GrantId, HuaweiErrors.ParameterInvalid);

    // To grant nothing but the right to grant would be to grant nothing.
    private static ImmutableSortedSet<string> Operations(FieldBinder bind)
    {
        const string name = "operations";
        var operations = bind.Texts(name, OperationList, new TextRule(1, 64), HuaweiErrors.ParameterInvalid);
        bind.Require(operations.TrueForAll(PolicyAction.GrantOperations.Contains), name, HuaweiErrors.ParameterInvalid);
        bind.Require(
            operations.Exists(each => each is not KeyGrant.CreateGrant), name, HuaweiErrors.ParameterInvalid);
        return operations.ToImmutableSortedSet(StringComparer.Ordinal);
    }

    private static void Write(HuaweiWriter answer, string keyId, KeyGrant grant)
    {
        answer.BeginItem();
        answer.String("key_id", keyId);
        answer.String("grant_id", grant.Id);
        answer.String("grantee_principal", grant.Grantee);
        answer.String("grantee_principal_type", grant.IsForAccount ? "domain" : "user");
        answer.BeginList("operations");
        foreach (var operation in grant.Operations) answer.Item(operation);
        answer.EndList();
        answer.String("issuing_principal", grant.Issuer);
        answer.TimeText("creation_date", grant.CreatedAt);
        answer.String("name", grant.Name);
        answer.String("retiring_principal", grant.RetiringUser);
        answer.EndItem();
    }
}
