using System.Text.Json;
using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Simulator;

/// <summary>
/// What a caller may do of one action, by policies and grants as they are stored: the oracle's own reading. It knows
/// of patterns what the load uses: a star alone, or at the end.
/// </summary>
internal sealed class RightsView
{
    private readonly List<StatementView> _allowed;
    private readonly List<StatementView> _denied;
    private readonly bool _isFull;
    private readonly string? _grantOperation;

    private RightsView(IReadOnlyCollection<StatementView> statements, string? grantOperation, bool isFull)
    {
        _allowed = [.. statements.Where(statement => !statement.Denies)];
        _denied = [.. statements.Where(statement => statement.Denies)];
        (_grantOperation, _isFull) = (grantOperation, isFull);
    }

    /// <summary>The account's own.</summary>
    public static RightsView Full { get; } = new([], null, true);

    /// <summary>Nobody's.</summary>
    public static RightsView None { get; } = new([], null, false);

    /// <summary>Those of a user, by all his statements.</summary>
    /// <param name="user">The user.</param>
    /// <param name="statements">His own, and those of his groups.</param>
    /// <param name="call">What he calls.</param>
    /// <param name="project">The id of the project in which he calls.</param>
    public static RightsView Of(
        UserView user, IEnumerable<StatementView> statements, CallRecord call, string project) =>
        new(
            [.. statements.Where(each => each.IsIn(project) && each.IsAbout(call.Action!.Names))],
            call.Action!.GrantOperation,
            isFull: false)
        {
            UserId = user.Id,
            Account = call.Account,
        };

    /// <summary>The user's id.</summary>
    public string? UserId { get; private init; }

    /// <summary>The account's number.</summary>
    public string? Account { get; private init; }

    /// <summary>Whether nothing can refuse the action.</summary>
    public bool IsFull => _isFull || (_denied.Count == 0 && _allowed.Exists(each => each.Keys.Count == 0));

    /// <summary>Whether the call is worth looking at.</summary>
    public bool MayCall => MayCallByPolicies
        || (_grantOperation is not null && UserId is not null && !_denied.Exists(each => each.Keys.Count == 0));

    /// <summary>Whether what is about no key may be done.</summary>
    public bool MayWithoutKey => _isFull
        || (_allowed.Exists(each => each.Keys.Count == 0) && !_denied.Exists(each => each.Keys.Count == 0));

    private bool MayCallByPolicies => _isFull || _allowed.Exists(allowed => !IsWhollyDenied(allowed));

    /// <summary>Why the call is refused for a key, or (null) for one that there is not; null if it is not.</summary>
    public RefusalCode? Forbids(string keyId, KeyView? key)
    {
        if (key is not null && (Verdict(keyId) ?? IsGranted(key, _grantOperation))) return null;
        if (!MayCallByPolicies) return RefusalCode.CallForbidden;
        return key is null ? null : RefusalCode.KeyForbidden;
    }

    /// <summary>Whether he may grant others these operations.</summary>
    public bool MayPassOn(string keyId, KeyView key, IEnumerable<string> operations) =>
        Verdict(keyId) ?? operations.All(operation => IsGranted(key, operation));

    /// <summary>Whether he may give a grant up.</summary>
    public bool MayRetire(string keyId, GrantView grant) => Verdict(keyId)
        ?? ((UserId is not null && grant.RetiringUser == UserId) || IsFor(grant, "retire-grant"));

    // What policies say; null if they say nothing.
    private bool? Verdict(string keyId)
    {
        if (_isFull) return true;
        if (_denied.Exists(each => each.Covers(keyId))) return false;
        return _allowed.Exists(each => each.Covers(keyId)) ? true : null;
    }

    private bool IsGranted(KeyView key, string? operation) => key.Grants.Any(grant => IsFor(grant, operation));

    private bool IsFor(GrantView grant, string? operation) =>
        UserId is not null
        && operation is not null
        && grant.Operations.Contains(operation)
        && grant.Grantee == (grant.IsForAccount ? Account : UserId);

    private bool IsWhollyDenied(StatementView allowed) =>
        _denied.Exists(each => each.Keys.Count == 0)
        || (allowed.Keys.Count > 0 && allowed.Keys.All(key => _denied.Exists(each => each.Covers(key))));
}

/// <summary>What a stored policy says.</summary>
/// <param name="Denies">Whether it denies.</param>
/// <param name="Actions">What it is about.</param>
/// <param name="Keys">About which keys; none for all.</param>
/// <param name="Project">In which project alone it holds; null for all.</param>
internal sealed record StatementView(
    bool Denies, IReadOnlyList<string> Actions, IReadOnlyList<string> Keys, string? Project)
{
    /// <summary>Those of a holder of policies.</summary>
    public static IReadOnlyList<StatementView> Of(JsonElement holder) =>
    [
        .. holder.ItemsOf("Policies").SelectMany(policy => policy.GetProperty("Statements").EnumerateArray()
            .Select(statement => new StatementView(
                statement.GetProperty("Effect").GetString() == nameof(PolicyEffect.Deny),
                statement.TextsOf(nameof(Actions)),
                [.. statement.TextsOf("Resources").Where(key => key != "*")],
                policy.TryGetProperty("Scope", out var scope) ? scope.TextOf(nameof(Project)) : null))),
    ];

    /// <summary>Whether it holds in a project.</summary>
    public bool IsIn(string project) => Project is null || Project == project;

    /// <summary>Whether it is about an action of one of these names.</summary>
    public bool IsAbout(IEnumerable<string> names) => names.Any(name => Actions.Any(pattern => pattern[^1] == '*'
        ? name.StartsWith(pattern[..^1], StringComparison.Ordinal)
        : name == pattern));

    /// <summary>Whether it is about a key.</summary>
    public bool Covers(string keyId) => Keys.Count == 0 || Keys.Contains(keyId);
}

/// <summary>What a stored key says of a grant.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Grantee">A user's id or the account's number.</param>
/// <param name="IsForAccount">Whether it is for all users.</param>
/// <param name="RetiringUser">Who else may give it up.</param>
/// <param name="Operations">What it allows.</param>
internal sealed record GrantView(
    string Id, string Grantee, bool IsForAccount, string? RetiringUser, IReadOnlyList<string> Operations)
{
    /// <summary>Reads a stored grant.</summary>
    public static GrantView Of(JsonElement stored) => new(
        stored.GetProperty(nameof(Id)).GetString()!,
        stored.GetProperty(nameof(Grantee)).GetString()!,
        stored.GetProperty(nameof(IsForAccount)).GetBoolean(),
        stored.TextOf(nameof(RetiringUser)),
        stored.TextsOf(nameof(Operations)));
}
