using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace KmsActors.Grains.Tests;

/// <summary>A set of projects is what <see cref="ProjectSet.Contains"/> says of each.</summary>
public sealed class ProjectSetTests
{
    // Few, so that two sets share some, and one that no set names.
    private static readonly string[] s_projects = ["0", "p", "P", "", "未命名", "unnamed"];

    [Fact]
    public void All_IsEveryProject()
    {
        Assert.All(s_projects, project => Assert.True(ProjectSet.All.Contains(project)));
        Assert.True(ProjectSet.All.IsAll);
        Assert.False(ProjectSet.All.IsEmpty);
        Assert.True(ProjectSet.AllBut().IsAll);
    }

    [Fact]
    public void Of_NoneNamed_IsEmpty()
    {
        Assert.All(s_projects, project => Assert.False(ProjectSet.Of().Contains(project)));
        Assert.True(ProjectSet.Of().IsEmpty);
        Assert.False(ProjectSet.Of().IsAll);
    }

    [Fact]
    public void OfAndAllBut_Named_AreThoseOrAllOthers()
    {
        var (these, others) = (ProjectSet.Of("p", "0", "p"), ProjectSet.AllBut("p", "0", "p"));

        // By ordinal comparison.
        Assert.Equal(["0", "p"], s_projects.Where(these.Contains));
        Assert.Equal(["P", "", "未命名", "unnamed"], s_projects.Where(others.Contains));
        Assert.All((ProjectSet[])[these, others], set => Assert.False(set.IsAll || set.IsEmpty));
        Assert.Equal(2, these.Names.Count);
        Assert.Equal((false, true), (these.IsAllBut, others.IsAllBut));
    }

    [Fact]
    public void AllAndNone_AreTheLimitsOfEverySet()
    {
        foreach (var set in (ProjectSet[])[ProjectSet.All, ProjectSet.Of(), ProjectSet.Of("p"), ProjectSet.AllBut("p")])
        {
            AssertSame(set, set.Intersect(ProjectSet.All));
            AssertSame(set, ProjectSet.All.Intersect(set));
            AssertSame(set, set.Union(ProjectSet.Of()));
            AssertSame(set, ProjectSet.Of().Union(set));
            Assert.True(set.Intersect(ProjectSet.Of()).IsEmpty && ProjectSet.Of().Intersect(set).IsEmpty);
            Assert.True(set.Union(ProjectSet.All).IsAll && ProjectSet.All.Union(set).IsAll);
            Assert.True(set.Intersect(set.Complement()).IsEmpty && set.Union(set.Complement()).IsAll);
            AssertSame(set, set.Complement().Complement());
        }
    }

    [Property(MaxTest = 1000)]
    public Property Contains_OfAnyTwoSets_IsTheLogicOfBoth() => Prop.ForAll(Sets(), Sets(), (a, b) =>
    {
        foreach (var project in s_projects)
        {
            var (inA, inB) = (a.Contains(project), b.Contains(project));
            Assert.Equal(inA && inB, a.Intersect(b).Contains(project));
            Assert.Equal(inA || inB, a.Union(b).Contains(project));
            Assert.Equal(!inA, a.Complement().Contains(project));
        }

        AssertSame(a.Intersect(b).Complement(), a.Complement().Union(b.Complement()));
        AssertSame(a.Intersect(b), b.Intersect(a));
        AssertSame(a.Union(b), b.Union(a));
    });

    [Property(MaxTest = 1000)]
    public Property IsEmptyAndIsAll_OfAnySets_AreWhatContainsSaysOfAllProjects() =>
        Prop.ForAll(Sets(), Sets(), (a, b) =>
        {
            foreach (var set in (ProjectSet[])[a, a.Intersect(b), a.Union(b), a.Complement()])
            {
                // Of the unnamed one, too, so that neither holds because all others happen to be named.
                Assert.Equal(s_projects.All(set.Contains), set.IsAll);
                Assert.Equal(!s_projects.Any(set.Contains), set.IsEmpty);
            }
        });

    private static Arbitrary<ProjectSet> Sets() =>
        (from names in Gen.SubListOf(s_projects[..^1])
         from isAllBut in ArbMap.Default.GeneratorFor<bool>()
         select isAllBut ? ProjectSet.AllBut([.. names]) : ProjectSet.Of([.. names])).ToArbitrary();

    private static void AssertSame(ProjectSet expected, ProjectSet actual)
    {
        Assert.Equal(expected.IsAllBut, actual.IsAllBut);
        Assert.Equal(expected.Names.Order(), actual.Names.Order());
    }
}
