using static KmsActors.Grains.Tests.GrainFixture;

namespace KmsActors.Grains.Tests;

/// <summary>
/// The tables of seed 001, section 2, as the document prints them, and those of the later documents for
/// the calls it does not have: every cell, against a real grain in that state.
/// </summary>
public sealed class CmkLifecycleTests
{
    private const string Other = "another key";

    private static readonly (string Api, string Enabled, string Disabled, string PendingDeletion, string PendingImport)[]
        Document =
    [
        ("GenerateDataKey",        "Success", "Rejected.Disabled", "Rejected.PendingDeletion", "Rejected.PendingImport"),
        ("Encrypt",                "Success", "Rejected.Disabled", "Rejected.PendingDeletion", "Rejected.PendingImport"),
        ("Decrypt",                "Success", "Rejected.Disabled", "Rejected.PendingDeletion", "Rejected.PendingImport"),
        ("DescribeKey",            "Success", "Success", "Success", "Success"),
        ("EnableKey",              "Success", "Success", "Rejected.StateModifiedFailed", "Rejected.StateModifiedFailed"),
        ("DisableKey",             "Success", "Success", "Rejected.StateModifiedFailed", "Rejected.StateModifiedFailed"),
        ("ScheduleKeyDeletion",    "Success", "Success", "Rejected.StateModifiedFailed", "Success"),
        ("CancelKeyDeletion",      "Rejected.StateModifiedFailed", "Rejected.StateModifiedFailed", "Success", "Rejected.StateModifiedFailed"),
        ("CreateAlias",            "Success", "Success", "Rejected.StateModifiedFailed", "Success"),
        ("DeleteAlias",            "Success", "Success", "Success", "Success"),
        ("UpdateAlias",            "Success", "Success", "Rejected.PendingDeletion", "Success"),
        ("GetParametersForImport", "Success", "Success", "Success", "Success"),
        ("ImportKeyMaterial",      "Success", "Success", "Rejected.StateModifiedFailed", "Success"),
        ("DeleteKeyMaterial",      "Success", "Success", "Success", "Success"),
        ("TagResource",            "Success", "Success", "Rejected.PendingDeletion", "Success"),
        ("UntagResource",          "Success", "Success", "Rejected.PendingDeletion", "Success"),
        ("UpdateKeyDescription",   "Success", "Success", "Rejected.PendingDeletion", "Success"),
    ];

    public static TheoryData<string, KeyState, string> Cells()
    {
        var cells = new TheoryData<string, KeyState, string>();
        foreach (var row in Document)
        {
            cells.Add(row.Api, KeyState.Enabled, row.Enabled);
            cells.Add(row.Api, KeyState.Disabled, row.Disabled);
            cells.Add(row.Api, KeyState.PendingDeletion, row.PendingDeletion);
            cells.Add(row.Api, KeyState.PendingImport, row.PendingImport);
        }

        return cells;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Cell_OfTheDocumentsTables_IsWhatTheGrainAnswers(string api, KeyState state, string expected)
    {
        var before = ExternalIn(state);
        var grain = Cmk(before);

        var answer = Call(grain, api) switch
        {
            null => "Success",
            RefusalCode.KeyDisabled => "Rejected.Disabled",
            RefusalCode.KeyPendingDeletion => "Rejected.PendingDeletion",
            RefusalCode.KeyPendingImport => "Rejected.PendingImport",
            RefusalCode.StateModifyFailed => "Rejected.StateModifiedFailed",
            { } other => other.ToString(),
        };

        Assert.Equal(expected, answer);
        if (expected != "Success") Assert.Same(before, grain.State);
        grain.CheckState();
    }

    public static TheoryData<CmkLifecycle> Lifecycles() => new(CmkLifecycle.Aliyun, CmkLifecycle.Huawei);

    [Theory]
    [MemberData(nameof(Lifecycles))]
    public void Forbids_EveryCommandInEveryState_HasACell(CmkLifecycle lifecycle)
    {
        foreach (var command in Enum.GetValues<KeyCommand>())
        {
            foreach (var state in Enum.GetValues<KeyState>()) lifecycle.Forbids(command, state);
        }
    }

    private static RefusalCode? Call(CmkGrain grain, string api)
    {
        var alias = new AliasGrain { Id = GrainId.OfAlias(Account, "a"), Now = Start };
        return api switch
        {
            "GenerateDataKey" or "Encrypt" or "Decrypt" => grain.Forbids(KeyCommand.EncryptDecrypt)?.Code,
            "DescribeKey" => grain.Forbids(KeyCommand.Read)?.Code,
            "EnableKey" => CodeOf(grain.Enable()),
            "DisableKey" => CodeOf(grain.Disable()),
            "ScheduleKeyDeletion" => CodeOf(grain.ScheduleDeletion(TimeSpan.FromDays(7))),
            "CancelKeyDeletion" => CodeOf(grain.CancelDeletion(KeyState.Enabled)),
            "CreateAlias" => CodeOf(alias.Create(grain, 10)),
            "UpdateAlias" => CodeOf(Bound(alias, Other).Update(grain, Cmk(New(), keyId: Other))),
            "DeleteAlias" => CodeOf(Bound(alias, KeyId).Delete(grain)),
            "GetParametersForImport" => grain.Forbids(KeyCommand.GetImportParameters)?.Code,
            "ImportKeyMaterial" => CodeOf(grain.ImportMaterial(Import())),
            "DeleteKeyMaterial" => CodeOf(grain.DeleteMaterial()),
            "TagResource" => CodeOf(grain.Tag([new("k", "v")])),
            "UntagResource" => CodeOf(grain.Untag(["k"])),
            "UpdateKeyDescription" => CodeOf(grain.UpdateDescription("new")),
            _ => throw new InvalidOperationException(api),
        };
    }

    private static AliasGrain Bound(AliasGrain alias, string keyId)
    {
        alias.StateObject = new AliasState(keyId);
        return alias;
    }
}
