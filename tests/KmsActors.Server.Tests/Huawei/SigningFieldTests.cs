namespace KmsActors.Server.Tests.Huawei;

/// <summary>Fields of signatures, at their bounds and beyond.</summary>
public sealed class SigningFieldTests(ProjectServer server) : IClassFixture<ProjectServer>
{
    [Theory]
    [InlineData("message", "-", "0204")]
    [InlineData("message", "", "0308")]
    [InlineData("message", "=5", "0308")]
    [InlineData("message", "not Base64", "0308")]
    [InlineData("message", "AA==", "0308")]
    [InlineData("message", "A*44", "0308")]
    [InlineData("signing_algorithm", "-", "0204")]
    [InlineData("message_type", "raw", "0308")]
    [InlineData("message_type", "=1", "0308")]
    public async Task Field_OfASignature_HasItsBounds(string field, string value, string code)
    {
        var project = await server.ProjectAsync(Proof.Signature);
        var keyId = await project.KeyAsync("EC_P256");
        foreach (var endpoint in new[] { "POST sign", "POST verify" })
            await FieldTable.CheckAsync(project, endpoint, keyId, field, value, code);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(4096, true)]
    [InlineData(4097, false)]
    [InlineData(4098, false)]
    [InlineData(4099, false)]
    public async Task Message_Raw_IsBounded(int bytes, bool isGood)
    {
        var project = await server.ProjectAsync(Proof.Signature);
        var keyId = await project.KeyAsync("EC_P256");
        var fields = new
        {
            key_id = keyId,
            message = Requests.Base64Of(bytes),
            message_type = "RAW",
            signing_algorithm = "ECDSA_SHA_256",
        };
        if (isGood) await project.OkAsync("sign", fields);
        else await project.RefusedAsync("KMS.0308", "sign", fields);
    }

    [Theory]
    [InlineData("-", "0204")]
    [InlineData("", "0308")]
    [InlineData("=5", "0308")]
    [InlineData("not Base64", "0308")]
    [InlineData("A*1368", "ok")]
    [InlineData("A*1372", "0308")]
    public async Task Verify_Signature_IsBase64(string value, string code)
    {
        var project = await server.ProjectAsync(Proof.Signature);
        var keyId = await project.KeyAsync("EC_P256");
        var answer = await FieldTable.CheckAsync(project, "POST verify", keyId, "signature", value, code);
        if (code == "ok") Assert.Equal("false", answer["signature_valid"]);
    }
}
