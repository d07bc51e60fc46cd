using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using static KmsActors.Grains.Tests.GrainFixture;

namespace KmsActors.Grains.Tests;

/// <summary>Any sequence of commands at any times keeps the grain true to itself and to the clock.</summary>
public sealed class CmkGrainProperties
{
    public enum Move
    {
        Enable, Disable, Schedule7, Schedule30, Cancel, Import, ImportExpiring, ImportOther,
        DeleteMaterial, Tag, Untag, Describe, FireReminders, Hour, Day, Week,
    }

    [Property(MaxTest = 2000)]
    public void AnySequence_KeepsTheInvariants(Move[] moves, bool external)
    {
        var state = New(external ? KeyOrigin.External : KeyOrigin.Kms);
        var now = Start;
        var reminders = new Dictionary<Reminder, DateTimeOffset>();
        foreach (var move in moves)
        {
            now += move switch
            {
                Move.Hour => TimeSpan.FromHours(1),
                Move.Day => TimeSpan.FromDays(1),
                Move.Week => TimeSpan.FromDays(7),
                _ => TimeSpan.Zero,
            };
            var grain = Cmk(state, now);
            var usable = CmkState.Forbids(state, KeyCommand.Use, now) is null;
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
                Assert.NotNull(grain.Forbids(KeyCommand.Use));
            state = grain.State;
            if (state.DeletedAt is null)
            {
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

    private static void Take(CmkGrain grain, Move move, DateTimeOffset now, Dictionary<Reminder, DateTimeOffset> reminders)
    {
        switch (move)
        {
            case Move.Enable: grain.Enable(); break;
            case Move.Disable: grain.Disable(); break;
            case Move.Schedule7: grain.ScheduleDeletion(TimeSpan.FromDays(7)); break;
            case Move.Schedule30: grain.ScheduleDeletion(TimeSpan.FromDays(30)); break;
            case Move.Cancel: grain.CancelDeletion(KeyState.Enabled); break;
            case Move.Import: grain.ImportMaterial(Import()); break;
            case Move.ImportExpiring: grain.ImportMaterial(Import(expiry: now.AddHours(30))); break;
            case Move.ImportOther: grain.ImportMaterial(Import([7, 7])); break;
            case Move.DeleteMaterial: grain.DeleteMaterial(); break;
            case Move.Tag: grain.Tag([new("k", now.ToString("O"))]); break;
            case Move.Untag: grain.Untag(["k"]); break;
            case Move.Describe: grain.UpdateDescription(now.ToString("O")); break;
            case Move.FireReminders:
                foreach (var (reminder, due) in reminders.ToArray())
                {
                    if (due <= now) grain.OnReminder(reminder);
                }

                break;
        }
    }
}
