using System.Text.Json;
using static KmsActors.Grains.Tests.GrainFixture;

namespace KmsActors.Grains.Tests;

/// <summary>The stored form of a CMK: what was written before must be read for ever.</summary>
public sealed class StoredStateTests
{
    // As the first release wrote it.
    private const string First =
        """
        {"KeyState":"Enabled","Origin":"Kms","ProtectionLevel":"Hsm","Description":"d",
        "CreatedAt":"2026-01-01T00:00:00+00:00",
        "Versions":[{"Id":"v","CreatedAt":"2026-01-01T00:00:00+00:00","WrappedMaterial":"AQID"}],
        "Tags":{"a":"1"}}
        """;

    [Fact]
    public void CmkState_WrittenBeforeThereWereKinds_IsASymmetricKeyWithoutAPolicy()
    {
        var state = Read(First);
        state.Check();
        Assert.Equal((KeySpec.Aes256, KeyUsage.EncryptDecrypt), (state.Spec, state.Usage));
        Assert.Null(state.RotationInterval);
        Assert.Equal("v", state.Primary.Id);
        Assert.Empty(state.Grants);
    }

    [Fact]
    public void CmkState_WrittenBeforeThereWereNames_HasNoneAndIsOfTheDefaultProject()
    {
        var grain = Cmk(Read(First));

        Assert.Null(grain.State.Alias);
        Assert.False(grain.State.IsDefault);
        Assert.Equal("0", grain.State.EnterpriseProject);
        var listing = Assert.IsType<KeyListing>(grain.Listing);
        Assert.Equal(("", "0"), (listing.Alias, listing.EnterpriseProject));
        Assert.Null(CodeOf(grain.Disable()));
        Assert.Equal("0", Read(Write(grain.State)).EnterpriseProject);
    }

    [Fact]
    public void CmkState_WithNameAndProject_ComesBackAsItWas()
    {
        var state = New() with { Alias = "own/name", EnterpriseProject = "5b6d1f7e-8f55-4a3c-9f6c-0f2f4f7a0000" };
        var json = Write(state);
        Assert.Contains("\"Alias\":\"own/name\"", json, StringComparison.Ordinal);
        var back = Read(json);
        Assert.Equal((state.Alias, state.EnterpriseProject), (back.Alias, back.EnterpriseProject));
    }

    [Fact]
    public void CmkState_WithEverything_ComesBackAsItWas()
    {
        var grain = Cmk(New(spec: KeySpec.Sm4, rotation: TimeSpan.FromDays(9)), Start.AddDays(9));
        grain.Rotate(new NewKeyVersion("second", [4, 5]));
        grain.Tag([new("k", "v")]);
        var json = JsonSerializer.Serialize(grain.State, GrainCatalog.StateJson(GrainKind.Cmk));

        var back = Read(json);

        Assert.Contains("\"Spec\":\"Sm4\"", json, StringComparison.Ordinal);
        Assert.Contains("\"RotationInterval\":\"9.00:00:00\"", json, StringComparison.Ordinal);
        Assert.Equal(json, JsonSerializer.Serialize(back, GrainCatalog.StateJson(GrainKind.Cmk)));
        Assert.Equal(grain.State.NextRotation, back.NextRotation);
    }

    [Fact]
    public void AccountState_WrittenBeforeThereWereDefaultKeys_HasNone()
    {
        var stored = """{"CreatedAt":"2026-01-01T00:00:00+00:00"}""";
        var state = (AccountState)JsonSerializer.Deserialize(stored, GrainCatalog.StateJson(GrainKind.Account))!;
        Assert.Empty(state.DefaultKeys);
        Assert.Equal(Start, state.CreatedAt);
    }

    [Fact]
    public void AccessKeyState_WrittenBeforeThereWereUsers_IsTheAccounts()
    {
        var stored =
            """{"Account":"1","WrappedSecret":"AQID","Enabled":true,"CreatedAt":"2026-01-01T00:00:00+00:00"}""";
        var state = (AccessKeyState)JsonSerializer.Deserialize(stored, GrainCatalog.StateJson(GrainKind.AccessKey))!;
        Assert.Equal(("1", true), (state.Account, state.Enabled));
    }

    private static string Write(CmkState state) =>
        JsonSerializer.Serialize(state, GrainCatalog.StateJson(GrainKind.Cmk));

    private static CmkState Read(string json) =>
        (CmkState)JsonSerializer.Deserialize(json, GrainCatalog.StateJson(GrainKind.Cmk))!;
}
