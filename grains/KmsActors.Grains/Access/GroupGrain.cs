using System.Collections.Immutable;

namespace KmsActors.Grains;

/// <summary>A group's state. Who is in it, the users' states say.</summary>
public sealed record GroupState
{
    /// <summary>32 lower-case hexadecimal digits; another for each group that ever had the name.</summary>
    public required string Id { get; init; }

    /// <summary>When the group was created, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The policies of all who are in it.</summary>
    public ImmutableArray<AttachedPolicy> Policies { get; init; } = [];
}

/// <summary>Users that have policies in common.</summary>
public sealed class GroupGrain : Grain<GroupState>
{
    /// <inheritdoc/>
    internal override void CheckState()
    {
        if (StateOrNull is not { } group) return;
        Invariant.That(group.Id.Length == 32 && group.Id.All(char.IsAsciiHexDigitLower), "a group has an id");
        Invariant.That(AccessRules.Check(group.Policies) is null, "a group's policies are within their bounds");
    }

    /// <summary>Creates the group, without policies.</summary>
    public Outcome<Done> Create(AccountGrain account, string id, long mostGroups)
    {
        if (account.Closed() is { } closed) return closed;
        if (!AccessRules.IsName(Id.Name)) return Refusal.Invalid("Name");
        if (Exists) return new Refusal(RefusalCode.GroupExists);
        State = new GroupState { Id = id, CreatedAt = Now };
        LimitCount(mostGroups);
        Audit(AuditEvent.GroupCreated);
        return default(Done);
    }

    /// <summary>Removes the group; those in it lose its policies.</summary>
    public Outcome<Done> Delete()
    {
        if (NotFound() is { } refusal) return refusal;
        StateOrNull = null;
        Audit(AuditEvent.GroupDeleted);
        return default(Done);
    }

    /// <summary>Replaces the group's policies.</summary>
    public Outcome<Done> SetPolicies(ImmutableArray<AttachedPolicy> policies)
    {
        if (NotFound() is { } refusal) return refusal;
        if (AccessRules.Check(policies) is { } wrong) return wrong;
        if (State.Policies.SequenceEqual(policies)) return default(Done);
        State = State with { Policies = policies };
        Audit(AuditEvent.GroupPoliciesChanged);
        return default(Done);
    }

    private Refusal? NotFound() => Exists ? null : new Refusal(RefusalCode.GroupNotFound);
}
