using static KmsActors.Grains.Tests.GrainFixture;

namespace KmsActors.Grains.Tests;

/// <summary>What becomes of a key by Huawei's tables, and of one that several protocols speak to.</summary>
public sealed class HuaweiLifeTests
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    [Fact]
    public void EnableAndDisable_Twice_AreRefusedTheSecondTime()
    {
        var grain = Key(New());
        Assert.Equal(RefusalCode.KeyNotDisabled, CodeOf(grain.Enable()));
        Assert.Null(CodeOf(grain.Disable()));
        Assert.Equal(RefusalCode.KeyNotEnabled, CodeOf(grain.Disable()));
        Assert.Null(CodeOf(grain.Enable()));
        Assert.Equal(KeyState.Enabled, grain.State.KeyState);
        Assert.Equal([AuditEvent.KeyDisabled, AuditEvent.KeyEnabled], grain.Effects.Audit);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(1096)]
    public void ScheduleDeletion_OfTheShortestAndTheLongestWindow_DeletesAtItsEndAndNotBefore(int days)
    {
        var due = Start.AddDays(days);
        var grain = Key(New());
        Assert.Null(CodeOf(grain.ScheduleDeletion(TimeSpan.FromDays(days))));
        Assert.Equal(due, grain.State.DeletionDate);
        Assert.Equal(due, grain.Effects.Reminders[Reminder.DeleteKey]);

        var last = Key(grain.State, due.AddTicks(-1));
        Assert.Equal(RefusalCode.AlreadyPendingDeletion, CodeOf(last.ScheduleDeletion(Week)));
        last.OnReminder(Reminder.DeleteKey);
        Assert.Same(grain.State, last.State);
        Assert.Equal(RefusalCode.KeyNotFound, CodeOf(Key(grain.State, due).CancelDeletion(KeyState.Disabled)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-7)]
    public void ScheduleDeletion_OfNoWindow_IsAFault(int days) =>
        Assert.Throws<InvariantException>(() => Key(New()).ScheduleDeletion(TimeSpan.FromDays(days)));

    [Theory]
    [InlineData(KeyState.Enabled)]
    [InlineData(KeyState.Disabled)]
    public void CancelDeletion_OfAKeyThatWasInEitherState_LeavesItDisabled(KeyState was)
    {
        var grain = Key(In(was, KeySpec.Aes256));
        grain.ScheduleDeletion(Week);
        Assert.Null(CodeOf(grain.CancelDeletion(KeyState.Disabled)));
        Assert.Equal(KeyState.Disabled, grain.State.KeyState);
        Assert.Null(grain.State.DeletionDate);
        Assert.Null(grain.Effects.Reminders[Reminder.DeleteKey]);
        Assert.Equal(RefusalCode.KeyDisabled, grain.Forbids(KeyCommand.EncryptDecrypt)?.Code);
        Assert.Null(CodeOf(grain.Enable()));
    }

    [Fact]
    public void CancelDeletion_WithoutMaterial_WaitsForImportAgain()
    {
        var grain = Key(ExternalIn(KeyState.PendingImport));
        grain.ScheduleDeletion(Week);
        Assert.Equal(RefusalCode.NotPendingImport, CodeOf(grain.ImportMaterial(Import())));
        Assert.Null(CodeOf(grain.CancelDeletion(KeyState.Disabled)));
        Assert.Equal(KeyState.PendingImport, grain.State.KeyState);
        Assert.Null(CodeOf(grain.ImportMaterial(Import())));
        Assert.Equal(KeyState.Enabled, grain.State.KeyState);
    }

    [Fact]
    public void CancelDeletion_OfAKeyWhoseMaterialWasDeletedByAliyunMeanwhile_WaitsForImport()
    {
        var pending = ExternalIn(KeyState.PendingDeletion);
        Assert.Equal(RefusalCode.MaterialNotDeletable, CodeOf(Key(pending).DeleteMaterial()));
        var aliyun = Cmk(pending);
        Assert.Null(CodeOf(aliyun.DeleteMaterial()));
        var grain = Key(aliyun.State);
        Assert.Null(CodeOf(grain.CancelDeletion(KeyState.Disabled)));
        Assert.Equal(KeyState.PendingImport, grain.State.KeyState);
    }

    [Fact]
    public void ImportMaterial_IsForAKeyThatWaitsForIt_AndEnablesIt()
    {
        var grain = Key(ExternalIn(KeyState.PendingImport));
        Assert.Null(CodeOf(grain.ImportMaterial(Import())));
        Assert.Equal(KeyState.Enabled, grain.State.KeyState);
        Assert.Equal(RefusalCode.NotPendingImport, CodeOf(grain.ImportMaterial(Import())));
    }

    [Theory]
    [InlineData(KeyState.Enabled)]
    [InlineData(KeyState.Disabled)]
    public void ImportMaterial_AfterItWasDeleted_TakesTheSameAndNoOther(KeyState state)
    {
        var grain = Key(ExternalIn(state));
        Assert.Null(CodeOf(grain.DeleteMaterial()));
        Assert.Equal(KeyState.PendingImport, grain.State.KeyState);
        Assert.Equal(RefusalCode.MaterialNotDeletable, CodeOf(grain.DeleteMaterial()));
        Assert.Equal(RefusalCode.KeyMaterialDiffers, CodeOf(grain.ImportMaterial(Import([7, 7]))));
        Assert.Null(CodeOf(grain.ImportMaterial(Import())));
        Assert.Equal(KeyState.Enabled, grain.State.KeyState);
    }

    [Fact]
    public void Material_FromItsExpiryOn_IsGone_SoThatTheKeyWaitsForImport()
    {
        var expiry = Start.AddDays(1);
        var grain = Key(ExternalIn(KeyState.PendingImport));
        grain.ImportMaterial(Import(expiry: expiry));
        Assert.Equal(RefusalCode.NotPendingImport, CodeOf(Key(grain.State, expiry.AddTicks(-1)).ImportMaterial(Import())));
        Assert.Equal(RefusalCode.KeyNotEnabled, CodeOf(Key(grain.State, expiry).Disable()));
        Assert.Equal(RefusalCode.KeyNotDisabled, CodeOf(Key(grain.State, expiry).Enable()));
        Assert.Equal(RefusalCode.MaterialNotDeletable, CodeOf(Key(grain.State, expiry).DeleteMaterial()));
        Assert.Null(CodeOf(Key(grain.State, expiry).ImportMaterial(Import())));
    }

    [Fact]
    public void ImportMaterial_IntoADisabledKeyWhoseMaterialHasExpired_EnablesIt()
    {
        var grain = Key(ExternalIn(KeyState.PendingImport));
        grain.ImportMaterial(Import(expiry: Start.AddDays(1)));
        grain.Disable();
        var later = Key(grain.State, Start.AddDays(1));
        Assert.Null(CodeOf(later.ImportMaterial(Import())));
        Assert.Equal(KeyState.Enabled, later.State.KeyState);
    }

    [Fact]
    public void ImportMaterial_WithAnExpiryThatHasPassed_IsRefused() => Assert.Equal(
        RefusalCode.ParameterInvalid, CodeOf(Key(ExternalIn(KeyState.PendingImport)).ImportMaterial(Import(expiry: Start))));

    [Fact]
    public void UnknownKey_IsNotFound_ForEveryCommand() => Assert.All(
        Enum.GetValues<KeyCommand>(),
        command => Assert.Equal(RefusalCode.KeyNotFound, Cmk(lifecycle: CmkLifecycle.Huawei).Forbids(command)?.Code));

    private static CmkGrain Key(CmkState state, DateTimeOffset? now = null) => Cmk(state, now, CmkLifecycle.Huawei);
}
