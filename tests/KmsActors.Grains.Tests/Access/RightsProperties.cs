using System.Collections.Immutable;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;

namespace KmsActors.Grains.Tests;

/// <summary>Rights against the plainest reading of policies, statement by statement.</summary>
public sealed class RightsProperties
{
    private static readonly string[] Keys = ["k1", "k2", "j1"];
    private static readonly string[] Projects = ["0", "7", "8"];
    private static readonly ImmutableArray<string> Names = ["kms:cmk:get", "kms:DescribeKey"];

    private static readonly Gen<PolicyStatement> Statements =
        from effect in Gen.Elements(PolicyEffect.Allow, PolicyEffect.Allow, PolicyEffect.Deny)
        from action in Gen.Elements("*", "kms:cmk:*", "kms:Describe*", "kms:cmk:list")
        from keys in Gen.Elements<string[]>([], [], ["*"], ["k1"], ["k*"], ["k2", "j*"])
        select new PolicyStatement { Effect = effect, Actions = [action], Resources = [.. keys] };

    private static readonly Gen<AttachedPolicy> Policies =
        from scope in Gen.Elements(
            PolicyScope.All,
            PolicyScope.All,
            PolicyScope.OfEnterpriseProject("7"),
            PolicyScope.OfEnterpriseProject("0"),
            PolicyScope.OfProject("mine"),
            PolicyScope.OfProject("other"))
        from statements in Statements.NonEmptyListOf()
        select new AttachedPolicy { Name = "p", Scope = scope, Statements = [.. statements] };

    private static readonly Arbitrary<AttachedPolicy[]> Held = Arb.From(Policies.ArrayOf());

    [Fact]
    public void MayUse_IsAllowedAndNotDenied() => ForAll(policies =>
    {
        var rights = Rights.Of(policies, Names, "mine");
        return Keys.All(key => Projects.All(project => rights.MayUse(key, project) == Reads(policies, key, project)));
    });

    [Fact]
    public void Projects_AreThoseOfStatementsAboutAllKeys() => ForAll(policies =>
    {
        var rights = Rights.Of(policies, Names, "mine");
        return Projects.All(project => rights.Projects.Contains(project) == Reads(policies, null, project));
    });

    [Fact]
    public void MayCall_IsTrueWhereverSomethingMayBeDone() => ForAll(policies =>
    {
        var rights = Rights.Of(policies, Names, "mine");
        var some = Keys.Any(key => Projects.Any(project => rights.MayUse(key, project)));
        return rights.MayCall || !(some || Projects.Any(rights.Projects.Contains));
    });

    [Fact]
    public void ADeny_NeverAddsARight() => Prop.ForAll(Held, Arb.From(Policies), (policies, more) =>
    {
        var deny = more with { Statements = [.. more.Statements.Select(each => each with { Effect = PolicyEffect.Deny })] };
        var (before, after) = (Rights.Of(policies, Names, "mine"), Rights.Of([.. policies, deny], Names, "mine"));
        return Keys.All(key => Projects.All(project => before.MayUse(key, project) || !after.MayUse(key, project)))
            && Projects.All(project => before.Projects.Contains(project) || !after.Projects.Contains(project))
            && (before.MayCall || !after.MayCall);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void TheOrderOfPolicies_MeansNothing() => ForAll(policies =>
    {
        var (one, other) = (Rights.Of(policies, Names, "mine"), Rights.Of(policies.Reverse(), Names, "mine"));
        return one.MayCall == other.MayCall
            && Keys.All(key => Projects.All(project => one.MayUse(key, project) == other.MayUse(key, project)));
    });

    // A call about no key is only of statements about all of them.
    private static bool Reads(AttachedPolicy[] policies, string? key, string project)
    {
        var effects =
            from policy in policies
            where policy.Scope.Project is null or "mine"
            where policy.Scope.EnterpriseProject is null || policy.Scope.EnterpriseProject == project
            from statement in policy.Statements
            where statement.Actions.Any(action => Names.Any(name => Fits(action, name)))
            where statement.Resources.IsEmpty
                || (key is null ? statement.Resources.Contains("*") : statement.Resources.Any(each => Fits(each, key)))
            select statement.Effect;
        var found = effects.ToList();
        return found.Contains(PolicyEffect.Allow) && !found.Contains(PolicyEffect.Deny);
    }

    private static bool Fits(string pattern, string text) => Regex.IsMatch(
        text,
        "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal) + "\\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static void ForAll(Func<AttachedPolicy[], bool> holds) =>
        Prop.ForAll(Held, holds).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
}
