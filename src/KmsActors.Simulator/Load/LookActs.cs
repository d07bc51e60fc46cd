using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Operations;

namespace KmsActors.Simulator;

/// <summary>What a tenant looks at more closely: parts of keys, and keys by what they are.</summary>
internal static class LookActs
{
    private const int MostListed = 100;

    /// <summary>Lists the names of a key.</summary>
    public static Task ListAliasesAsync(Session session) => OfKeyAsync(
        session,
        PolicyAction.ListAliasesByKeyId,
        keyId => new ListAliasesByKeyId(keyId, 0, MostListed),
        (call, keyId, page) => session.Judge.Listed(
            call,
            GrainKind.Alias,
            [.. page.Items.Select(row => row.Alias)],
            MostListed,
            version => version.AliasOf == keyId));

    /// <summary>Lists the versions of a key.</summary>
    public static Task ListVersionsAsync(Session session) => OfKeyAsync(
        session,
        PolicyAction.ListKeyVersions,
        keyId => new ListKeyVersions(KeyReference.ById(keyId), 0, MostListed),
        (call, keyId, page) => Told(session, call, keyId, key =>
            key.Versions.SequenceEqual(page.Items.Select(version => version.VersionId))));

    /// <summary>Has a version of a key described, of which something was encrypted.</summary>
    public static async Task DescribeVersionAsync(Session session)
    {
        if (session.Tenant.Ciphertexts.Count == 0) return;
        var (ciphertext, other) =
            (session.Chance.OneOf(session.Tenant.Ciphertexts), session.Chance.OneOf(session.Tenant.Ciphertexts));
        var keyId = ciphertext.KeyId;
        var versionId = (session.Chance.Happens(0.8) ? ciphertext : other).VersionId;
        var (call, _) = await session.CallAsync(
            PolicyAction.DescribeKeyVersion, new DescribeKeyVersion(keyId, versionId), keyId);
        if (!session.IsAnswered(call)) return;
        session.Judge.Key(call, keyId, (key, at) => KeyView.Refuses(key, KeyCommand.Read, at)
            ?? (key!.Versions.Contains(versionId) ? null : RefusalCode.KeyVersionNotFound));
    }

    /// <summary>Lists the tags of a key.</summary>
    public static Task ListKeyTagsAsync(Session session) => OfKeyAsync(
        session,
        PolicyAction.ListResourceTags,
        keyId => new ListResourceTags(keyId),
        (call, keyId, tags) => Told(session, call, keyId, key => key.Tags.ToHashSet().SetEquals(tags)));

    /// <summary>Asks how often a key may be used.</summary>
    public static Task GetRateAsync(Session session) => OfKeyAsync(
        session,
        PolicyAction.DescribeKey,
        keyId => new GetKeyRate(keyId),
        (call, keyId, rate) => Told(
            session, call, keyId, key => key.Rate == (rate.IsOwn ? rate.Rate.PerSecond : null)));

    /// <summary>Lists the tags of all keys.</summary>
    public static async Task ListTagsAsync(Session session)
    {
        var (call, listed) = await session.CallAsync(PolicyAction.ListTags, new ListTags());
        if (!session.IsAnswered(call) || listed is null) return;
        session.Judge.WithoutKey(call);
        session.Judge.TagsListed(call, listed.Tags);
    }

    /// <summary>Lists the keys that are so, described.</summary>
    public static async Task ListDescriptionsAsync(Session session)
    {
        var chance = session.Chance;
        var (state, spec) = ((KeyState)chance.Below(4), chance.OneOf([KeySpec.Aes256, KeySpec.EcP256]));
        var (name, tag) = ($"{chance.Below(6)}", $"k{chance.Below(12)}");
        var (filter, isSo) = chance.Below(4) switch
        {
            0 => (new KeyFilter { States = [state] }, (Func<KeyView, bool>)(key => key.State == state)),
            1 => (new KeyFilter { Specs = [spec] }, key => key.Spec == spec),
            2 => (
                new KeyFilter { AliasPart = name },
                key => key.Alias?.Contains(name, StringComparison.Ordinal) == true),
            _ => (new KeyFilter { Tags = [new TagCondition(tag, [])] }, key => key.Tags.ContainsKey(tag)),
        };
        var (call, page) = await session.CallAsync(
            PolicyAction.ListResources, new ListKeyDescriptions(filter, 0, MostListed));
        if (!session.IsAnswered(call) || page is null) return;
        session.Judge.WithoutKey(call);
        // One whose time has come since is left out, whether or not it is deleted.
        session.Judge.Listed(
            call,
            GrainKind.Cmk,
            [.. page.Items.Select(key => key.KeyId)],
            MostListed,
            version => version.Key is { IsDeleted: false } key && isSo(key)
                ? key.IsThereAt(call.EndedAt + Judge.Second) ? true : null
                : false);
    }

    /// <summary>Lists those of some keys that there are.</summary>
    public static async Task ListNamedAsync(Session session)
    {
        if (session.Tenant.Keys.Count == 0) return;
        var keyIds = Enumerable.Range(0, 3).Select(_ => session.Chance.OneOf(session.Tenant.Keys).Id).ToHashSet();
        var (call, page) = await session.CallAsync(PolicyAction.ListKeys, new ListNamedKeys(keyIds, 0, MostListed));
        if (!session.IsAnswered(call) || page is null) return;
        session.Judge.WithoutKey(call);
        foreach (var keyId in keyIds)
        {
            var isListed = page.Items.Contains(keyId);
            session.Judge.Told(call, KeyActs.Id(session, keyId), version => isListed
                ? version.Key?.IsThereAt(call.BeganAt - Judge.Second) == true
                : version.Key?.IsThereAt(call.EndedAt + Judge.Second) != true);
        }
    }

    /// <summary>Counts the keys.</summary>
    public static async Task CountAsync(Session session)
    {
        var (call, count) = await session.CallAsync(PolicyAction.CountKeys, new CountKeys(KeyFilter.None));
        if (!session.IsAnswered(call) || call.Refusal is not null) return;
        session.Judge.WithoutKey(call);
        session.Judge.Counted(call, GrainKind.Cmk, count);
    }

    /// <summary>Asks how many keys there are and may be.</summary>
    public static async Task GetQuotaAsync(Session session)
    {
        var (call, quota) = await session.CallAsync(PolicyAction.GetQuota, new GetKeyQuota());
        if (!session.IsAnswered(call) || quota is null) return;
        session.Judge.WithoutKey(call);
        session.Judge.CountedWithoutDefaultKeys(call, quota.Used);
        session.Judge.Limited(call, GrainKind.Cmk, quota.Quota);
    }

    private static async Task OfKeyAsync<T>(
        Session session,
        PolicyAction action,
        Func<string, IOperation<T>> operation,
        Action<CallRecord, string, T> judge)
    {
        if (session.Tenant.Keys.Count == 0) return;
        var keyId = session.Chance.OneOf(session.Tenant.Keys).Id;
        var (call, seen) = await session.CallAsync(action, operation(keyId), keyId);
        if (!session.IsAnswered(call)) return;
        session.Judge.Key(call, keyId, KeyCommand.Read);
        if (seen is not null) judge(call, keyId, seen);
    }

    private static void Told(Session session, CallRecord call, string keyId, Func<KeyView, bool> isSo) =>
        session.Judge.Told(
            call, KeyActs.Id(session, keyId), version => version.Key is { IsDeleted: false } key && isSo(key));
}
