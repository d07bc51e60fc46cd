using static KmsActors.Grains.KeyCommand;
using static KmsActors.Grains.RefusalCode;
using static KmsActors.Grains.Tests.GrainFixture;

namespace KmsActors.Grains.Tests;

/// <summary>Which kind of key is for what: the table of seed 004, and what each call asks for.</summary>
public sealed class CmkKindTests
{
    // Seed 004, "KMS支持的算法规格说明": encryption and decryption, signatures and their verification.
    [Theory]
    [InlineData(KeySpec.Aes256, true, false)]
    [InlineData(KeySpec.Sm4, true, false)]
    [InlineData(KeySpec.Rsa2048, true, true)]
    [InlineData(KeySpec.Rsa3072, true, true)]
    [InlineData(KeySpec.EcP256, false, true)]
    [InlineData(KeySpec.EcP256K, false, true)]
    [InlineData(KeySpec.EcSm2, true, true)]
    public void Allows_OfSeed004sTable_IsItsRow(KeySpec spec, bool encrypts, bool signs)
    {
        Assert.Equal(encrypts, spec.Allows(KeyUsage.EncryptDecrypt));
        Assert.Equal(signs, spec.Allows(KeyUsage.SignVerify));
    }

    [Fact]
    public void Create_OfEveryKindAndUsage_ObeysTheTable()
    {
        foreach (var spec in Enum.GetValues<KeySpec>())
        {
            foreach (var usage in Enum.GetValues<KeyUsage>())
            {
                var grain = Cmk();
                grain.Create(NewCmk(spec: spec, usage: usage));
                if (spec.Allows(usage)) grain.CheckState();
                else Assert.Throws<InvariantException>(grain.CheckState);
            }
        }
    }

    // Of a key of our own making, enabled and in no state that forbids anything.
    public static TheoryData<KeyCommand, KeySpec, KeyUsage, RefusalCode?> Calls()
    {
        var rows = new TheoryData<KeyCommand, KeySpec, KeyUsage, RefusalCode?>();
        foreach (var symmetric in new[] { KeySpec.Aes256, KeySpec.Sm4 })
        {
            Add(symmetric, KeyUsage.EncryptDecrypt, null, UsageNotAllowed, UsageNotAllowed, UsageNotAllowed, RotationNotSupported, null);
        }

        foreach (var pair in new[] { KeySpec.Rsa2048, KeySpec.Rsa3072, KeySpec.EcSm2 })
        {
            Add(pair, KeyUsage.EncryptDecrypt, UsageNotAllowed, null, UsageNotAllowed, null, null, RotationNotSupported);
        }

        foreach (var pair in new[] { KeySpec.Rsa2048, KeySpec.Rsa3072, KeySpec.EcP256, KeySpec.EcP256K, KeySpec.EcSm2 })
        {
            Add(pair, KeyUsage.SignVerify, UsageNotAllowed, UsageNotAllowed, null, null, null, RotationNotSupported);
        }

        return rows;

        void Add(
            KeySpec spec, KeyUsage usage, RefusalCode? encrypt, RefusalCode? asymmetricEncrypt,
            RefusalCode? sign, RefusalCode? publicKey, RefusalCode? createVersion, RefusalCode? updateRotation)
        {
            rows.Add(KeyCommand.EncryptDecrypt, spec, usage, encrypt);
            rows.Add(AsymmetricEncryptDecrypt, spec, usage, asymmetricEncrypt);
            rows.Add(KeyCommand.SignVerify, spec, usage, sign);
            rows.Add(GetPublicKey, spec, usage, publicKey);
            rows.Add(CreateVersion, spec, usage, createVersion);
            rows.Add(UpdateRotation, spec, usage, updateRotation);
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void Forbids_ByKindAndUsage_IsTheCallsAnswer(
        KeyCommand command, KeySpec spec, KeyUsage usage, RefusalCode? expected)
    {
        foreach (var protocol in new[] { CmkLifecycle.Aliyun, CmkLifecycle.Huawei })
        {
            Assert.Equal(expected, AnswerIn(KeyState.Enabled, protocol));
            // What the kind forbids comes before what the state forbids.
            Assert.Equal(expected ?? KeyDisabled, AnswerIn(KeyState.Disabled, protocol));
            Assert.Equal(expected ?? KeyPendingDeletion, AnswerIn(KeyState.PendingDeletion, protocol));
        }

        RefusalCode? AnswerIn(KeyState state, CmkLifecycle protocol) =>
            Cmk(In(state, spec, usage), lifecycle: protocol).Forbids(command)?.Code;
    }

    [Fact]
    public void Forbids_RotationOfAnImportedKey_IsForItsOrigin()
    {
        foreach (var state in Enum.GetValues<KeyState>())
        {
            Assert.Equal(OriginNotAllowed, Cmk(ExternalIn(state)).Forbids(UpdateRotation)?.Code);
            Assert.Equal(OriginNotAllowed, CodeOf(Cmk(ExternalIn(state)).UpdateRotationPolicy(TimeSpan.FromDays(7))));
        }
    }

    [Fact]
    public void CheckState_OfAnImportedKey_HoldsItToOneVersionAndNoPolicy()
    {
        var good = ExternalIn(KeyState.Enabled);
        good.Check();
        Assert.Throws<InvariantException>((good with { RotationInterval = TimeSpan.FromDays(7) }).Check);
        Assert.Throws<InvariantException>((good with { Versions = good.Versions.Add(good.Primary) }).Check);
        Assert.Throws<InvariantException>((good with { Spec = KeySpec.Rsa2048 }).Check);
    }

    [Fact]
    public void CheckState_OfAnAsymmetricKey_HoldsItToNoPolicy() => Assert.Throws<InvariantException>(
        (In(KeyState.Enabled, KeySpec.Rsa2048) with { RotationInterval = TimeSpan.FromDays(7) }).Check);

    [Fact]
    public void Create_WithTags_HasThem()
    {
        var grain = Cmk();
        grain.Create(NewCmk() with { Tags = [new("b", "2"), new("a", "1")] });
        Assert.Equal(["a", "b"], grain.State.Tags.Keys);
    }

    [Fact]
    public void Create_WithElevenTags_IsRefused()
    {
        var grain = Cmk();
        var tags = Enumerable.Range(0, 11).Select(i => new KeyValuePair<string, string>($"{i}", "")).ToArray();
        Assert.Equal(TooManyTags, CodeOf(grain.Create(NewCmk() with { Tags = tags })));
        Assert.Null(CodeOf(Cmk().Create(NewCmk() with { Tags = tags[1..] })));
    }

    [Fact]
    public void Listing_OfAKey_SaysWhatFiltersAskFor()
    {
        var grain = Cmk(In(KeyState.Disabled, KeySpec.EcSm2, KeyUsage.SignVerify) with { ProtectionLevel = ProtectionLevel.Hsm });
        Assert.Equal(
            new KeyListing(Start, KeyState.Disabled, KeySpec.EcSm2, KeyUsage.SignVerify, ProtectionLevel.Hsm)
            {
                Tags = grain.State.Tags,
            },
            grain.Listing);
    }
}
