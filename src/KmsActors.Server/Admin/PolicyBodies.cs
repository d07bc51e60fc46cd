using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using KmsActors.Grains;

namespace KmsActors.Server;

/// <summary>The policies of a user or a group.</summary>
internal sealed record PoliciesBody(IReadOnlyList<PolicyBody> Policies) : IJsonOnDeserialized
{
    // The serializer looks for null in members, and not in lists.
    void IJsonOnDeserialized.OnDeserialized()
    {
        if (Policies.Any(policy => policy is null)) throw new JsonException(null, "policies", null, null);
    }

    public static PoliciesBody Of(ImmutableArray<AttachedPolicy> policies) =>
        new(policies.Select(PolicyBody.Of).ToList());

    public ImmutableArray<AttachedPolicy> ToPolicies() => [.. Policies.Select(policy => policy.ToPolicy())];
}

/// <summary>A policy: everywhere, or in one IAM project, or in one enterprise project.</summary>
internal sealed record PolicyBody(
    string Name, IReadOnlyList<StatementBody> Statements, string? Project = null, string? EnterpriseProject = null)
    : IJsonOnDeserialized
{
    void IJsonOnDeserialized.OnDeserialized()
    {
        if (Statements.Any(statement => statement is null)) throw new JsonException(null, "statements", null, null);
    }

    public static PolicyBody Of(AttachedPolicy policy) => new(
        policy.Name,
        policy.Statements.Select(StatementBody.Of).ToList(),
        policy.Scope.Project,
        policy.Scope.EnterpriseProject);

    public AttachedPolicy ToPolicy() => new()
    {
        Name = Name,
        Scope = new PolicyScope { Project = Project, EnterpriseProject = EnterpriseProject },
        Statements = [.. Statements.Select(statement => statement.ToStatement())],
    };
}

/// <summary>What a policy allows or denies; with all keys, unless it names some.</summary>
internal sealed record StatementBody(
    PolicyEffect Effect, IReadOnlyList<string> Actions, IReadOnlyList<string>? Keys = null)
{
    public static StatementBody Of(PolicyStatement statement) => new(
        statement.Effect, statement.Actions, statement.Resources.IsEmpty ? null : statement.Resources);

    public PolicyStatement ToStatement() => new()
    {
        Effect = Effect,
        Actions = [.. Actions],
        Resources = [.. Keys ?? []],
    };
}
