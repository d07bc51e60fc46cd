using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Operations;

namespace KmsActors.Simulator;

/// <summary>What a tenant looks at.</summary>
internal static class ReadActs
{
    private const int MostListed = 100;

    /// <summary>Has a key described.</summary>
    public static async Task DescribeAsync(Session session)
    {
        if (session.Tenant.Keys.Count == 0) return;
        var keyId = session.Chance.OneOf(session.Tenant.Keys).Id;
        var (call, seen) = await session.CallAsync(
            PolicyAction.DescribeKey, new DescribeKey(KeyReference.ById(keyId)), keyId);
        if (!session.IsAnswered(call)) return;
        session.Judge.Key(call, keyId, (key, at) => KeyView.Refuses(key, KeyCommand.Read, at)
            ?? (seen is null || Says(seen, key!, at) ? null : RefusalCode.ParameterInvalid));
    }

    /// <summary>Lists the keys.</summary>
    public static async Task ListKeysAsync(Session session)
    {
        var (call, page) = await session.CallAsync(
            PolicyAction.ListKeys, new ListKeys(KeyFilter.None, 0, MostListed));
        if (!session.IsAnswered(call) || page is null) return;
        session.Judge.WithoutKey(call);
        session.Judge.Listed(call, GrainKind.Cmk, page.Items, MostListed);
    }

    /// <summary>Lists the aliases.</summary>
    public static async Task ListAliasesAsync(Session session)
    {
        var (call, page) = await session.CallAsync(PolicyAction.ListAliases, new ListAliases(0, MostListed));
        if (!session.IsAnswered(call) || page is null) return;
        session.Judge.WithoutKey(call);
        session.Judge.Listed(call, GrainKind.Alias, [.. page.Items.Select(row => row.Alias)], MostListed);
    }

    private static bool Says(CmkDescription seen, KeyView key, DateTimeOffset at) =>
        seen.KeyState == key.StateAt(at)
        && seen.State.Description == key.Description
        && seen.State.DeletionDate == key.DeletionDate
        && seen.State.Versions.Length == key.Versions.Count;
}
