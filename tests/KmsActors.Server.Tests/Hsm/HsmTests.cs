using System.Text.Json;

namespace KmsActors.Server.Tests.Hsm;

/// <summary>Keys of the level HSM, with a token that goes and returns.</summary>
public sealed class HsmTests(HsmServer server) : IClassFixture<HsmServer>
{
    private const uint DeviceRemoved = 0x32;

    private static readonly (string, string) Hsm = ("ProtectionLevel", "HSM");

    // None of it reaches a client that the tests' own would take.
    private static readonly HttpClient Http = new();

    private Tenant Root => server.Root;

    [Theory]
    [InlineData("Aliyun_SM4")]
    [InlineData("EC_SM2")]
    public async Task CreateKey_KindThatTheTokenHasNot_IsRefused(string spec)
    {
        await Root.RefusedAsync("Unsupported.ProtectionLevel", null, "CreateKey", ("KeySpec", spec), Hsm);
        await Root.KeyAsync(("KeySpec", spec));
        if (spec == "Aliyun_SM4")
        {
            await Root.RefusedAsync(
                "Unsupported.ProtectionLevel", null, "CreateKey", ("KeySpec", spec), ("Origin", "EXTERNAL"), Hsm);
        }
    }

    [Fact]
    public async Task HsmKeys_TokenGoesAndReturns_AreUnavailableMeanwhileAndOthersAreNot()
    {
        var key = await Root.KeyAsync(Hsm);
        var other = await Root.KeyAsync();
        var blob = await Root.EncryptAsync(key);
        var waiting = await Root.ExternalKeyAsync(Hsm);
        var token = await Root.TokenAsync(waiting);
        var pair = await Root.KeyAsync(("KeySpec", "EC_P256"), Hsm);
        var version = Assert.Single(await Root.VersionsAsync(pair));
        var digest = Convert.ToBase64String(new byte[32]);

        server.Token.Lose(DeviceRemoved);
        foreach (var (action, parameters) in new (string, Args)[]
        {
            ("Encrypt", [("KeyId", key), ("Plaintext", "aGVsbG8=")]),
            ("Decrypt", [("CiphertextBlob", blob)]),
            ("GenerateDataKey", [("KeyId", key)]),
            ("CreateKey", [Hsm]),
            ("GetParametersForImport", [("KeyId", waiting), ("WrappingAlgorithm", "RSAES_OAEP_SHA_1"), ("WrappingKeySpec", "RSA_2048")]),
            ("ImportKeyMaterial", token.With(Tenant.NewMaterial())),
            ("AsymmetricSign",
                [("KeyId", pair), ("KeyVersionId", version), ("Algorithm", "ECDSA_SHA_256"), ("Digest", digest)]),
        })
        {
            await UnavailableAsync(action, parameters);
        }

        Assert.Equal("Enabled", await Root.StateAsync(key));
        Assert.Equal("aGVsbG8=", await Root.DecryptAsync(await Root.EncryptAsync(other)));
        await Root.OkAsync("GetPublicKey", ("KeyId", pair), ("KeyVersionId", version));
        Assert.Equal(200, (int)(await Http.GetAsync(new Uri(server.Address, "/health/ready"))).StatusCode);

        // Reached for again after a pause, by the server's clock.
        server.Token.Return();
        server.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("aGVsbG8=", await Root.DecryptAsync(blob));
        await Root.OkAsync("ImportKeyMaterial", token.With(Tenant.NewMaterial()));
        await Root.EncryptAsync(waiting);
        await Root.KeyAsync(Hsm);
    }

    [Fact]
    public async Task HsmKeys_OfAllKinds_SurviveARestart()
    {
        var key = await Root.KeyAsync(Hsm);
        var blob = await Root.EncryptAsync(key);
        var imported = await Root.ExternalKeyAsync(Hsm);
        await Root.ImportAsync(imported, Tenant.NewMaterial());
        var importedBlob = await Root.EncryptAsync(imported);
        await server.StopAsync();
        await server.StartAsync();
        Assert.Equal("aGVsbG8=", await Root.DecryptAsync(blob));
        Assert.Equal("aGVsbG8=", await Root.DecryptAsync(importedBlob));
    }

    private async Task UnavailableAsync(string action, Args parameters)
    {
        var before = server.Commits();
        using var request = Root.Client.Sign(action, parameters).ToRequest(server.Address);
        using var response = await Http.SendAsync(request);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(503, (int)response.StatusCode);
        Assert.Equal("ServiceUnavailableTemporary", answer.RootElement.GetProperty("Code").GetString());
        Assert.Equal(before, server.Commits());
    }
}
