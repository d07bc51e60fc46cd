using System.Collections.Immutable;

namespace KmsActors.Grains;

/// <summary>
/// What a caller may do of one action: with which keys, in which enterprise projects. Nothing that is not
/// allowed, and nothing that is denied, whatever allows it. Immutable, and safe to read from any thread.
/// </summary>
public sealed class Rights
{
    private readonly ImmutableArray<Grant> _grants;
    private readonly bool _isFull;
    private readonly bool _mayCallByPolicies;

    private Rights(ImmutableArray<Grant> grants, bool isFull, GrantClaim? claim = null)
    {
        _grants = grants;
        _isFull = isFull;
        Claim = claim;
        Projects = isFull
            ? ProjectSet.All
            : Union(PolicyEffect.Allow).Intersect(Union(PolicyEffect.Deny).Complement());
        _mayCallByPolicies = isFull
            || _grants.Any(grant => grant.Effect == PolicyEffect.Allow && !IsWhollyDenied(grant));
        // A grant may allow it, unless it is denied everywhere.
        MayCall = _mayCallByPolicies
            || (claim?.Operation is not null && !Union(PolicyEffect.Deny).Complement().IsEmpty);
    }

    /// <summary>Those of the account itself: everything (seed 003, 5.1).</summary>
    public static Rights Full { get; } = new([], true);

    /// <summary>Those of a user whom nobody has given any.</summary>
    public static Rights None { get; } = new([], false);

    /// <summary>Who the caller is to grants of keys; null for the account itself.</summary>
    public GrantClaim? Claim { get; }

    /// <summary>Whether the call is worth looking at: policies allow it somewhere, or a grant of a key could.</summary>
    public bool MayCall { get; }

    /// <summary>
    /// The enterprise projects whose keys the caller may list, and in which he may do what is about no key.
    /// Statements about some keys only have no say in that.
    /// </summary>
    public ProjectSet Projects { get; }

    /// <summary>What the policies of a caller, and of his groups, say of one action.</summary>
    /// <param name="policies">All of them.</param>
    /// <param name="names">What policies call the action.</param>
    /// <param name="project">The id of the account's one IAM project; a policy for another has no effect.</param>
    /// <param name="claim">Who he is to grants of keys; null for nobody.</param>
    public static Rights Of(
        IEnumerable<AttachedPolicy> policies,
        ImmutableArray<string> names,
        string project,
        GrantClaim? claim = null)
    {
        var grants = ImmutableArray.CreateBuilder<Grant>();
        foreach (var policy in policies)
        {
            if (policy.Scope.Project is { } only && only != project) continue;
            var projects = policy.Scope.EnterpriseProject is { } id ? ProjectSet.Of(id) : ProjectSet.All;
            foreach (var statement in policy.Statements)
            {
                if (!IsAbout(statement, names)) continue;
                grants.Add(new Grant(
                    statement.Effect, projects, statement.IsLimited ? statement.Resources : []));
            }
        }

        return grants.Count == 0 && claim is null ? None : new Rights(grants.ToImmutable(), false, claim);
    }

    /// <summary>Whether policies let the caller do it with this key.</summary>
    /// <param name="keyId">The key.</param>
    /// <param name="enterpriseProject">The enterprise project it belongs to.</param>
    /// <param name="isShared">Whether it is for the users of all the others, too.</param>
    public bool MayUse(string keyId, string enterpriseProject, bool isShared = false) =>
        Verdict(keyId, enterpriseProject, isShared) == true;

    /// <summary>Whether policies, or a grant where they say nothing, let the caller do it with this key.</summary>
    public bool MayUse(string keyId, CmkState key) =>
        Verdict(keyId, key.EnterpriseProject, key.IsDefault) ?? IsGranted(key, Claim?.Operation);

    /// <summary>Whether the caller may grant these operations: any by policies, his own by a grant.</summary>
    public bool MayPassOn(string keyId, CmkState key, IEnumerable<string> operations) =>
        Verdict(keyId, key.EnterpriseProject, key.IsDefault) ?? operations.All(each => IsGranted(key, each));

