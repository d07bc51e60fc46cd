using FsCheck.Xunit;
using static KmsActors.Grains.Tests.GrainFixture;

namespace KmsActors.Grains.Tests;

/// <summary>
/// Any sequence of calls, each by either protocol, has of the grain the answers and the states that it has of
/// the model.
/// </summary>
public sealed class KeyModelTests
{
    public enum Call
    {
        Use, Enable, Disable, Describe, Rename, Schedule7, Schedule1096, Cancel,
        Import, ImportExpiring, ImportOther, DeleteMaterial, Hours, Days, AlmostAWeek, FireReminders,
    }

    // From a key that waits, much is refused: half of the keys begin with material.
    [Property(MaxTest = 3000)]
    public void AnySequence_OfBothProtocolsCalls_IsAsInTheModel((Call, bool)[] calls, bool external, bool ready)
    {
        var model = new KeyModel(external, Start);
        var state = New(external ? KeyOrigin.External : KeyOrigin.Kms);
        (Call, bool)[] first = external && ready ? [(Call.Import, true)] : [];
        foreach (var (call, huawei) in first.Concat(calls))
        {
            model.Now += call switch
            {
                Call.Hours => TimeSpan.FromHours(10),
                Call.Days => TimeSpan.FromDays(2),
                Call.AlmostAWeek => TimeSpan.FromDays(7) - TimeSpan.FromTicks(1),
                _ => TimeSpan.Zero,
            };
            var key = Cmk(state, model.Now, huawei ? CmkLifecycle.Huawei : CmkLifecycle.Aliyun);
            Assert.Equal(Model(model, call, huawei), Grain(key, call, huawei));
            key.CheckState();
            state = key.State;
            Assert.Equal(model.Gone, state.IsGoneAt(model.Now));
            if (model.Gone) continue;
            Assert.Equal(model.State, state.StateAt(model.Now));
            Assert.Equal(model.Material, state.HasMaterialAt(model.Now));
            Assert.Equal(model.Deletion, state.DeletionDate);
        }
    }

    /// <summary>They differ in what they refuse, not in what happens.</summary>
    [Property(MaxTest = 1000)]
    public void WhatBothProtocolsAllow_IsTheSameChange((Call, bool)[] calls, bool external)
    {
        var (now, state) = (Start, New(external ? KeyOrigin.External : KeyOrigin.Kms));
        foreach (var (call, huawei) in calls)
        {
            if (call is Call.Hours or Call.Days) now += TimeSpan.FromHours(30);
            var (aliyun, other) = (Cmk(state, now), Cmk(state, now, CmkLifecycle.Huawei));
            var refused = (Grain(aliyun, call, huawei), Grain(other, call, huawei));
            if (refused == (null, null))
            {
                Assert.Equal(Json(aliyun.State), Json(other.State));
                Assert.Equal(aliyun.Effects.Audit, other.Effects.Audit);
                Assert.Equal(aliyun.Effects.Reminders, other.Effects.Reminders);
            }

            state = huawei ? other.State : aliyun.State;
        }
    }

    private static string Json(CmkState state) =>
        System.Text.Json.JsonSerializer.Serialize(state, GrainJson.Default.CmkState);

    private static RefusalCode? Model(KeyModel model, Call call, bool huawei) => call switch
    {
        Call.Use => model.Use(),
        Call.Enable => model.SetEnabled(true, huawei),
        Call.Disable => model.SetEnabled(false, huawei),
        Call.Describe or Call.Rename => model.Annotate(),
        Call.Schedule7 => model.Schedule(TimeSpan.FromDays(7), huawei),
        Call.Schedule1096 => model.Schedule(TimeSpan.FromDays(1096), huawei),
        Call.Cancel => model.Cancel(huawei),
        Call.Import => model.Import(1, null, huawei),
        Call.ImportExpiring => model.Import(1, model.Now.AddHours(30), huawei),
        Call.ImportOther => model.Import(2, null, huawei),
        Call.DeleteMaterial => model.DeleteMaterial(huawei),
        _ => null,
    };

    private static RefusalCode? Grain(CmkGrain key, Call call, bool huawei)
    {
        switch (call)
        {
            case Call.Use: return key.Forbids(KeyCommand.EncryptDecrypt)?.Code;
            case Call.Enable: return CodeOf(key.Enable());
            case Call.Disable: return CodeOf(key.Disable());
            case Call.Describe: return CodeOf(key.UpdateDescription($"{key.Now:O}"));
            case Call.Rename: return CodeOf(key.Rename($"{key.Now:O}"));
            case Call.Schedule7: return CodeOf(key.ScheduleDeletion(TimeSpan.FromDays(7)));
            case Call.Schedule1096: return CodeOf(key.ScheduleDeletion(TimeSpan.FromDays(1096)));
            case Call.Cancel: return CodeOf(key.CancelDeletion(huawei ? KeyState.Disabled : KeyState.Enabled));
            case Call.Import: return CodeOf(key.ImportMaterial(Import()));
            case Call.ImportExpiring: return CodeOf(key.ImportMaterial(Import(expiry: key.Now.AddHours(30))));
            case Call.ImportOther: return CodeOf(key.ImportMaterial(Import([7, 7])));
            case Call.DeleteMaterial: return CodeOf(key.DeleteMaterial());
            case Call.FireReminders:
                if (key.State.MaterialExpiry <= key.Now) key.OnReminder(Reminder.ExpireMaterial);
                if (key.State.DeletionDate <= key.Now) key.OnReminder(Reminder.DeleteKey);
                return null;
            default: return null;
        }
    }
}
