using static KmsActors.Grains.KeyCommand;
using static KmsActors.Grains.Tests.GrainFixture;

namespace KmsActors.Grains.Tests;

/// <summary>
/// What seed 003 refuses: every command in every state, of keys of either origin, default master keys and
/// others, against a real grain in that state.
/// </summary>
public sealed class HuaweiLifecycleTests
{
    private const string Other = "another key";

    // The codes are those of appendix A.2. It has none for a key that waits for its material ("waits") or for
    // what a symmetric key cannot do ("pairs": for pairs of keys only), and two for an origin ("origin").
    private static readonly (KeyCommand Command, string Enabled, string Disabled, string Deletion, string Import)[] Document =
    [
        (EncryptDecrypt,           "",      "0209",  "0210",  "waits"),
        (AsymmetricEncryptDecrypt, "pairs", "pairs", "pairs", "pairs"),
        (SignVerify,               "pairs", "pairs", "pairs", "pairs"),
        (GetPublicKey,             "pairs", "pairs", "pairs", "pairs"),
        (CreateVersion,            "pairs", "pairs", "pairs", "pairs"),
        (UpdateRotation,           "",      "0209",  "0210",  "waits"),
        (Enable,                   "1201",  "",      "1201",  "1201"),
        (Disable,                  "",      "1301",  "1301",  "1301"),
        (ScheduleDeletion,         "",      "",      "1402",  ""),
        (CancelDeletion,           "1501",  "1501",  "",      "1501"),
        (CreateAlias,              "",      "",      "0210",  ""),
        (UpdateAlias,              "",      "",      "0210",  ""),
        (Read,                     "",      "",      "",      ""),
        (Annotate,                 "",      "",      "0210",  ""),
        (GetImportParameters,      "",      "",      "0210",  ""),
        (ImportMaterial,           "0310",  "0310",  "0310",  ""),
        (DeleteMaterial,           "",      "",      "2701",  "2701"),
    ];

    public static TheoryData<KeyCommand, KeyState, KeyOrigin, bool, string> Cells()
    {
        var cells = new TheoryData<KeyCommand, KeyState, KeyOrigin, bool, string>();
        foreach (var row in Document)
        {
            foreach (var origin in Enum.GetValues<KeyOrigin>())
            {
                Add(row.Command, KeyState.Enabled, origin, row.Enabled);
                Add(row.Command, KeyState.Disabled, origin, row.Disabled);
                Add(row.Command, KeyState.PendingDeletion, origin, row.Deletion);
                // What the service makes itself never waits for material.
                if (origin == KeyOrigin.External) Add(row.Command, KeyState.PendingImport, origin, row.Import);
            }
        }

        return cells;

        void Add(KeyCommand command, KeyState state, KeyOrigin origin, string code)
        {
            var byOrigin = (command, origin) switch
            {
                (GetImportParameters or ImportMaterial or DeleteMaterial, KeyOrigin.Kms) => "origin",
                (UpdateRotation, KeyOrigin.External) => "origin",
                _ => code,
            };
            cells.Add(command, state, origin, false, byOrigin);
            // 4.1.1, 4.1.15, 4.1.16; of tags they say nothing: as for the description. To others it is for use only.
            var isProtected = command
                is Disable or ScheduleDeletion or CreateAlias or UpdateAlias or Annotate or UpdateRotation;
            cells.Add(command, state, origin, true, isProtected ? "0211" : byOrigin);
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Cell_OfEveryCommand_IsWhatTheDocumentSays(
        KeyCommand command, KeyState state, KeyOrigin origin, bool isDefault, string expected)
    {
        var before = origin == KeyOrigin.External ? ExternalIn(state) : In(state, KeySpec.Aes256);
        if (isDefault) before = before with { Alias = "service/default" };

        Assert.Equal(expected, CodeIn(Grain(before).Forbids(command)?.Code));
        foreach (var call in CallsOf(command))
        {
            var grain = Grain(before);
            Assert.Equal(expected, CodeIn(call(grain)));
            if (expected.Length > 0) Assert.Same(before, grain.State);
            grain.CheckState();
        }
    }

    [Fact]
    public void Document_HasARowForEveryCommand() =>
        Assert.Equal(Enum.GetValues<KeyCommand>().Order(), Document.Select(row => row.Command).Order());

    private static CmkGrain Grain(CmkState state) => Cmk(state, lifecycle: CmkLifecycle.Huawei);

    // What carries the command out, where a grain does. Rotation has tests of its own.
    private static Func<CmkGrain, RefusalCode?>[] CallsOf(KeyCommand command) => command switch
    {
        Enable => [key => CodeOf(key.Enable())],
        Disable => [key => CodeOf(key.Disable())],
        ScheduleDeletion => [key => CodeOf(key.ScheduleDeletion(TimeSpan.FromDays(7)))],
        CancelDeletion => [key => CodeOf(key.CancelDeletion(KeyState.Disabled))],
        CreateAlias => [key => CodeOf(NewAlias().Create(key, 10))],
        UpdateAlias => [key => CodeOf(key.Rename("new")), key => CodeOf(Moved().Update(key, Cmk(New(), keyId: Other)))],
        Annotate =>
        [
            key => CodeOf(key.UpdateDescription("new")),
            key => CodeOf(key.Tag([new("k", "v")])),
            key => CodeOf(key.Untag(["k"])),
        ],
        UpdateRotation => [key => CodeOf(key.UpdateRotationPolicy(TimeSpan.FromDays(7)))],
        CreateVersion => [key => CodeOf(key.CreateVersion(new NewKeyVersion("second", [1])))],
        ImportMaterial => [key => CodeOf(key.ImportMaterial(Import()))],
        DeleteMaterial => [key => CodeOf(key.DeleteMaterial())],
        _ => [],
    };

    private static string CodeIn(RefusalCode? code) => code switch
    {
        null => "",
        RefusalCode.KeyDisabled => "0209",
        RefusalCode.KeyPendingDeletion => "0210",
        RefusalCode.DefaultKeyProtected => "0211",
        RefusalCode.OriginNotAllowed => "origin",
        RefusalCode.NotPendingImport => "0310",
        RefusalCode.KeyNotDisabled => "1201",
        RefusalCode.KeyNotEnabled => "1301",
        RefusalCode.AlreadyPendingDeletion => "1402",
        RefusalCode.NotPendingDeletion => "1501",
        RefusalCode.MaterialNotDeletable => "2701",
        RefusalCode.KeyPendingImport => "waits",
        RefusalCode.UsageNotAllowed or RefusalCode.RotationNotSupported => "pairs",
        { } other => other.ToString(),
    };

    private static AliasGrain NewAlias() => new() { Id = GrainId.OfAlias(Account, "a"), Now = Start };

    private static AliasGrain Moved()
    {
        var alias = NewAlias();
        alias.StateObject = new AliasState(Other);
        return alias;
    }
}
