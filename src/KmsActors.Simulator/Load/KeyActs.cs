using System.Globalization;
using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Simulator;

/// <summary>What a tenant does with keys themselves.</summary>
internal static class KeyActs
{
    private static readonly KeySpec[] Specs =
        [KeySpec.Aes256, KeySpec.Aes256, KeySpec.Aes256, KeySpec.Sm4, KeySpec.EcP256];

    /// <summary>Creates a key of any kind, to use at once.</summary>
    public static async Task CreateAsync(Session session)
    {
        var chance = session.Chance;
        var isExternal = chance.Happens(0.3);
        var spec = isExternal ? KeySpec.Aes256 : chance.OneOf(Specs);
        var rotates = !isExternal && spec.IsSymmetric() && chance.Happens(0.4);
        await CreateAsync(session, spec, isExternal, rotates ? TimeSpan.FromDays(chance.Between(7, 400)) : null);
    }

    /// <summary>Creates a key; null if that is not known to have been done.</summary>
    public static async Task<KnownKey?> CreateAsync(
        Session session, KeySpec spec, bool isExternal, TimeSpan? rotationInterval)
    {
        var (call, created) = await session.CallAsync(PolicyAction.CreateKey, new CreateKey
        {
            Origin = isExternal ? KeyOrigin.External : KeyOrigin.Kms,
            Spec = spec,
            Usage = spec.Allows(KeyUsage.EncryptDecrypt) ? KeyUsage.EncryptDecrypt : KeyUsage.SignVerify,
            RotationInterval = rotationInterval,
        });
        if (!session.IsAnswered(call)) return null;
        session.Judge.WithoutKey(call);
        if (call.Refusal is not null)
        {
            session.Judge.AtLimit(call, GrainKind.Cmk);
            return null;
        }

        var state = isExternal ? KeyState.PendingImport : KeyState.Enabled;
        session.Judge.Done(call, Id(session, created!.KeyId), version => version.Key?.State == state);
        var key = new KnownKey(created.KeyId, spec, isExternal ? Material(session.Chance) : null);
        session.Tenant.Keys.Add(key);
        return key;
    }

    /// <summary>Lets a key be used.</summary>
    public static Task EnableAsync(Session session) => OfOneAsync(session, EnableAsync);

    /// <summary>Lets one key be used; whether that is known to be done.</summary>
    public static Task<bool> EnableAsync(Session session, string keyId) => ChangeAsync(
        session,
        keyId,
        PolicyAction.EnableKey,
        KeyCommand.Enable,
        new EnableKey(keyId),
        key => key.State == KeyState.Enabled);

    /// <summary>Forbids use of a key.</summary>
    public static Task DisableAsync(Session session) => OfOneAsync(session, DisableAsync);

    /// <summary>Forbids use of one key; whether that is known to be done.</summary>
    public static Task<bool> DisableAsync(Session session, string keyId) => ChangeAsync(
        session,
        keyId,
        PolicyAction.DisableKey,
        KeyCommand.Disable,
        new DisableKey(keyId),
        key => key.State == KeyState.Disabled);

    /// <summary>Schedules a key's deletion.</summary>
    public static Task ScheduleAsync(Session session) =>
        OfOneAsync(session, (session, keyId) => ScheduleAsync(session, keyId, Window(session.Chance)));

    /// <summary>Schedules the deletion of one key; whether that is known to be done.</summary>
    public static Task<bool> ScheduleAsync(Session session, string keyId, int days) => ChangeAsync(
        session,
        keyId,
        PolicyAction.ScheduleKeyDeletion,
        KeyCommand.ScheduleDeletion,
        new ScheduleKeyDeletion(keyId, days),
        key => key.State == KeyState.PendingDeletion);

    /// <summary>Takes a deletion back.</summary>
    public static Task CancelAsync(Session session) => OfOneAsync(session, CancelAsync);

    /// <summary>Takes the deletion of one key back; whether that is known to be done.</summary>
    public static Task<bool> CancelAsync(Session session, string keyId)
    {
        var restored = session.Chance.Happens(0.5) ? KeyState.Enabled : KeyState.Disabled;
        return ChangeAsync(
            session,
            keyId,
            PolicyAction.CancelKeyDeletion,
            KeyCommand.CancelDeletion,
            new CancelKeyDeletion(keyId, restored),
            key => key.State is var state && (state == restored || state == KeyState.PendingImport));
    }

    /// <summary>Replaces a key's description.</summary>
    public static Task DescribeAnewAsync(Session session)
    {
        var description = session.Chance.Below(1000).ToString(CultureInfo.InvariantCulture);
        return ChangeAsync(
            session,
            PolicyAction.UpdateKeyDescription,
            KeyCommand.Annotate,
            key => new UpdateKeyDescription(key, description),
            key => key.Description == description);
    }

    /// <summary>Has a key rotate in another rhythm, or no more.</summary>
    public static Task ChangeRotationAsync(Session session)
    {
        TimeSpan? interval = session.Chance.Happens(0.3) ? null : TimeSpan.FromDays(session.Chance.Between(7, 730));
        return ChangeAsync(
            session,
            PolicyAction.UpdateRotation,
            KeyCommand.UpdateRotation,
            key => new UpdateRotationPolicy(key, interval),
            key => key.RotationInterval == interval);
    }

