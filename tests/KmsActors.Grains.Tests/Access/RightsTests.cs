using System.Collections.Immutable;
using static KmsActors.Grains.Tests.AccessFixture;

namespace KmsActors.Grains.Tests;

/// <summary>What policies come to: of the action <c>kms:cmk:get</c>, also called <c>kms:DescribeKey</c>.</summary>
public sealed class RightsTests
{
    private const string Project = "the project of the account";
    private const string One = "11111111-0000-0000-0000-000000000000";
    private const string Two = "22222222-0000-0000-0000-000000000000";

    private static readonly ImmutableArray<string> Names = ["kms:cmk:get", "kms:DescribeKey"];
    private static readonly PolicyScope In7 = PolicyScope.OfEnterpriseProject("7");
    private static readonly PolicyScope In8 = PolicyScope.OfEnterpriseProject("8");

    /// <summary>Policies; MayCall; MayUse of key One in "0", One in "7", Two in "0"; Projects has "0", "7".</summary>
    public static TheoryData<string, AttachedPolicy[], string> Cases() => new()
    {
        { "none", [], "- --- --" },
        { "another action", [Policy(Allow("kms:cmk:list"))], "- --- --" },
        { "by one vendor's name", [Policy(Allow("kms:cmk:get"))], "y yyy yy" },
        { "by the other's, in other letters", [Policy(Allow("KMS:describekey"))], "y yyy yy" },
        { "by a pattern", [Policy(Allow("kms:cmk:*"))], "y yyy yy" },
        { "by everything", [Policy(Allow("*"))], "y yyy yy" },
        { "deny alone", [Policy(Deny("*"))], "- --- --" },
        { "deny beats allow", [Policy(Allow("*")), Policy(Deny("kms:cmk:get"))], "- --- --" },
        { "deny by the other name", [Policy(Allow("kms:cmk:get")), Policy(Deny("kms:Describe*"))], "- --- --" },
        { "deny before allow", [Policy(Deny("kms:cmk:get"), Allow("*"))], "- --- --" },
        { "deny of another action", [Policy(Allow("*"), Deny("kms:cmk:list"))], "y yyy yy" },
        { "in one project", [Policy(In7, Allow("*"))], "y -y- -y" },
        { "in another project", [Policy(In8, Allow("*"))], "y --- --" },
        { "not in one project", [Policy(Allow("*")), Policy(In7, Deny("*"))], "y y-y y-" },
        { "denied where it is allowed", [Policy(In7, Allow("*")), Policy(In7, Deny("*"))], "- --- --" },
        { "denied elsewhere", [Policy(In7, Allow("*")), Policy(In8, Deny("*"))], "y -y- -y" },
        { "denied everywhere", [Policy(In7, Allow("*")), Policy(Deny("*"))], "- --- --" },
        { "one key", [Policy(Allow("*", One))], "y yy- --" },
        { "keys by a pattern", [Policy(Allow("*", "1*"))], "y yy- --" },
        { "all keys by a pattern", [Policy(Allow("*", "x", "*"))], "y yyy yy" },
        { "but one key", [Policy(Allow("*"), Deny("*", One))], "y --y yy" },
        { "but all keys by a pattern", [Policy(Allow("*"), Deny("*", "**"))], "- --- --" },
        { "one key in one project", [Policy(In7, Allow("*", One))], "y -y- --" },
        { "one key, denied", [Policy(Allow("*", One), Deny("*", One))], "- --- --" },
        { "one key, denied by a pattern", [Policy(Allow("*", One), Deny("*", "1*"))], "- --- --" },
        { "keys, one of them denied", [Policy(Allow("*", One, Two), Deny("*", One))], "y --y --" },
        { "keys, each denied", [Policy(Allow("*", One, Two), Deny("*", One), Deny("*", Two))], "- --- --" },
        { "a pattern, denied in part", [Policy(Allow("*", "1*"), Deny("*", One))], "y --- --" },
        { "one key, denied in one project", [Policy(Allow("*", One)), Policy(In7, Deny("*", One))], "y y-- --" },
        { "one key and a project", [Policy(Allow("*", One)), Policy(In7, Allow("*"))], "y yy- -y" },
        { "the account's IAM project", [Policy(PolicyScope.OfProject(Project), Allow("*"))], "y yyy yy" },
        { "another IAM project", [Policy(PolicyScope.OfProject("x"), Allow("*"))], "- --- --" },
        { "denied in another IAM project", [Policy(Allow("*")), Policy(PolicyScope.OfProject("x"), Deny("*"))], "y yyy yy" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Of_Policies_ComesTo(string why, AttachedPolicy[] policies, string expected)
    {
        var rights = Rights.Of(policies, Names, Project);
        bool[] found =
        [
            rights.MayCall,
            rights.MayUse(One, "0"), rights.MayUse(One, "7"), rights.MayUse(Two, "0"),
            rights.Projects.Contains("0"), rights.Projects.Contains("7"),
        ];
        Assert.Equal(
            (why, expected), (why, string.Concat(found.Select(yes => yes ? 'y' : '-')).Insert(4, " ").Insert(1, " ")));
        Assert.Equal(rights.Projects.IsEmpty, rights.ForbidsKeyless() is not null);
        Assert.Equal(expected.EndsWith("yy", StringComparison.Ordinal), rights.ForbidsEverywhere() is null);
    }

    [Fact]
    public void Full_IsEverything()
    {
        Assert.True(Rights.Full.MayCall);
        Assert.True(Rights.Full.MayUse(One, "7"));
        Assert.Null(Rights.Full.ForbidsEverywhere());
        Assert.Null(Rights.Full.ForbidsKeyless());
        Assert.Null(Rights.Full.ForbidsIn("7"));
    }

    [Fact]
    public void ForbidsIn_SaysWhetherItIsTheProjectOrTheCall()
    {
        var in7 = Rights.Of([Policy(In7, Allow("*"))], Names, Project);
        Assert.Null(in7.ForbidsIn("7"));
        Assert.Equal(RefusalCode.KeyForbidden, in7.ForbidsIn("0")?.Code);
        Assert.Equal(RefusalCode.CallForbidden, Rights.Of([Policy(Allow("*", One))], Names, Project).ForbidsIn("7")?.Code);
        Assert.Equal(RefusalCode.CallForbidden, Rights.None.ForbidsIn("0")?.Code);
    }
}
