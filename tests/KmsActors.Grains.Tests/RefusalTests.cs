using static KmsActors.Grains.Tests.GrainFixture;

namespace KmsActors.Grains.Tests;

/// <summary>The refusals that came with Huawei's protocol, each by name, and which comes first.</summary>
public sealed class RefusalTests
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);
    private static readonly CmkState Default = New() with { Alias = "service/default" };

    private static readonly Dictionary<RefusalCode, Func<RefusalCode?>> Examples = new()
    {
        [RefusalCode.DefaultKeyProtected] = () => CodeOf(Key(Default).ScheduleDeletion(Week)),
        [RefusalCode.KeyNotDisabled] = () => CodeOf(Key(New()).Enable()),
        [RefusalCode.KeyNotEnabled] = () => CodeOf(Key(ExternalIn(KeyState.PendingImport)).Disable()),
        [RefusalCode.AlreadyPendingDeletion] = () => CodeOf(Key(ExternalIn(KeyState.PendingDeletion)).ScheduleDeletion(Week)),
        [RefusalCode.NotPendingDeletion] = () => CodeOf(Key(New()).CancelDeletion(KeyState.Disabled)),
        [RefusalCode.NotPendingImport] = () => CodeOf(Key(ExternalIn(KeyState.Disabled)).ImportMaterial(Import())),
        [RefusalCode.MaterialNotDeletable] = () => CodeOf(Key(ExternalIn(KeyState.PendingImport)).DeleteMaterial()),
        [RefusalCode.KeyMaterialDiffers] = () => CodeOf(Cmk(ExternalIn(KeyState.Enabled)).ImportMaterial(Import([7]))),
        [RefusalCode.TooManyTags] = () => CodeOf(Key(New()).Tag(Tags(11))),
        [RefusalCode.RotationNotEnabled] = () => CodeOf(Key(New()).ChangeRotationInterval(Week)),
    };

    public static TheoryData<RefusalCode> Codes() => new(Examples.Keys);

    [Theory]
    [MemberData(nameof(Codes))]
    public void Refusal_OfThisCode_IsGiven(RefusalCode code) => Assert.Equal(code, Examples[code]());

    [Fact]
    public void Forbids_WhenTwoReasonsApply_GivesTheEarlierOne()
    {
        CmkState[] keys =
        [
            .. Enum.GetValues<KeyState>().Select(ExternalIn),
            .. new[] { KeyState.Enabled, KeyState.Disabled, KeyState.PendingDeletion }.SelectMany(state =>
                new[] { In(state, KeySpec.Aes256), In(state, KeySpec.Rsa2048) }),
        ];
        foreach (var state in keys.Concat(keys.Select(key => key with { Alias = Default.Alias })))
        {
            foreach (var command in Enum.GetValues<KeyCommand>())
            {
                foreach (var protocol in new[] { CmkLifecycle.Aliyun, CmkLifecycle.Huawei })
                {
                    var byKey = CmkLifecycle.Forbids(command, state);
                    var byState = protocol.Forbids(command, state.KeyState);
                    var first = byKey is null || byState is null ? byKey ?? byState : byKey < byState ? byKey : byState;
                    Assert.Equal(first, CmkState.Forbids(KeyId, state, command, Start, new KeyRules(protocol, Rights.Full))?.Code);
                }
            }
        }
    }

    [Fact]
    public void DefaultMasterKey_IsProtectedFromEitherProtocol_AndUsedByBoth()
    {
        foreach (var protocol in new[] { CmkLifecycle.Aliyun, CmkLifecycle.Huawei })
        {
            var key = Cmk(Default, lifecycle: protocol);
            Assert.All(
                [
                    CodeOf(key.Disable()), CodeOf(key.ScheduleDeletion(Week)), CodeOf(key.Rename("new")),
                    CodeOf(key.UpdateDescription("new")), CodeOf(key.Tag(Tags(1))), CodeOf(key.Untag(["k0"])),
                    CodeOf(key.UpdateRotationPolicy(Week)), key.Forbids(KeyCommand.CreateAlias)?.Code,
                ],
                code => Assert.Equal(RefusalCode.DefaultKeyProtected, code));
            Assert.Same(Default, key.State);
            Assert.Empty(key.Effects.Audit);
            Assert.Null(key.Forbids(KeyCommand.EncryptDecrypt));
            Assert.Null(key.Forbids(KeyCommand.Read));
        }
    }

    [Fact]
    public void Tag_OfHuaweisKey_TakesTenAndOverwrites_AndMakesRoomByUntag()
    {
        var key = Key(New());
        Assert.Null(CodeOf(key.Tag(Tags(10))));
        var before = key.State;
        Assert.Equal(RefusalCode.TooManyTags, CodeOf(key.Tag([new("k3", "new"), new("more", "")])));
        Assert.Same(before, key.State);
        Assert.Null(CodeOf(key.Tag([new("k3", "new")])));
        Assert.Equal(("new", 10), (key.State.Tags["k3"], key.State.Tags.Count));
        Assert.Null(CodeOf(key.Untag(["k4", "unknown"])));
        Assert.Null(CodeOf(key.Tag([new("more", "")])));
        Assert.Equal(key.State.Tags, Assert.IsType<KeyListing>(key.Listing).Tags);
    }

    [Fact]
    public void ChangeRotationInterval_OfAKeyThatRotates_PlansAnew()
    {
        var key = Key(New(rotation: Week));
        Assert.Null(CodeOf(key.ChangeRotationInterval(2 * Week)));
        Assert.Equal(2 * Week, key.State.RotationInterval);
        Assert.Equal(Start + (2 * Week), key.Effects.Reminders[Reminder.RotateKey]);
        Assert.Equal([AuditEvent.RotationPolicyUpdated], key.Effects.Audit);
        var again = Key(key.State);
        Assert.Null(CodeOf(again.ChangeRotationInterval(2 * Week)));
        Assert.Same(key.State, again.State);
        Assert.Throws<InvariantException>(() => again.ChangeRotationInterval(CmkGrain.MostRotationInterval + Week));
    }

    [Fact]
    public void ChangeRotationInterval_WhereRotationIsOff_ComesAfterAllElse()
    {
        Assert.Equal(RefusalCode.KeyNotFound, CodeOf(Cmk().ChangeRotationInterval(Week)));
        Assert.Equal(RefusalCode.KeyDisabled, CodeOf(Key(ByKms(KeyState.Disabled)).ChangeRotationInterval(Week)));
        Assert.Equal(RefusalCode.KeyPendingDeletion, CodeOf(Key(ByKms(KeyState.PendingDeletion)).ChangeRotationInterval(Week)));
        Assert.Equal(RefusalCode.OriginNotAllowed, CodeOf(Key(ExternalIn(KeyState.Enabled)).ChangeRotationInterval(Week)));
        Assert.Equal(
            RefusalCode.RotationNotSupported, CodeOf(Key(In(KeyState.Enabled, KeySpec.EcSm2)).ChangeRotationInterval(Week)));
        Assert.Null(Key(New()).State.RotationInterval);
    }

    private static CmkState ByKms(KeyState state) => In(state, KeySpec.Aes256);

    private static CmkGrain Key(CmkState state) => Cmk(state, lifecycle: CmkLifecycle.Huawei);

    private static KeyValuePair<string, string>[] Tags(int count) =>
        [.. Enumerable.Range(0, count).Select(i => KeyValuePair.Create($"k{i}", "v"))];
}
