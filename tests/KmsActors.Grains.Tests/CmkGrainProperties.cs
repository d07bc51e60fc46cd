using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using static KmsActors.Grains.Tests.GrainFixture;

namespace KmsActors.Grains.Tests;

/// <summary>
/// Any sequence of commands at any times, each by either protocol's tables, keeps the grain true to itself and
/// to the clock.
/// </summary>
public sealed class CmkGrainProperties
{
    public enum Move
    {
        Enable, Disable, Schedule7, Schedule30, Cancel, Import, ImportExpiring, ImportOther,
        DeleteMaterial, Tag, Untag, Describe, FireReminders, Hour, Day, Week,
        RotateWeekly, RotateMonthly, RotateNever, ChangeInterval, CreateVersion, Schedule1096,
    }

    [Property(MaxTest = 2000)]
    public void AnySequence_KeepsTheInvariants((Move, bool)[] moves, bool external, bool asymmetric)
    {
        var spec = asymmetric && !external ? KeySpec.EcSm2 : KeySpec.Aes256;
        var command = spec.IsSymmetric() ? KeyCommand.EncryptDecrypt : KeyCommand.AsymmetricEncryptDecrypt;
        var state = New(external ? KeyOrigin.External : KeyOrigin.Kms, spec);
        var now = Start;
        var reminders = new Dictionary<Reminder, DateTimeOffset>();
        foreach (var (move, huawei) in moves)
        {
            var lifecycle = huawei ? CmkLifecycle.Huawei : CmkLifecycle.Aliyun;
            now += move switch
            {
                Move.Hour => TimeSpan.FromHours(1),
                Move.Day => TimeSpan.FromDays(1),
                Move.Week => TimeSpan.FromDays(7),
                _ => TimeSpan.Zero,
            };
            var grain = Cmk(state, now, lifecycle);
            var usable = CmkState.Forbids(KeyId, state, command, now, new KeyRules(lifecycle, Rights.Full)) is null;
            var wasGone = state.IsGoneAt(now);
            Take(grain, move, now, reminders);
            grain.CheckState();
            foreach (var (reminder, due) in grain.Effects.Reminders)
            {
                if (due is { } at) reminders[reminder] = at;
                else reminders.Remove(reminder);
            }

            if (grain.Effects.Audit.Count == 0) Assert.Same(state, grain.State);
            if (wasGone) Assert.Equal(RefusalCode.KeyNotFound, grain.Forbids(KeyCommand.Read)?.Code);
            if (!usable && move is Move.Tag or Move.Untag or Move.Describe or Move.Disable or Move.DeleteMaterial)
                Assert.NotNull(grain.Forbids(command));
            CheckVersions(state, grain.State, now);
            state = grain.State;
            // What the scrubber holds the store to.
            foreach (var reminder in Enum.GetValues<Reminder>())
                Assert.Equal(grain.DueAt(reminder), reminders.TryGetValue(reminder, out var due) ? due : null);
            if (state.DeletedAt is null)
            {
                Assert.Equal(
                    state.RotationAt(now) == AutomaticRotation.Enabled ? state.NextRotation : null,
                    reminders.TryGetValue(Reminder.RotateKey, out var rotate) && !state.IsGoneAt(now) ? rotate : null);
                Assert.Equal(state.DeletionDate, reminders.TryGetValue(Reminder.DeleteKey, out var delete) ? delete : null);
                Assert.Equal(state.MaterialExpiry, reminders.TryGetValue(Reminder.ExpireMaterial, out var expire) ? expire : null);
            }
            else
            {
                Assert.Empty(reminders);
                Assert.True(state.DeletedAt >= state.DeletionDate);
            }
        }
    }

    // Versions are only ever added, one at a time, never within a week, and only to a key in use.
    private static void CheckVersions(CmkState before, CmkState after, DateTimeOffset now)
    {
        if (after.DeletedAt is not null || after.Versions.Length == before.Versions.Length) return;
        Assert.Equal(before.Versions.AsEnumerable(), after.Versions.SkipLast(1));
        Assert.Equal(now, after.Primary.CreatedAt);
        Assert.True(now - before.Primary.CreatedAt >= TimeSpan.FromDays(7));
        Assert.Equal(KeyState.Enabled, before.StateAt(now));
        Assert.Equal(KeyOrigin.Kms, before.Origin);
    }

    private static void Take(CmkGrain grain, Move move, DateTimeOffset now, Dictionary<Reminder, DateTimeOffset> reminders)
    {
        switch (move)
        {
            case Move.Enable: grain.Enable(); break;
            case Move.Disable: grain.Disable(); break;
            case Move.Schedule7: grain.ScheduleDeletion(TimeSpan.FromDays(7)); break;
            case Move.Schedule30: grain.ScheduleDeletion(TimeSpan.FromDays(30)); break;
            case Move.Schedule1096: grain.ScheduleDeletion(TimeSpan.FromDays(1096)); break;
            case Move.Cancel: grain.CancelDeletion(Restored(grain)); break;
            case Move.Import: grain.ImportMaterial(Import()); break;
            case Move.ImportExpiring: grain.ImportMaterial(Import(expiry: now.AddHours(30))); break;
            case Move.ImportOther: grain.ImportMaterial(Import([7, 7])); break;
            case Move.DeleteMaterial: grain.DeleteMaterial(); break;
            case Move.Tag: grain.Tag([new("k", now.ToString("O"))]); break;
            case Move.Untag: grain.Untag(["k"]); break;
            case Move.Describe: grain.UpdateDescription(now.ToString("O")); break;
            case Move.RotateWeekly: grain.UpdateRotationPolicy(TimeSpan.FromDays(7)); break;
            case Move.RotateMonthly: grain.UpdateRotationPolicy(TimeSpan.FromDays(30)); break;
            case Move.RotateNever: grain.UpdateRotationPolicy(null); break;
            case Move.ChangeInterval: grain.ChangeRotationInterval(TimeSpan.FromDays(20)); break;
            case Move.CreateVersion: grain.CreateVersion(NewVersion()); break;
            case Move.FireReminders:
                foreach (var (reminder, due) in reminders.ToArray())
                {
                    if (due > now) continue;
                    if (reminder == Reminder.RotateKey) grain.Rotate(NewVersion());
                    else grain.OnReminder(reminder);
                }

                break;
        }
    }

    private static KeyState Restored(CmkGrain grain) =>
        grain.Lifecycle == CmkLifecycle.Huawei ? KeyState.Disabled : KeyState.Enabled;

    private static NewKeyVersion NewVersion() => new(Guid.NewGuid().ToString(), Material);
}
