using System.Collections.Frozen;
using KmsActors.Operations;

namespace KmsActors.Protocols.Tencent;

/// <summary>Carries out one action: reads its parameters, runs its operation, renders the result.</summary>
/// <returns>The error to answer with, or null when the answer has been rendered.</returns>
internal delegate ValueTask<TencentError?> TencentAction(TencentCall call);

/// <summary>An action of the table.</summary>
/// <param name="Policy">What a user's policies must allow for it.</param>
/// <param name="Run">Carries it out.</param>
internal sealed record ActionEntry(PolicyAction Policy, TencentAction Run);

/// <summary>All actions of this protocol, by the name that goes into Action: its table of contents.</summary>
internal static class ActionTable
{
    private static readonly FrozenDictionary<string, ActionEntry> Actions = new Dictionary<string, ActionEntry>
    {
        // Seed 002, in its order.
        ["Encrypt"] = new(PolicyAction.Encrypt, CryptographyActions.Encrypt),
        ["Decrypt"] = new(PolicyAction.Decrypt, CryptographyActions.Decrypt),
        ["CreateKey"] = new(PolicyAction.CreateKey, KeyActions.CreateKey),
        ["ListKey"] = new(PolicyAction.ListKeys, KeyActions.ListKey),
        ["GetKeyAttributes"] = new(PolicyAction.DescribeKey, KeyActions.GetKeyAttributes),
        ["DisableKey"] = new(PolicyAction.DisableKey, KeyActions.DisableKey),
        ["EnableKey"] = new(PolicyAction.EnableKey, KeyActions.EnableKey),
        ["GenerateDataKey"] = new(PolicyAction.GenerateDataKey, CryptographyActions.GenerateDataKey),
        ["SetKeyAttributes"] = new(PolicyAction.RenameKey, KeyActions.SetKeyAttributes),

        // The vendor's clients for KMS call these too.
        ["ScheduleKeyDeletion"] = new(PolicyAction.ScheduleKeyDeletion, KeyActions.ScheduleKeyDeletion),
        ["CancelKeyDeletion"] = new(PolicyAction.CancelKeyDeletion, KeyActions.CancelKeyDeletion),
    }.ToFrozenDictionary();

    /// <summary>The names of all actions.</summary>
    public static IEnumerable<string> Names => Actions.Keys;

    /// <summary>The action, or null when there is none of that name.</summary>
    public static ActionEntry? Find(string name) => Actions.GetValueOrDefault(name);
}
