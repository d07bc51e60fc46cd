using System.Globalization;

namespace KmsActors.Server.Tests.Huawei;

/// <summary>Fields of imports, at their bounds and beyond.</summary>
public sealed class ImportFieldTests(ProjectServer server) : IClassFixture<ProjectServer>
{
    private const string Import = "POST import-key-material";

    [Theory]
    [InlineData("wrapping_algorithm", "-", "0204")]
    [InlineData("wrapping_algorithm", "", "0308")]
    [InlineData("wrapping_algorithm", "RSAES_OAEP_SHA_512", "0308")]
    [InlineData("wrapping_algorithm", "SM2_ENCRYPT", "0308")]
    [InlineData("wrapping_algorithm", "=1", "0308")]
    public async Task GetParametersForImport_Field_HasItsBounds(string field, string value, string code)
    {
        var project = await server.ProjectAsync(Proof.Signature);
        await FieldTable.CheckAsync(
            project, "POST get-parameters-for-import", await project.ExternalKeyAsync(), field, value, code);
    }

    // A token of the right length is looked for, and is nobody's.
    [Theory]
    [InlineData("import_token", "-", "0204")]
    [InlineData("import_token", "", "2605")]
    [InlineData("import_token", "=5", "2605")]
    [InlineData("import_token", "A*196", "2605")]
    [InlineData("import_token", "A*200", "2605")]
    [InlineData("import_token", "A*6144", "2605")]
    [InlineData("import_token", "A*6148", "2605")]
    [InlineData("import_token", "%*216", "2605")]
    [InlineData("encrypted_key_material", "-", "0204")]
    [InlineData("encrypted_key_material", "", "0308")]
    [InlineData("encrypted_key_material", "=5", "0308")]
    [InlineData("encrypted_key_material", "A*340", "0308")]
    [InlineData("encrypted_key_material", "A*344", "2605")]
    [InlineData("encrypted_key_material", "A*360", "2605")]
    [InlineData("encrypted_key_material", "A*364", "0308")]
    [InlineData("encrypted_key_material", "A*345", "0308")]
    [InlineData("expiration_time", "x", "0308")]
    [InlineData("expiration_time", "", "0308")]
    [InlineData("expiration_time", "=-1", "0308")]
    [InlineData("expiration_time", "=1.5", "0308")]
    [InlineData("expiration_time", "=253402300800", "0308")]
    [InlineData("expiration_time", "253402300799", "2605")]
    [InlineData("expiration_time", "=253402300799", "2605")]
    [InlineData("expiration_time", "0", "2602")]
    [InlineData("expiration_time", "=null", "2605")]
    public async Task ImportKeyMaterial_Field_HasItsBounds(string field, string value, string code)
    {
        var project = await server.ProjectAsync(Proof.Signature);
        await FieldTable.CheckAsync(project, Import, await project.ExternalKeyAsync(), field, value, code);
    }

    [Theory]
    [InlineData(-1, "2602")]
    [InlineData(0, "2602")]
    [InlineData(1, "2605")]
    public async Task ImportKeyMaterial_Expiry_IsInTheFuture(int seconds, string code)
    {
        var project = await server.ProjectAsync(Proof.Signature);
        var time = (server.Clock.GetUtcNow().ToUnixTimeSeconds() + seconds).ToString(CultureInfo.InvariantCulture);
        var keyId = await project.ExternalKeyAsync();
        await FieldTable.CheckAsync(project, Import, keyId, "expiration_time", time, code);
        await FieldTable.CheckAsync(project, Import, keyId, "expiration_time", $"={time}", code);
    }
}
