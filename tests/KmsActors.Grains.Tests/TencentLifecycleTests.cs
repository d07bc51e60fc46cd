using static KmsActors.Grains.KeyCommand;
using static KmsActors.Grains.Tests.GrainFixture;

namespace KmsActors.Grains.Tests;

/// <summary>
/// What a key's state refuses by Tencent's protocol: every command in every state, and those that it has calls for
/// against a real grain in that state. The documents have two states; the others are ours to decide.
/// </summary>
public sealed class TencentLifecycleTests
{
    private static readonly (KeyCommand Command, string Enabled, string Disabled, string Deletion, string Import)[] Table =
    [
        (EncryptDecrypt,           "",     "disabled", "deletion", "import"),
        (AsymmetricEncryptDecrypt, "",     "disabled", "deletion", "import"),
        (SignVerify,               "",     "disabled", "deletion", "import"),
        (GetPublicKey,             "",     "disabled", "deletion", "import"),
        (CreateVersion,            "",     "disabled", "deletion", "import"),
        (UpdateRotation,           "",     "disabled", "deletion", "import"),
        (Enable,                   "",     "",         "deletion", "import"),
        (Disable,                  "",     "",         "deletion", "import"),
        (ScheduleDeletion,         "",     "",         "already",  ""),
        (CancelDeletion,           "not",  "not",      "",         "not"),
        (CreateAlias,              "",     "",         "deletion", ""),
        (UpdateAlias,              "",     "",         "deletion", ""),
        (Read,                     "",     "",         "",         ""),
        (Annotate,                 "",     "",         "deletion", ""),
        (GetImportParameters,      "",     "",         "deletion", ""),
        (ImportMaterial,           "full", "full",     "full",     ""),
        (DeleteMaterial,           "",     "",         "material", "material"),
    ];

    public static TheoryData<KeyCommand, KeyState, string> Cells()
    {
        var cells = new TheoryData<KeyCommand, KeyState, string>();
        foreach (var row in Table)
        {
            cells.Add(row.Command, KeyState.Enabled, row.Enabled);
            cells.Add(row.Command, KeyState.Disabled, row.Disabled);
            cells.Add(row.Command, KeyState.PendingDeletion, row.Deletion);
            cells.Add(row.Command, KeyState.PendingImport, row.Import);
        }

        return cells;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Cell_OfEveryCommand_IsTheTables(KeyCommand command, KeyState state, string expected)
    {
        Assert.Equal(expected, WordOf(CmkLifecycle.Tencent.Forbids(command, state)));
        var before = ExternalIn(state);
        foreach (var call in CallsOf(command))
        {
            var grain = Cmk(before, lifecycle: CmkLifecycle.Tencent);
            Assert.Equal(expected, WordOf(call(grain)));
            if (expected.Length > 0) Assert.Same(before, grain.State);
            grain.CheckState();
        }
    }

    [Fact]
    public void Table_HasARowForEveryCommand() =>
        Assert.Equal(Enum.GetValues<KeyCommand>().Order(), Table.Select(row => row.Command).Order());

    private static Func<CmkGrain, RefusalCode?>[] CallsOf(KeyCommand command) => command switch
    {
        Enable => [key => CodeOf(key.Enable())],
        Disable => [key => CodeOf(key.Disable())],
        ScheduleDeletion => [key => CodeOf(key.ScheduleDeletion(TimeSpan.FromDays(7)))],
        CancelDeletion => [key => CodeOf(key.CancelDeletion(KeyState.Disabled))],
        UpdateAlias => [key => CodeOf(key.Rename("new"))],
        _ => [],
    };

    private static string WordOf(RefusalCode? code) => code switch
    {
        null => "",
        RefusalCode.KeyDisabled => "disabled",
        RefusalCode.KeyPendingDeletion => "deletion",
        RefusalCode.KeyPendingImport => "import",
        RefusalCode.AlreadyPendingDeletion => "already",
        RefusalCode.NotPendingDeletion => "not",
        RefusalCode.NotPendingImport => "full",
        RefusalCode.MaterialNotDeletable => "material",
        { } other => other.ToString(),
    };
}