    /// <summary>Whether the caller may give this grant up.</summary>
    public bool MayRetire(string keyId, CmkState key, KeyGrant grant) =>
        Verdict(keyId, key.EnterpriseProject, key.IsDefault)
        ?? (Claim is not null
            && (grant.RetiringUser == Claim.UserId || grant.Allows(Claim, KeyGrant.RetireGrant)));

    /// <summary>
    /// Why the call is refused for a key, or (null) for one that there is not. Whom no policy allows the call
    /// learns nothing of which keys there are.
    /// </summary>
    public Refusal? Forbids(string keyId, CmkState? key)
    {
        if (key is not null && MayUse(keyId, key)) return null;
        if (!_mayCallByPolicies) return new Refusal(RefusalCode.CallForbidden);
        return new Refusal(key is null ? RefusalCode.KeyNotFound : RefusalCode.KeyForbidden);
    }

    /// <summary>Why what is about no key, and about no project either, is refused, or null.</summary>
    public Refusal? ForbidsKeyless() => Projects.IsEmpty ? new Refusal(RefusalCode.CallForbidden) : null;

    /// <summary>Why what is about all of the account's keys is refused, or null.</summary>
    public Refusal? ForbidsEverywhere() =>
        Projects.Complement().IsEmpty ? null : new Refusal(RefusalCode.CallForbidden);

    /// <summary>Why what is about no key but in an enterprise project is refused, or null.</summary>
    public Refusal? ForbidsIn(string enterpriseProject) =>
        Projects.Contains(enterpriseProject) ? null : ForbidsKeyless() ?? new Refusal(RefusalCode.KeyForbidden);

    private static bool IsAbout(PolicyStatement statement, ImmutableArray<string> names)
    {
        foreach (var pattern in statement.Actions)
        {
            foreach (var name in names)
            {
                if (Wildcard.Matches(pattern, name)) return true;
            }
        }

        return false;
    }

    private bool IsGranted(CmkState key, string? operation) =>
        Claim is not null && key.Grants.Any(grant => grant.Allows(Claim, operation));

    // What policies say; null if they say nothing.
    private bool? Verdict(string keyId, string enterpriseProject, bool isShared)
    {
        if (_isFull) return true;
        bool? isAllowed = null;
        foreach (var grant in _grants)
        {
            if (!grant.Covers(keyId) || !grant.Projects.Contains(enterpriseProject)) continue;
            if (grant.Effect == PolicyEffect.Deny) return false;
            isAllowed = true;
        }

        return isAllowed ?? (isShared ? VerdictElsewhere(keyId) : null);
    }

    // Who may do it in any other project may do it with a key that is shared with all, unless it is denied there.
    private bool? VerdictElsewhere(string keyId)
    {
        var (allowed, denied) = (ProjectSet.Of(), ProjectSet.Of());
        foreach (var grant in _grants.Where(each => each.Covers(keyId)))
        {
            if (grant.Effect == PolicyEffect.Allow) allowed = allowed.Union(grant.Projects);
            else denied = denied.Union(grant.Projects);
        }

        return allowed.IsEmpty ? null : !allowed.Intersect(denied.Complement()).IsEmpty;
    }

    private ProjectSet Union(PolicyEffect effect) => _grants
        .Where(grant => grant.Effect == effect && grant.Keys.IsEmpty)
        .Aggregate(ProjectSet.Of(), (union, grant) => union.Union(grant.Projects));

    /// <summary>Whether for each of the keys the grant allows there is something that denies it.</summary>
    private bool IsWhollyDenied(Grant allowed)
    {
        if (allowed.Projects.Intersect(Union(PolicyEffect.Deny).Complement()).IsEmpty) return true;
        return !allowed.Keys.IsEmpty && allowed.Keys.All(key => _grants.Any(denied =>
            denied.Effect == PolicyEffect.Deny
            && allowed.Projects.Intersect(denied.Projects.Complement()).IsEmpty
            && denied.Keys.Any(pattern => Wildcard.Matches(pattern, key))));
    }

    /// <summary>A statement about the action, with where it holds. No keys means all.</summary>
    private sealed record Grant(PolicyEffect Effect, ProjectSet Projects, ImmutableArray<string> Keys)
    {
        public bool Covers(string keyId) =>
            Keys.IsEmpty || Keys.Any(pattern => Wildcard.Matches(pattern, keyId));
    }
}
