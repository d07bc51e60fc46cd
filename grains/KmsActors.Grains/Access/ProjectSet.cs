using System.Collections.Immutable;

namespace KmsActors.Grains;

/// <summary>Some of an account's enterprise projects: the named ones, or all but those.</summary>
public sealed class ProjectSet
{
    private ProjectSet(ImmutableHashSet<string> names, bool isAllBut)
    {
        Names = names;
        IsAllBut = isAllBut;
    }

    /// <summary>All of them, those yet to come included.</summary>
    public static ProjectSet All { get; } = AllBut([]);

    /// <summary>The projects that are named.</summary>
    public ImmutableHashSet<string> Names { get; }

    /// <summary>Whether the named ones are those that are not in the set.</summary>
    public bool IsAllBut { get; }

    /// <summary>Whether every project is in it.</summary>
    public bool IsAll => IsAllBut && Names.IsEmpty;

    /// <summary>Whether no project can be in it.</summary>
    public bool IsEmpty => !IsAllBut && Names.IsEmpty;

    /// <summary>These alone.</summary>
    public static ProjectSet Of(params ReadOnlySpan<string> names) => new([.. names], false);

    /// <summary>All but these.</summary>
    public static ProjectSet AllBut(params ReadOnlySpan<string> names) => new([.. names], true);

    /// <summary>Whether the project is in it.</summary>
    public bool Contains(string project) => Names.Contains(project) != IsAllBut;

    /// <summary>The projects that are in both.</summary>
    public ProjectSet Intersect(ProjectSet other) => (IsAllBut, other.IsAllBut) switch
    {
        (true, true) => new(Names.Union(other.Names), true),
        (true, false) => new(other.Names.Except(Names), false),
        (false, true) => new(Names.Except(other.Names), false),
        (false, false) => new(Names.Intersect(other.Names), false),
    };

    /// <summary>The projects that are in either.</summary>
    public ProjectSet Union(ProjectSet other) => (IsAllBut, other.IsAllBut) switch
    {
        (true, true) => new(Names.Intersect(other.Names), true),
        (true, false) => new(Names.Except(other.Names), true),
        (false, true) => new(other.Names.Except(Names), true),
        (false, false) => new(Names.Union(other.Names), false),
    };

    /// <summary>The projects that are not in it.</summary>
    public ProjectSet Complement() => new(Names, !IsAllBut);
}
