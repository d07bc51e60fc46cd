using System.Globalization;
using KmsActors.Grains;

namespace KmsActors.Simulator;

/// <summary>What becomes of a tenant and its keys, as the fleet's description has it.</summary>
internal sealed class TenantLife(FleetPart part, FleetDescription fleet, Tenant tenant, Chance chance)
{
    private const double DaysPerYear = 365.25;

    private static readonly TimeSpan RenewalTime = TimeSpan.FromDays(7);
    private static readonly TimeSpan LastHour = TimeSpan.FromHours(1);

    private readonly double _allWeights = fleet.Deletion.Windows.Sum(window => window.Weight);
    private int _aliases;

    /// <summary>The tenant.</summary>
    public Tenant Tenant => tenant;

    /// <summary>The tenant comes, with keys that are there on the first day and keys that come later.</summary>
    public async Task OpenAsync(Session session, int keys)
    {
        await AccountActs.OpenAsync(session);
        for (var i = 0; i < keys; i++)
        {
            var at = chance.Happens(fleet.ExistingShare)
                ? part.Now + chance.Between(TimeSpan.Zero, TimeSpan.FromMinutes(5))
                : part.Now + chance.Between(TimeSpan.Zero, TimeSpan.FromDays(fleet.Days));
            part.At(at, () => part.Begin(tenant, CreateAsync));
        }

        if (chance.Happens(fleet.Use.BurstingShare)) Repeat(fleet.Use.BurstsPerYear, _ => Burst());
    }

    private async Task CreateAsync(Session session)
    {
        var isImported = chance.Happens(fleet.Imported.Share);
        var rotates = !isImported && chance.Happens(fleet.Rotation.Share);
        TimeSpan? interval = rotates ? TimeSpan.FromDays(fleet.Rotation.IntervalDays) : null;
        var key = await KeyActs.CreateAsync(session, KeySpec.Aes256, isImported, interval);
        if (key is null) return;
        if (isImported) await ImportAsync(session, key);
        if (chance.Happens(fleet.Aliases.Share)) await NameAsync(session, key);
        if (chance.Happens(fleet.Deletion.Share))
            After(DaysOf(fleet.Deletion.AfterDays), next => ScheduleAsync(next, key));
        Repeat(fleet.Disabling.TimesPerYear, next => DisableAsync(next, key));
        Repeat(fleet.Use.CallsPerYear, next => UseAsync(next, key));
    }

    private async Task ImportAsync(Session session, KnownKey key)
    {
        var expires = chance.Happens(fleet.Imported.ExpiringShare);
        DateTimeOffset? expiry = expires ? part.Now + DaysOf(fleet.Imported.LifeDays) : null;
        await ImportActs.PrepareAsync(session, key, new Expiry(expiry));
        if (expiry is not { } end) return;
        var luck = chance.Part();
        var (before, after) = (fleet.Imported.RenewedBeforeShare, fleet.Imported.RenewedAfterShare);
        if (luck >= before + after) return;
        var apart = chance.Between(TimeSpan.Zero, RenewalTime);
        After((luck < before ? end - apart : end + apart) - part.Now, next => ImportAsync(next, key));
    }

    private async Task NameAsync(Session session, KnownKey key)
    {
        var alias = string.Create(CultureInfo.InvariantCulture, $"key-{_aliases++}");
        await AliasActs.CreateAsync(session, alias, key.Id);
        Repeat(fleet.Aliases.MovesPerYear, next => AliasActs.MoveAsync(next, alias, chance.OneOf(tenant.Keys).Id));
    }

    private async Task ScheduleAsync(Session session, KnownKey key)
    {
        var window = TimeSpan.FromDays(Window());
        if (!await KeyActs.ScheduleAsync(session, key.Id, (int)window.TotalDays)) return;
        if (!chance.Happens(fleet.Deletion.CancelledShare)) return;
        var before = chance.Happens(fleet.Deletion.LastHourShare)
            ? chance.Between(TimeSpan.FromSeconds(1), LastHour)
            : chance.Between(LastHour, window);
        After(window - before, next => CancelAsync(next, key));
    }

    private async Task CancelAsync(Session session, KnownKey key)
    {
        if (!await KeyActs.CancelAsync(session, key.Id)) return;
        if (chance.Happens(fleet.Deletion.AgainShare))
            After(chance.Between(TimeSpan.FromDays(1), TimeSpan.FromDays(60)), next => ScheduleAsync(next, key));
    }

    private async Task DisableAsync(Session session, KnownKey key)
    {
        if (await KeyActs.DisableAsync(session, key.Id))
            After(TimeSpan.FromDays(fleet.Disabling.Days), next => KeyActs.EnableAsync(next, key.Id));
    }

    private static Task UseAsync(Session session, KnownKey key) =>
        session.Tenant.Ciphertexts.Count == 0 || session.Chance.Happens(0.5)
            ? UseActs.EncryptAsync(session, key.Id)
            : UseActs.DecryptAsync(session);

    private Task Burst()
    {
        if (tenant.Keys.Count == 0) return Task.CompletedTask;
        var keyId = chance.OneOf(tenant.Keys).Id;
        for (var i = 0; i < fleet.Use.CallsPerBurst; i++)
            part.Begin(tenant, session => UseActs.EncryptAsync(session, keyId));
        return Task.CompletedTask;
    }

    /// <summary>So often a year, until the end.</summary>
    private void Repeat(double perYear, Func<Session, Task> act)
    {
        if (perYear <= 0) return;
        After(chance.Exponential(TimeSpan.FromDays(DaysPerYear / perYear)), async session =>
        {
            await act(session);
            Repeat(perYear, act);
        });
    }

    private void After(TimeSpan time, Func<Session, Task> act) =>
        part.At(part.Now + time, () => part.Begin(tenant, act));

    private TimeSpan DaysOf(DayRange range) =>
        chance.Between(TimeSpan.FromDays(range.Least), TimeSpan.FromDays(range.Most));

    private int Window()
    {
        var place = chance.Part() * _allWeights;
        foreach (var window in fleet.Deletion.Windows)
        {
            place -= window.Weight;
            if (place < 0) return window.Days;
        }

        return fleet.Deletion.Windows[^1].Days;
    }
}
