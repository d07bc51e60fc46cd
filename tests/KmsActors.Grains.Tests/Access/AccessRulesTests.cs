using static KmsActors.Grains.Tests.AccessFixture;

namespace KmsActors.Grains.Tests;

/// <summary>Every bound on policies, on both of its sides.</summary>
public sealed class AccessRulesTests
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(AccessRules.LongestName, true)]
    [InlineData(AccessRules.LongestName + 1, false)]
    public void IsName_ByLength(int length, bool expected) =>
        Assert.Equal(expected, AccessRules.IsName(new string('a', length)));

    [Fact]
    public void IsName_OfAllItsCharacters() => Assert.True(AccessRules.IsName("Az09-_.@ x"));

    [Fact]
    public void Policies_ByNumber()
    {
        Assert.Null(Check(Many(AccessRules.MostPolicies, Named)));
        Assert.Equal(RefusalCode.LimitExceeded, Check(Many(AccessRules.MostPolicies + 1, Named))?.Code);
    }

    [Fact]
    public void Policies_OfOneName_AreRefused() => Assert.Equal("Name", Check(Named(1), Named(1))?.Parameter);

    [Fact]
    public void Policies_OfABadName_AreRefused() => Assert.Equal("Name", Check(Named(1) with { Name = "" })?.Parameter);

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(AccessRules.MostStatements, true)]
    [InlineData(AccessRules.MostStatements + 1, false)]
    public void Statements_ByNumber(int count, bool good) =>
        Same(good, "Statements", Policy([.. Many(count, _ => Allow("a"))]));

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(AccessRules.MostActions, true)]
    [InlineData(AccessRules.MostActions + 1, false)]
    public void Actions_ByNumber(int count, bool good) =>
        Same(good, "Actions", Policy(Allow("a") with { Actions = [.. Many(count, i => $"a{i}")] }));

    [Theory]
    [InlineData(0, true)]
    [InlineData(AccessRules.MostResources, true)]
    [InlineData(AccessRules.MostResources + 1, false)]
    public void Resources_ByNumber(int count, bool good) =>
        Same(good, "Resources", Policy(Allow("a", Many(count, i => $"k{i}"))));

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(AccessRules.LongestPattern, true)]
    [InlineData(AccessRules.LongestPattern + 1, false)]
    public void Patterns_ByLength(int length, bool good)
    {
        Same(good, "Actions", Policy(Allow(new string('a', length))));
        Same(good, "Resources", Policy(Allow("a", new string('a', length))));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a\0")]
    [InlineData("é")]
    [InlineData("\u212a")]
    public void Patterns_OfOtherCharacters_AreRefused(string pattern)
    {
        Same(false, "Actions", Policy(Allow(pattern)));
        Same(false, "Resources", Policy(Allow("a", pattern)));
    }

    [Fact]
    public void Patterns_InAll_ByNumber()
    {
        // Ten policies of 100 actions are as many as there may be.
        var full = Many(10, i => Named(i) with { Statements = [Hundred] });
        Assert.Null(Check(full));
        Assert.Equal(RefusalCode.LimitExceeded, Check([.. full, Named(10)])?.Code);
        full[0] = full[0] with { Statements = [Hundred with { Resources = ["k"] }] };
        Assert.Equal(RefusalCode.LimitExceeded, Check(full)?.Code);
    }

    [Fact]
    public void Nulls_AreRefused()
    {
        Same(false, "Statements", Policy() with { Statements = default });
        Same(false, "Actions", Policy(Allow("a") with { Actions = default }));
        Same(false, "Actions", Policy(Allow("a") with { Actions = [null!] }));
        Same(false, "Resources", Policy(Allow("a") with { Resources = default }));
    }

    [Fact]
    public void Effect_ThatIsNone_IsRefused() =>
        Same(false, "Effect", Policy(Allow("a") with { Effect = (PolicyEffect)2 }));

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(AccessRules.LongestProjectId, true)]
    [InlineData(AccessRules.LongestProjectId + 1, false)]
    public void Scope_ByLength(int length, bool good)
    {
        Same(good, "Scope", Policy(PolicyScope.OfProject(new string('a', length)), Allow("a")));
        Same(good, "Scope", Policy(PolicyScope.OfEnterpriseProject(new string('a', length)), Allow("a")));
    }

    [Fact]
    public void Scope_OfBothKinds_IsRefused() =>
        Same(false, "Scope", Policy(new PolicyScope { Project = "a", EnterpriseProject = "b" }, Allow("a")));

    private static PolicyStatement Hundred => Allow("a") with { Actions = [.. Many(100, i => $"a{i}")] };

    private static void Same(bool good, string parameter, AttachedPolicy policy) =>
        Assert.Equal(good ? null : Refusal.Invalid(parameter), Check(policy));

    private static Refusal? Check(params AttachedPolicy[] policies) => AccessRules.Check([.. policies]);

    private static AttachedPolicy Named(int number) => Policy(Allow("a")) with { Name = $"p{number}" };

    private static T[] Many<T>(int count, Func<int, T> make) => [.. Enumerable.Range(0, count).Select(make)];
}
