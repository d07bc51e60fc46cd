using System.Buffers;
using System.Collections.Immutable;

namespace KmsActors.Grains;

/// <summary>How much users, groups and policies may be, so that looking at them costs little.</summary>
public static class AccessRules
{
    /// <summary>The longest name of a user, a group or a policy.</summary>
    public const int LongestName = 64;

    /// <summary>The most groups that a user may be in.</summary>
    public const int MostGroups = 10;

    /// <summary>The most policies of a user, and of a group.</summary>
    public const int MostPolicies = 20;

    /// <summary>The most statements of a policy.</summary>
    public const int MostStatements = 8;

    /// <summary>The most actions of a statement.</summary>
    public const int MostActions = 100;

    /// <summary>The most resources of a statement.</summary>
    public const int MostResources = 100;

    /// <summary>The most actions and resources in all policies of a user, and of a group.</summary>
    public const int MostPatterns = 1_000;

    /// <summary>The longest action or resource.</summary>
    public const int LongestPattern = 128;

    /// <summary>The longest id of a project.</summary>
    public const int LongestProjectId = 64;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.@ ");

    /// <summary>
    /// Whether it can be a name: ASCII letters, digits and <c>-_.@</c>, and spaces that are not at an end.
    /// </summary>
    public static bool IsName(string text) =>
        text.Length is >= 1 and <= LongestName
        && !text.AsSpan().ContainsAnyExcept(NameCharacters)
        && text[0] != ' '
        && text[^1] != ' ';

    /// <summary>What is wrong with the policies of one holder, or null.</summary>
    internal static Refusal? Check(ImmutableArray<AttachedPolicy> policies)
    {
        if (policies.Length > MostPolicies) return new Refusal(RefusalCode.LimitExceeded);
        if (policies.Select(policy => policy.Name).Distinct().Count() != policies.Length)
            return Refusal.Invalid(nameof(AttachedPolicy.Name));
        foreach (var policy in policies)
        {
            if (!IsName(policy.Name)) return Refusal.Invalid(nameof(AttachedPolicy.Name));
            if (!IsScope(policy.Scope)) return Refusal.Invalid(nameof(AttachedPolicy.Scope));
            if (policy.Statements is not { IsDefault: false, Length: >= 1 and <= MostStatements })
                return Refusal.Invalid(nameof(AttachedPolicy.Statements));
            foreach (var statement in policy.Statements)
            {
                if (!Enum.IsDefined(statement.Effect)) return Refusal.Invalid(nameof(PolicyStatement.Effect));
                if (!ArePatterns(statement.Actions, 1, MostActions))
                    return Refusal.Invalid(nameof(PolicyStatement.Actions));
                if (!ArePatterns(statement.Resources, 0, MostResources))
                    return Refusal.Invalid(nameof(PolicyStatement.Resources));
            }
        }

        var patterns = policies.Sum(policy =>
            policy.Statements.Sum(statement => statement.Actions.Length + statement.Resources.Length));
        return patterns > MostPatterns ? new Refusal(RefusalCode.LimitExceeded) : null;
    }

    private static bool IsScope(PolicyScope scope) =>
        (scope.Project is null || scope.EnterpriseProject is null)
        && IsProjectId(scope.Project)
        && IsProjectId(scope.EnterpriseProject);

    private static bool IsProjectId(string? id) =>
        id is null || (id.Length is >= 1 and <= LongestProjectId && IsVisible(id));

    private static bool ArePatterns(ImmutableArray<string> patterns, int least, int most) =>
        !patterns.IsDefault
        && patterns.Length >= least
        && patterns.Length <= most
        && patterns.All(pattern => pattern is { Length: >= 1 and <= LongestPattern } && IsVisible(pattern));

    private static bool IsVisible(string text) => !text.AsSpan().ContainsAnyExceptInRange('!', '~');
}