    /// <summary>Has a key rotate, if it does not yet.</summary>
    public static Task EnableRotationAsync(Session session) => ChangeAsync(
        session,
        PolicyAction.EnableRotation,
        KeyCommand.UpdateRotation,
        key => new EnableKeyRotation(key, TimeSpan.FromDays(365)),
        key => key.RotationInterval is not null);

    /// <summary>Has a key that rotates do so in another rhythm.</summary>
    public static async Task ChangeIntervalAsync(Session session)
    {
        if (session.Tenant.Keys.Count == 0) return;
        var keyId = session.Chance.OneOf(session.Tenant.Keys).Id;
        var interval = TimeSpan.FromDays(session.Chance.Between(7, 730));
        var (call, _) = await session.CallAsync(
            PolicyAction.UpdateRotation, new ChangeRotationInterval(keyId, interval), keyId);
        if (!session.IsAnswered(call)) return;
        session.Judge.Key(call, keyId, (key, at) => KeyView.Refuses(key, KeyCommand.UpdateRotation, at)
            ?? (key!.RotationInterval is null ? RefusalCode.RotationNotEnabled : (RefusalCode?)null));
        if (call.Refusal is null)
            session.Judge.Done(call, Id(session, keyId), version => version.Key?.RotationInterval == interval);
    }

    /// <summary>Tags a key.</summary>
    public static async Task TagAsync(Session session)
    {
        if (session.Tenant.Keys.Count == 0) return;
        var keyId = session.Chance.OneOf(session.Tenant.Keys).Id;
        var tag = KeyValuePair.Create($"k{session.Chance.Below(12)}", $"v{session.Chance.Below(5)}");
        var (call, _) = await session.CallAsync(PolicyAction.TagResource, new TagResource(keyId, [tag]), keyId);
        if (!session.IsAnswered(call)) return;
        session.Judge.Key(call, keyId, (key, at) => KeyView.Refuses(key, KeyCommand.Annotate, at)
            ?? (key!.Tags.Count < 10 || key.Tags.ContainsKey(tag.Key) ? (RefusalCode?)null : RefusalCode.TooManyTags));
        if (call.Refusal is null)
        {
            session.Judge.Done(
                call,
                Id(session, keyId),
                version => version.Key?.Tags.GetValueOrDefault(tag.Key) == tag.Value);
        }
    }

    /// <summary>Takes a tag off a key.</summary>
    public static Task UntagAsync(Session session)
    {
        var tag = $"k{session.Chance.Below(12)}";
        return ChangeAsync(
            session,
            PolicyAction.UntagResource,
            KeyCommand.Annotate,
            key => new UntagResource(key, [tag]),
            key => !key.Tags.ContainsKey(tag));
    }

    /// <summary>Adds a version to a pair.</summary>
    public static async Task AddVersionAsync(Session session)
    {
        if (session.Tenant.Keys.Count == 0) return;
        var keyId = session.Tenant.PickPair(session.Chance).Id;
        var (call, added) = await session.CallAsync(
            PolicyAction.CreateKeyVersion, new CreateKeyVersion(KeyReference.ById(keyId)));
        if (!session.IsAnswered(call)) return;
        session.Judge.Key(call, keyId, (key, at) => KeyView.Refuses(key, KeyCommand.CreateVersion, at)
            ?? (at < key!.VersionAt + TimeSpan.FromDays(7) ? RefusalCode.RotationTooSoon : (RefusalCode?)null));
        if (call.Refusal is null)
        {
            session.Judge.Done(
                call, Id(session, keyId), version => version.Key?.Versions.Contains(added!.VersionId) == true);
        }
    }

    /// <summary>Changes one of the tenant's keys, and judges the answer.</summary>
    public static async Task ChangeAsync<T>(
        Session session,
        PolicyAction action,
        KeyCommand command,
        Func<string, IOperation<T>> operation,
        Func<KeyView, bool> isDone)
    {
        if (session.Tenant.Keys.Count == 0) return;
        var keyId = session.Chance.OneOf(session.Tenant.Keys).Id;
        await ChangeAsync(session, keyId, action, command, operation(keyId), isDone);
    }

    /// <summary>The id of a grain of the tenant's key.</summary>
    public static GrainId Id(Session session, string keyId) => GrainId.OfCmk(session.Tenant.Owner, keyId);

    private static async Task OfOneAsync(Session session, Func<Session, string, Task<bool>> act)
    {
        if (session.Tenant.Keys.Count > 0) await act(session, session.Chance.OneOf(session.Tenant.Keys).Id);
    }

    private static async Task<bool> ChangeAsync<T>(
        Session session,
        string keyId,
        PolicyAction action,
        KeyCommand command,
        IOperation<T> operation,
        Func<KeyView, bool> isDone)
    {
        var (call, _) = await session.CallAsync(action, operation, keyId);
        if (!session.IsAnswered(call)) return false;
        session.Judge.Key(call, keyId, command);
        if (call.Refusal is not null) return false;
        session.Judge.Done(call, Id(session, keyId), version => version.Key is { IsDeleted: false } key && isDone(key));
        return true;
    }

    private static int Window(Chance chance) => chance.Happens(0.7) ? chance.Between(7, 30) : chance.Between(31, 1096);

    private static byte[] Material(Chance chance)
    {
        var material = new byte[32];
        chance.Fill(material);
        return material;
    }
}
