using KmsActors.Grains.Hosting;
using KmsActors.Operations;

namespace KmsActors.Protocols.Aliyun;

/// <summary>Aliases: seed 001, 4.14 to 4.18.</summary>
internal static class AliasActions
{
    public static ValueTask<AliyunError?> CreateAlias(AliyunCall call)
    {
        var alias = call.Bind.Alias("AliasName");
        return call.RunAsync(new CreateAlias(alias, call.Bind.KeyId("KeyId")));
    }

    public static ValueTask<AliyunError?> UpdateAlias(AliyunCall call)
    {
        var alias = call.Bind.Alias("AliasName");
        return call.RunAsync(new UpdateAlias(alias, call.Bind.KeyId("KeyId")));
    }

    public static ValueTask<AliyunError?> DeleteAlias(AliyunCall call) =>
        call.RunAsync(new DeleteAlias(call.Bind.Alias("AliasName")));

    public static ValueTask<AliyunError?> ListAliases(AliyunCall call)
    {
        var page = call.Bind.Page();
        return call.RunAsync(
            new ListAliases(page.Offset, page.Size), (answer, aliases) => Write(call, answer, aliases, page));
    }

    public static ValueTask<AliyunError?> ListAliasesByKeyId(AliyunCall call)
    {
        var keyId = call.Bind.KeyId("KeyId");
        var page = call.Bind.Page();
        return call.RunAsync(
            new ListAliasesByKeyId(keyId, page.Offset, page.Size),
            (answer, aliases) => Write(call, answer, aliases, page));
    }

    // TotalCount is the number of aliases; the document's text says CMKs.
    private static void Write(AliyunCall call, AliyunWriter answer, Page<AliasRow> aliases, PageRequest page)
    {
        answer.BeginList("Aliases", "Alias");
        foreach (var row in aliases.Items)
        {
            var name = "alias/" + row.Alias;
            answer.BeginItem();
            answer.String("AliasName", name);
            answer.String("KeyId", row.KeyId);
            answer.String("AliasArn", call.ArnOf(name));
            answer.EndItem();
        }

        answer.EndList();
        KeyActions.WritePage(answer, aliases.TotalCount, page);
    }
}
