using System.Buffers;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Operations;

namespace KmsActors.Protocols.Huawei;

/// <summary>Keys and what is said of them: seed 003, 4.1.1, 4.1.6, 4.1.7, 4.1.15 and 4.1.16.</summary>
internal static class KeyActions
{
    // Without a limit a client expects all its keys, of which the document's quota is far smaller.
    private const int MostKeysOnPage = 1000;

    private const string AllProjects = "all";

    private static readonly TextRule StateNumber = new(1, 1) { Only = SearchValues.Create("12345") };

    public static ValueTask<HuaweiError?> CreateKey(HuaweiCall call)
    {
        var bind = call.Bind;
        var spec = bind.Choice("key_spec", KeySpec.Aes256, HuaweiErrors.ParameterInvalid, KeySpecText.Specs);
        var usage = spec.Allows(KeyUsage.EncryptDecrypt) ? KeyUsage.EncryptDecrypt : KeyUsage.SignVerify;
        var key = new CreateKey
        {
            Alias = bind.KeyAlias(),
            Description = bind.OptionalKeyDescription(),
            Origin = bind.Choice(
                "origin",
                KeyOrigin.Kms,
                HuaweiErrors.ParameterInvalid,
                ("kms", KeyOrigin.Kms),
                ("external", KeyOrigin.External)),
            EnterpriseProject = bind.EnterpriseProject() ?? CmkState.DefaultEnterpriseProject,
            Spec = spec,
            Usage = bind.Choice("key_usage", usage, HuaweiErrors.ParameterInvalid, KeySpecText.Usages),
        };
        return call.RunAsync(key, (answer, created) =>
        {
            answer.BeginObject("key_info");
            answer.String("key_id", created.KeyId);
            answer.String("domain_id", call.DomainId);
            answer.EndObject();
        });
    }

    public static ValueTask<HuaweiError?> DescribeKey(HuaweiCall call) =>
        call.RunAsync(new DescribeKey(KeyReference.ById(call.Bind.KeyId())), (answer, key) =>
        {
            answer.BeginObject("key_info");
            KeyDetails.Write(call, answer, key);
            answer.EndObject();
        });

    public static ValueTask<HuaweiError?> ListKeys(HuaweiCall call)
    {
        var bind = call.Bind;
        var limit = (int?)bind.OptionalNumber("limit", 1, MostKeysOnPage, HuaweiErrors.LimitInvalid) ?? MostKeysOnPage;
        var marker = bind.OptionalNumber("marker", 0, int.MaxValue, HuaweiErrors.MarkerInvalid) ?? 0;
        var project = bind.EnterpriseProject(AllProjects);
        var filter = new KeyFilter
        {
            EnterpriseProjects = project is null or AllProjects ? null : ProjectSet.Of(project),
            States = StateFilter(bind),
        };
        return call.RunAsync(new ListKeyDescriptions(filter, marker, limit), (answer, page) =>
        {
            WriteKeys(call, answer, page.Items);
            answer.Page(marker, limit, page.TotalCount);
        });
    }

    public static ValueTask<HuaweiError?> UpdateKeyAlias(HuaweiCall call)
    {
        var keyId = call.Bind.KeyId();
        var alias = call.Bind.KeyAlias();
        return call.RunAsync(
            new RenameKey(keyId, alias), (answer, _) => WriteChanged(answer, keyId, "key_alias", alias));
    }

    public static ValueTask<HuaweiError?> UpdateKeyDescription(HuaweiCall call)
    {
        var keyId = call.Bind.KeyId();
        var description = call.Bind.KeyDescription();
        return call.RunAsync(
            new UpdateKeyDescription(keyId, description),
            (answer, _) => WriteChanged(answer, keyId, "key_description", description));
    }

    private static KeyState[]? StateFilter(FieldBinder bind)
    {
        var number = bind.OptionalText("key_state", StateNumber, HuaweiErrors.ParameterInvalid);
        return number is null ? null : KeyDetails.StatesOf(number);
    }

    private static void WriteKeys(HuaweiCall call, HuaweiWriter answer, IReadOnlyList<CmkDescription> keys)
    {
        answer.BeginList("keys");
        foreach (var key in keys) answer.Item(key.KeyId);
        answer.EndList();
        answer.BeginList("key_details");
        foreach (var key in keys)
        {
            answer.BeginItem();
            KeyDetails.Write(call, answer, key);
            answer.EndObject();
        }

        answer.EndList();
    }

    private static void WriteChanged(HuaweiWriter answer, string keyId, string name, string value)
    {
        answer.BeginObject("key_info");
        answer.String("key_id", keyId);
        answer.String(name, value);
        answer.EndObject();
    }
}
