using static KmsActors.Grains.Tests.GrainFixture;

namespace KmsActors.Grains.Tests;

public sealed class CmkRotationTests
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private static readonly NewKeyVersion Second = new("0e478b7a-4262-4802-b8cb-00d3fb400002", [2]);
    private static readonly NewKeyVersion Third = new("0e478b7a-4262-4802-b8cb-00d3fb400003", [3]);

    [Fact]
    public void Create_WithAPolicy_PlansTheFirstRotation()
    {
        var grain = Cmk();
        grain.Create(NewCmk() with { RotationInterval = Week });
        Assert.Equal(Start + Week, grain.State.NextRotation);
        Assert.Equal(Start + Week, grain.Effects.Reminders[Reminder.RotateKey]);
        Assert.Equal(AutomaticRotation.Enabled, grain.State.RotationAt(Start));
    }

    [Fact]
    public void Create_WithoutAPolicy_AsksForNoReminder()
    {
        var grain = Cmk();
        grain.Create(NewCmk());
        Assert.Empty(grain.Effects.Reminders);
        Assert.Null(grain.State.NextRotation);
        Assert.Equal(AutomaticRotation.Disabled, grain.State.RotationAt(Start));
    }

    [Fact]
    public void Rotate_WhenDue_AddsAPrimaryVersionAndPlansTheNext()
    {
        var now = Start + Week + TimeSpan.FromDays(3);
        var grain = Cmk(New(rotation: Week), now);

        Assert.Null(CodeOf(grain.Rotate(Second)));

        Assert.Equal([VersionId, Second.Id], grain.State.Versions.Select(version => version.Id));
        Assert.Equal(Second.WrappedMaterial, grain.State.Primary.WrappedMaterial);
        Assert.Equal(now, grain.State.Primary.CreatedAt);
        Assert.Equal(now + Week, grain.Effects.Reminders[Reminder.RotateKey]);
        Assert.Equal([AuditEvent.KeyRotated], grain.Effects.Audit);
        grain.CheckState();
    }

    [Fact]
    public void Rotate_BeforeItIsDue_ChangesNothing() => LeavesAlone(Cmk(New(rotation: Week), Start + Week - Tick));

    [Fact]
    public void Rotate_WithoutAPolicy_ChangesNothing() => LeavesAlone(Cmk(New(), Start + (100 * Week)));

    [Fact]
    public void Rotate_Twice_RotatesOnce()
    {
        var first = Cmk(New(rotation: Week), Start + Week);
        first.Rotate(Second);
        LeavesAlone(Cmk(first.State, Start + Week));
    }

    [Theory]
    [InlineData(KeyState.Disabled)]
    [InlineData(KeyState.PendingDeletion)]
    public void Rotate_OfAKeyThatIsNotEnabled_NeverHappens(KeyState state)
    {
        var grain = Cmk(New(rotation: Week));
        if (state == KeyState.Disabled) grain.Disable();
        else grain.ScheduleDeletion(4 * Week);

        Assert.Null(grain.Effects.Reminders[Reminder.RotateKey]);
        Assert.Equal(AutomaticRotation.Suspended, grain.State.RotationAt(Start));
        Assert.Equal(Start + Week, grain.State.NextRotation);
        LeavesAlone(Cmk(grain.State, Start + (2 * Week)));
    }

    [Fact]
    public void Enable_OfAKeyWhoseRotationIsOverdue_HasItHappenAtOnce()
    {
        var disabled = Cmk(New(rotation: Week));
        disabled.Disable();
        var enabled = Cmk(disabled.State, Start + (2 * Week));
        enabled.Enable();
        Assert.Equal(Start + Week, enabled.Effects.Reminders[Reminder.RotateKey]);
        Assert.True(enabled.State.IsRotationDueAt(Start + (2 * Week)));
    }

    [Theory]
    [InlineData(KeyState.Enabled, AutomaticRotation.Enabled)]
    [InlineData(KeyState.Disabled, AutomaticRotation.Suspended)]
    public void CancelDeletion_ToAState_ResumesRotationIfItIsEnabled(KeyState restored, AutomaticRotation rotation)
    {
        var pending = Cmk(New(rotation: Week));
        pending.ScheduleDeletion(Week);
        var back = Cmk(pending.State, Start + Tick);
        back.CancelDeletion(restored);
        Assert.Equal(rotation, back.State.RotationAt(Start + Tick));
        Assert.Equal(restored == KeyState.Enabled ? Start + Week : null, back.Effects.Reminders[Reminder.RotateKey]);
    }

    [Fact]
    public void OnReminder_OfItsDeletion_ForgetsTheRotation()
    {
        var pending = Cmk(New(rotation: Week));
        pending.ScheduleDeletion(Week);
        var gone = Cmk(pending.State, Start + Week);
        gone.OnReminder(Reminder.DeleteKey);
        Assert.Null(gone.Effects.Reminders[Reminder.RotateKey]);
        LeavesAlone(Cmk(gone.State, Start + (2 * Week)));
    }

    [Fact]
    public void UpdateRotationPolicy_OfAKeyThatRotated_CountsFromTheLastRotation()
    {
        var rotated = Cmk(New(rotation: Week), Start + Week);
        rotated.Rotate(Second);
        var grain = Cmk(rotated.State, Start + (2 * Week) - Tick);
        Assert.Null(CodeOf(grain.UpdateRotationPolicy(3 * Week)));
        Assert.Equal(Start + (4 * Week), grain.Effects.Reminders[Reminder.RotateKey]);
        Assert.Equal([AuditEvent.RotationPolicyUpdated], grain.Effects.Audit);
    }

    [Fact]
    public void UpdateRotationPolicy_ToNone_EndsRotation()
    {
        var grain = Cmk(New(rotation: Week));
        Assert.Null(CodeOf(grain.UpdateRotationPolicy(null)));
        Assert.Null(grain.Effects.Reminders[Reminder.RotateKey]);
        Assert.Equal(AutomaticRotation.Disabled, grain.State.RotationAt(Start));
        LeavesAlone(Cmk(grain.State, Start + (2 * Week)));
    }

    [Fact]
    public void UpdateRotationPolicy_ToWhatItIs_ChangesNothing()
    {
        var before = New(rotation: Week);
        var grain = Cmk(before);
        Assert.Null(CodeOf(grain.UpdateRotationPolicy(Week)));
        Assert.Same(before, grain.State);
        Assert.Empty(grain.Effects.Audit);
        Assert.Empty(grain.Effects.Reminders);
    }

    [Theory]
    [InlineData(7, true)]
    [InlineData(730, true)]
    [InlineData(0, false)]
    public void UpdateRotationPolicy_OfAnIntervalWithinBounds_IsTaken(int days, bool isGood)
    {
        var grain = Cmk(New());
        if (isGood) Assert.Null(CodeOf(grain.UpdateRotationPolicy(TimeSpan.FromDays(days))));
        else Assert.Throws<InvariantException>(() => grain.UpdateRotationPolicy(TimeSpan.FromDays(days)));
    }

    [Fact]
    public void UpdateRotationPolicy_OfAnIntervalOutsideItsBounds_IsAFault()
    {
        foreach (var interval in new[] { Week - Tick, TimeSpan.FromDays(730) + Tick, -Week })
        {
            Assert.Throws<InvariantException>(() => Cmk(New()).UpdateRotationPolicy(interval));
            Assert.Throws<InvariantException>(() => Cmk().Create(NewCmk() with { RotationInterval = interval }));
        }
    }

    [Fact]
    public void CreateVersion_AWeekAfterTheLast_AddsAVersion()
    {
        var grain = Cmk(In(KeyState.Enabled, KeySpec.EcP256, KeyUsage.SignVerify), Start + Week);
        var created = grain.CreateVersion(Second);
        Assert.Equal(Second.Id, created.Value.Id);
        Assert.Equal(Start + Week, created.Value.CreatedAt);
        Assert.Equal([VersionId, Second.Id], grain.State.Versions.Select(version => version.Id));
        Assert.Equal([AuditEvent.KeyVersionCreated], grain.Effects.Audit);
        Assert.Equal(RefusalCode.RotationTooSoon, CodeOf(Cmk(grain.State, Start + (2 * Week) - Tick).CreateVersion(Third)));
    }

    [Fact]
    public void CreateVersion_WithinAWeekOfTheLast_IsRefused() => Assert.Equal(
        RefusalCode.RotationTooSoon,
        CodeOf(Cmk(In(KeyState.Enabled, KeySpec.Rsa2048), Start + Week - Tick).CreateVersion(Second)));

    [Fact]
    public void CreateVersion_OfTheFiftyFirst_IsRefused()
    {
        var state = In(KeyState.Enabled, KeySpec.EcSm2);
        for (var i = 1; i < CmkGrain.MostVersions; i++)
        {
            var grain = Cmk(state, Start + (i * Week));
            Assert.Null(CodeOf(grain.CreateVersion(new NewKeyVersion($"{i}", [1]))));
            state = grain.State;
        }

        Assert.Equal(50, state.Versions.Length);
        Assert.Equal(RefusalCode.LimitExceeded, CodeOf(Cmk(state, Start + (50 * Week)).CreateVersion(Second)));
    }

    [Fact]
    public void IndexOf_AVersionsId_IsItsPlace()
    {
        var grain = Cmk(New(rotation: Week), Start + Week);
        grain.Rotate(Second);
        Assert.Equal(0, grain.State.IndexOf(VersionId));
        Assert.Equal(1, grain.State.IndexOf(Second.Id));
        Assert.Null(grain.State.IndexOf(Third.Id));
    }

    private static void LeavesAlone(CmkGrain grain)
    {
        var before = grain.State;
        Assert.Null(CodeOf(grain.Rotate(Third)));
        Assert.Same(before, grain.State);
        Assert.Empty(grain.Effects.Audit);
        Assert.Empty(grain.Effects.Reminders);
    }
}
