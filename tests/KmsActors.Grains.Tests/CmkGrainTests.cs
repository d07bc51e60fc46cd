using static KmsActors.Grains.Tests.GrainFixture;

namespace KmsActors.Grains.Tests;

public sealed class CmkGrainTests
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    [Fact]
    public void Create_WithMaterial_IsEnabled() => Assert.Equal(KeyState.Enabled, New().KeyState);

    [Fact]
    public void Create_WithoutMaterial_WaitsForImport() =>
        Assert.Equal(KeyState.PendingImport, New(KeyOrigin.External).KeyState);

    [Fact]
    public void Create_OfAnIdInUse_IsAFault() =>
        Assert.Throws<InvariantException>(() => Cmk(New()).Create(null!));

    [Fact]
    public void Disable_WhenDisabled_ChangesNothing()
    {
        var before = ExternalIn(KeyState.Disabled);
        var grain = Cmk(before);
        Assert.Null(CodeOf(grain.Disable()));
        Assert.Same(before, grain.State);
        Assert.Empty(grain.Effects.Audit);
    }

    [Fact]
    public void ScheduleDeletion_SetsDateAndReminder()
    {
        var grain = Cmk(New());
        grain.ScheduleDeletion(Week);
        Assert.Equal(Start + Week, grain.State.DeletionDate);
        Assert.Equal(Start + Week, grain.Effects.Reminders[Reminder.DeleteKey]);
        Assert.Equal([AuditEvent.KeyDeletionScheduled], grain.Effects.Audit);
    }

    [Theory]
    [InlineData(KeyState.Enabled)]
    [InlineData(KeyState.Disabled)]
    public void CancelDeletion_WithMaterial_RestoresWhatTheProtocolSays(KeyState restored)
    {
        var grain = Cmk(ExternalIn(KeyState.PendingDeletion));
        Assert.Null(CodeOf(grain.CancelDeletion(restored)));
        Assert.Equal(restored, grain.State.KeyState);
        Assert.Null(grain.State.DeletionDate);
        Assert.Null(grain.Effects.Reminders[Reminder.DeleteKey]);
    }

    [Fact]
    public void CancelDeletion_WithoutMaterial_WaitsForImport()
    {
        var grain = Cmk(New(KeyOrigin.External));
        grain.ScheduleDeletion(Week);
        grain.CancelDeletion(KeyState.Enabled);
        Assert.Equal(KeyState.PendingImport, grain.State.KeyState);
    }

    [Fact]
    public void CancelDeletion_AfterMaterialExpired_WaitsForImportAndErasesIt()
    {
        var grain = Cmk(New(KeyOrigin.External));
        grain.ImportMaterial(Import(expiry: Start.AddDays(1)));
        grain.ScheduleDeletion(Week);
        var later = Cmk(grain.State, Start.AddDays(2));
        Assert.Null(CodeOf(later.CancelDeletion(KeyState.Enabled)));
        Assert.Equal(KeyState.PendingImport, later.State.KeyState);
        Assert.Null(later.State.Primary.WrappedMaterial);
        later.CheckState();
    }

    [Fact]
    public void Key_FromItsDeletionDateOn_IsNotFound_ThoughNoReminderFired()
    {
        var grain = Cmk(New());
        grain.ScheduleDeletion(Week);
        var due = Start + Week;
        Assert.Equal(RefusalCode.StateModifyFailed, CodeOf(Cmk(grain.State, due.AddTicks(-1)).Enable()));
        Assert.Equal(RefusalCode.KeyNotFound, CodeOf(Cmk(grain.State, due).CancelDeletion(KeyState.Enabled)));
    }

    [Fact]
    public void OnReminder_BeforeTheDeletionDate_DoesNothing()
    {
        var grain = Cmk(New());
        grain.ScheduleDeletion(Week);
        var early = Cmk(grain.State, (Start + Week).AddTicks(-1));
        early.OnReminder(Reminder.DeleteKey);
        Assert.Same(grain.State, early.State);
    }

    [Fact]
    public void OnReminder_AtTheDeletionDate_LeavesATombstoneWithoutMaterial()
    {
        var grain = Cmk(New());
        grain.UpdateDescription("secret project");
        grain.Tag([new("k", "v")]);
        grain.ScheduleDeletion(Week);
        var due = Cmk(grain.State, Start + Week);
        due.OnReminder(Reminder.DeleteKey);
        Assert.False(due.Exists);
        Assert.Empty(due.State.Versions);
        Assert.Empty(due.State.Tags);
        Assert.Equal("", due.State.Description);
        Assert.Equal([AuditEvent.KeyDeleted], due.Effects.Audit);
        Assert.Null(due.Listing);
        due.CheckState();

        var again = Cmk(due.State, Start + Week);
        again.OnReminder(Reminder.DeleteKey);
        Assert.Same(due.State, again.State);
    }

    [Fact]
    public void Import_OfOtherMaterial_IsRefused_EvenAfterDeletion()
    {
        var grain = Cmk(ExternalIn(KeyState.Enabled));
        grain.DeleteMaterial();
        Assert.Equal(KeyState.PendingImport, grain.State.KeyState);
        Assert.Equal(RefusalCode.KeyMaterialDiffers, CodeOf(grain.ImportMaterial(Import([8, 8]))));
        Assert.Null(CodeOf(grain.ImportMaterial(Import())));
        Assert.Equal(KeyState.Enabled, grain.State.KeyState);
    }

    [Fact]
    public void Import_IntoADisabledKey_LeavesItDisabled()
    {
        var grain = Cmk(ExternalIn(KeyState.Disabled));
        Assert.Null(CodeOf(grain.ImportMaterial(Import(expiry: Start.AddDays(1)))));
        Assert.Equal(KeyState.Disabled, grain.State.KeyState);
    }

    [Fact]
    public void Import_WithAnExpiryThatHasPassed_IsRefused() =>
        Assert.Equal(
            RefusalCode.ParameterInvalid,
            CodeOf(Cmk(New(KeyOrigin.External)).ImportMaterial(Import(expiry: Start))));

    [Fact]
    public void Import_WithoutExpiryAfterOneWithIt_TakesTheReminderBack()
    {
        var grain = Cmk(New(KeyOrigin.External));
        grain.ImportMaterial(Import(expiry: Start.AddDays(1)));
        var again = Cmk(grain.State);
        again.ImportMaterial(Import());
        Assert.Null(again.State.MaterialExpiry);
        Assert.Null(again.Effects.Reminders[Reminder.ExpireMaterial]);
    }

    [Fact]
    public void Material_FromItsExpiryOn_IsGone_WhetherOrNotTheReminderFired()
    {
        var grain = Cmk(New(KeyOrigin.External));
        var expiry = Start.AddDays(1);
        grain.ImportMaterial(Import(expiry: expiry));
        Assert.Null(Cmk(grain.State, expiry.AddTicks(-1)).Forbids(KeyCommand.EncryptDecrypt));
        Assert.Equal(RefusalCode.KeyPendingImport, Cmk(grain.State, expiry).Forbids(KeyCommand.EncryptDecrypt)?.Code);
        Assert.Equal(KeyState.PendingImport, grain.State.StateAt(expiry));

        var fired = Cmk(grain.State, expiry);
        fired.OnReminder(Reminder.ExpireMaterial);
        Assert.Equal(KeyState.PendingImport, fired.State.KeyState);
        Assert.Null(fired.State.Primary.WrappedMaterial);
        Assert.NotNull(fired.State.Primary.Fingerprint);
    }

    [Theory]
    [InlineData(KeyCommand.GetImportParameters)]
    [InlineData(KeyCommand.ImportMaterial)]
    [InlineData(KeyCommand.DeleteMaterial)]
    public void ImportCommands_OnAKeyOfTheServicesOwn_AreRefusedForItsOrigin(KeyCommand command) =>
        Assert.Equal(RefusalCode.OriginNotAllowed, Cmk(New()).Forbids(command)?.Code);

    [Fact]
    public void DeleteMaterial_WhilePendingDeletion_KeepsStateAndDate()
    {
        var grain = Cmk(ExternalIn(KeyState.PendingDeletion));
        var date = grain.State.DeletionDate;
        Assert.Null(CodeOf(grain.DeleteMaterial()));
        Assert.Equal(KeyState.PendingDeletion, grain.State.KeyState);
        Assert.Equal(date, grain.State.DeletionDate);
        Assert.Null(grain.State.Primary.WrappedMaterial);
    }

    [Fact]
    public void Tag_TheTenthIsTaken_TheEleventhChangesNothing()
    {
        var grain = Cmk(New());
        var ten = Enumerable.Range(0, 10).Select(i => KeyValuePair.Create($"k{i}", "v")).ToArray();
        Assert.Null(CodeOf(grain.Tag(ten)));
        var before = grain.State;
        Assert.Equal(RefusalCode.TooManyTags, CodeOf(grain.Tag([new("k0", "new"), new("k10", "v")])));
        Assert.Same(before, grain.State);
        Assert.Null(CodeOf(grain.Tag([new("k0", "new")])));
        Assert.Equal("new", grain.State.Tags["k0"]);
    }

    [Fact]
    public void UnknownKey_IsNotFound_ForEveryCommand() =>
        Assert.All(
            Enum.GetValues<KeyCommand>(),
            command => Assert.Equal(RefusalCode.KeyNotFound, Cmk().Forbids(command)?.Code));

    [Fact]
    public void Forget_TakesATombstoneOfBeforeAway_AndNothingElse()
    {
        var deleted = Start + TimeSpan.FromDays(7);
        var dying = Cmk(In(KeyState.PendingDeletion, KeySpec.Aes256), deleted);
        dying.OnReminder(Reminder.DeleteKey);
        var early = Cmk(dying.State, deleted + TimeSpan.FromDays(400));
        Assert.False(early.Forget(deleted).Value);
        Assert.Same(dying.State, early.State);
        Assert.True(early.Forget(deleted + TimeSpan.FromTicks(1)).Value);
        Assert.Null(early.StateObject);
        Assert.Equal([AuditEvent.KeyForgotten], early.Effects.Audit);
        Assert.False(Cmk(null).Forget(DateTimeOffset.MaxValue).Value);
        foreach (var state in new[] { KeyState.Enabled, KeyState.Disabled, KeyState.PendingDeletion })
        {
            var key = Cmk(In(state, KeySpec.Aes256));
            Assert.False(key.Forget(DateTimeOffset.MaxValue).Value);
            Assert.True(key.Exists);
            Assert.Empty(key.Effects.Audit);
        }
    }
}
