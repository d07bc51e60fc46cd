using System.Collections.Immutable;

namespace KmsActors.Grains;

/// <summary>What a statement does to those it is about. The names are stored.</summary>
public enum PolicyEffect
{
    /// <summary>They may, unless something else denies it.</summary>
    Allow,

    /// <summary>They may not, whatever else allows it.</summary>
    Deny,
}

/// <summary>One statement of a policy.</summary>
public sealed record PolicyStatement
{
    /// <summary>Whether it allows or denies.</summary>
    public required PolicyEffect Effect { get; init; }

    /// <summary>Patterns of the names of what it is about: <c>kms:cmk:*</c>, <c>kms:Encrypt</c>.</summary>
    public required ImmutableArray<string> Actions { get; init; }

    /// <summary>Patterns of the ids of the keys it is about; none means all, and calls that are about no key.</summary>
    public ImmutableArray<string> Resources { get; init; } = [];

    /// <summary>Whether it is about some keys only.</summary>
    internal bool IsLimited => !Resources.IsEmpty && !Resources.Any(Wildcard.MatchesAll);

    /// <inheritdoc/>
    public bool Equals(PolicyStatement? other) =>
        other is not null
        && Effect == other.Effect
        && Actions.SequenceEqual(other.Actions)
        && Resources.SequenceEqual(other.Resources);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Effect, Actions.Length, Resources.Length);
}

/// <summary>Where a policy holds: everywhere, or in one project of one kind.</summary>
public sealed record PolicyScope
{
    /// <summary>Everywhere.</summary>
    public static PolicyScope All { get; } = new();

    /// <summary>The id of the only IAM project in which it holds, or null.</summary>
    public string? Project { get; init; }

    /// <summary>The enterprise project in which alone it holds, or null.</summary>
    public string? EnterpriseProject { get; init; }

    /// <summary>In one IAM project.</summary>
    public static PolicyScope OfProject(string id) => new() { Project = id };

    /// <summary>In one enterprise project: "0", the default one, or a UUID.</summary>
    public static PolicyScope OfEnterpriseProject(string id) => new() { EnterpriseProject = id };
}

/// <summary>A policy as it is given to a user or a group.</summary>
public sealed record AttachedPolicy
{
    /// <summary>Its name; one holder has no two of the same.</summary>
    public required string Name { get; init; }

    /// <summary>Where it holds.</summary>
    public PolicyScope Scope { get; init; } = PolicyScope.All;

    /// <summary>What it says.</summary>
    public required ImmutableArray<PolicyStatement> Statements { get; init; }

    /// <inheritdoc/>
    public bool Equals(AttachedPolicy? other) =>
        other is not null
        && Name == other.Name
        && Scope == other.Scope
        && Statements.SequenceEqual(other.Statements);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Scope, Statements.Length);
}
