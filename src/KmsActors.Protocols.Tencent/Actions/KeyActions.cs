using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Operations;

namespace KmsActors.Protocols.Tencent;

/// <summary>The life of keys (dialects, section 4).</summary>
internal static class KeyActions
{
    public const int LongestAlias = 32;
    public const int LongestDescription = 1024;
    public const int MostNamedKeys = 100;

    private const int DefaultLimit = 10;
    private const int MostLimit = 200;

    /// <summary>Type 2 is, as in the platform's next version, a key whose material its owner brings.</summary>
    public static ValueTask<TencentError?> CreateKey(TencentCall call)
    {
        var bind = call.Bind;
        var alias = Alias(bind, least: 1);
        var description = bind.OptionalText("description", 0, LongestDescription, allowsControl: true) ?? "";
        bind.Choice("keyUsage", TencentErrors.KeyUsageIllegal, ("ENCRYPT/DECRYPT", 0));
        var origin = bind.Choice(
            "type", TencentErrors.OutOfRange("type"), ("1", KeyOrigin.Kms), ("2", KeyOrigin.External));
        var key = new CreateKey { Alias = alias, Description = description, Origin = origin };
        return call.RunAsync(key, WriteMetadata);
    }

    public static ValueTask<TencentError?> GetKeyAttributes(TencentCall call) =>
        call.RunAsync(new DescribeKey(KeyReference.ById(call.Bind.KeyId())), WriteMetadata);

    /// <summary>An alias of no characters leaves the key without a name.</summary>
    public static ValueTask<TencentError?> SetKeyAttributes(TencentCall call)
    {
        var keyId = call.Bind.KeyId();
        var alias = Alias(call.Bind, least: 0);
        return call.RunAsync(alias.Length == 0 ? new RemoveKeyName(keyId) : new RenameKey(keyId, alias));
    }

    /// <summary>All keys or, as the platform's other listings do, those that are named by keyId.n.</summary>
    public static ValueTask<TencentError?> ListKey(TencentCall call)
    {
        var offset = call.Bind.OptionalInteger("offset", 0, int.MaxValue) ?? 0;
        var limit = call.Bind.OptionalInteger("limit", 1, MostLimit) ?? DefaultLimit;
        var named = call.Bind.List("keyId", MostNamedKeys);
        IOperation<Page<string>> list = named.Count > 0
            ? new ListNamedKeys(named, offset, limit)
            : new ListKeys(KeyFilter.None, offset, limit);
        return call.RunAsync(list, static (answer, page) =>
        {
            answer.BeginList("keys");
            foreach (var keyId in page.Items)
            {
                answer.BeginItem();
                answer.String("keyId", keyId);
                answer.EndItem();
            }

            answer.EndList();
            answer.Number("totalCount", page.TotalCount);
        });
    }

    public static ValueTask<TencentError?> EnableKey(TencentCall call) =>
        call.RunAsync(new EnableKey(call.Bind.KeyId()));

    public static ValueTask<TencentError?> DisableKey(TencentCall call) =>
        call.RunAsync(new DisableKey(call.Bind.KeyId()));

    public static ValueTask<TencentError?> ScheduleKeyDeletion(TencentCall call)
    {
        var keyId = KeyIdOfDeletion(call.Bind);
        return call.RunAsync(new ScheduleKeyDeletion(keyId, call.Bind.Integer("pendingWindowInDays", 7, 30)));
    }

    /// <summary>Leaves the key disabled, or waiting for import again if it has no material.</summary>
    public static ValueTask<TencentError?> CancelKeyDeletion(TencentCall call) => call.RunAsync(
        new CancelKeyDeletion(KeyIdOfDeletion(call.Bind), KeyState.Disabled), static (_, _) => { });

    // One of the vendor's clients begins the name with a capital in these two calls, and only there.
    private static string KeyIdOfDeletion(ParameterBinder bind)
    {
        const string capital = "KeyId";
        return !bind.IsGiven("keyId") && bind.IsGiven(capital) ? bind.KeyId(capital) : bind.KeyId();
    }

    // The names of default master keys are the service's.
    private static string Alias(ParameterBinder bind, int least)
    {
        var alias = bind.Text("alias", least, LongestAlias);
        return CmkState.IsDefaultName(alias) ? bind.OutOfRange("alias") : alias;
    }

    // What some clients read without looking whether it is there is always there.
    private static void WriteMetadata(TencentWriter answer, CmkDescription key)
    {
        var state = key.State;
        answer.BeginObject("keyMetadata");
        answer.String("keyId", key.KeyId);
        answer.String("alias", state.Alias);
        answer.Time("createTime", state.CreatedAt);
        answer.String("description", state.Description);
        answer.String("keyState", StateText(key.KeyState));
        answer.String("keyUsage", state.Usage == KeyUsage.EncryptDecrypt ? "ENCRYPT/DECRYPT" : "SIGN/VERIFY");
        answer.Number("type", state.Origin == KeyOrigin.Kms ? 1 : 2);
        answer.Time("deleteTime", state.DeletionDate);
        answer.EndObject();
    }

    // Two of them are documented; the others are the names of the platform's next version.
    private static string StateText(KeyState state) =>
        state == KeyState.PendingDeletion ? "PendingDelete" : state.ToString();
}
