using System.Security.Cryptography;

namespace KmsActors.Server.Tests.Huawei;

/// <summary>Material that its owner brings.</summary>
public sealed class ImportTests(ProjectServer server) : IClassFixture<ProjectServer>
{
    private const string Import = "import-key-material";

    [Theory]
    [InlineData("RSAES_PKCS1_V1_5")]
    [InlineData("RSAES_OAEP_SHA_1")]
    [InlineData("RSAES_OAEP_SHA_256")]
    public async Task Material_WrappedInEachWay_IsTakenOnceAndAgain(string algorithm)
    {
        var project = await server.NewProjectAsync();
        var (keyId, material) = (await project.ExternalKeyAsync(), Tenant.NewMaterial());
        var token = await project.TokenAsync(keyId, algorithm);
        Assert.Equal("{}", (await project.OkAsync(Import, token.With(material))).Text);
        Assert.Equal("2", await project.StateAsync(keyId));
        var ciphertext = await project.EncryptAsync(keyId);

        // Used up, and the key is not waiting any more.
        await project.RefusedAsync("KMS.0310", Import, token.With(material));
        Assert.Equal("{}", (await project.OkAsync("delete-imported-key-material", new { key_id = keyId })).Text);
        Assert.Equal("5", await project.StateAsync(keyId));
        await project.RefusedAsync("KMS.2605", Import, token.With(material));
        await project.RefusedAsync("KMS.2701", "delete-imported-key-material", new { key_id = keyId });
        await project.RefusedAsync("KMS.1301", "decrypt-data", new { cipher_text = ciphertext });

        var other = await project.TokenAsync(keyId, algorithm);
        (await project.PostAsync(Import, other.With(Tenant.NewMaterial()))).AssertRefused("KMS.2606");
        Assert.Equal("5", await project.StateAsync(keyId));
        await project.OkAsync(Import, other.With(material));
        Assert.Equal("hello", await project.DecryptAsync(ciphertext));
    }

    [Fact]
    public async Task Parameters_OfAnImport_AreAsDocumented()
    {
        var project = await server.NewProjectAsync();
        var keyId = await project.ExternalKeyAsync();
        var answer = await project.OkAsync(
            "get-parameters-for-import", new { key_id = keyId, wrapping_algorithm = "RSAES_OAEP_SHA_1" });
        Assert.Equal(keyId, answer["key_id"]);
        Assert.InRange(answer["import_token"].Length, 200, 6144);
        Assert.Equal(server.Clock.GetUtcNow().AddHours(24).ToUnixTimeSeconds(), answer.Number("expiration_time"));
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(Convert.FromBase64String(answer["public_key"]), out _);
        Assert.Equal(2048, rsa.KeySize);
        Assert.Equal("5", await project.StateAsync(keyId));
    }

    [Theory]
    [InlineData("RSAES_PKCS1_V1_5")]
    [InlineData("RSAES_OAEP_SHA_1")]
    [InlineData("RSAES_OAEP_SHA_256")]
    public async Task Material_OfAnotherLengthOrWrapping_IsRefusedAlike(string algorithm)
    {
        var project = await server.NewProjectAsync();
        var keyId = await project.ExternalKeyAsync();
        var token = await project.TokenAsync(keyId, algorithm);
        var otherWay = algorithm == "RSAES_OAEP_SHA_1" ? "RSAES_OAEP_SHA_256" : "RSAES_OAEP_SHA_1";
        var garbage = Tenant.NewMaterial();
        object[] imports =
        [
            token.With(new byte[31]), token.With(new byte[33]), token.With(new byte[16]), token.With([]),
            (token with { Algorithm = otherWay }).With(new byte[32]),
            new { key_id = keyId, import_token = token.Token, encrypted_key_material = Requests.Base64Of(256) },
            new { key_id = keyId, import_token = token.Token, encrypted_key_material = Requests.Base64Of(258) },
        ];
        foreach (var import in imports)
        {
            var answer = await project.PostAsync(Import, import);
            answer.AssertRefused("KMS.0311");
            Assert.Equal("Failed to decrypt data using the RSA private key.", answer.Message);
        }

        Assert.Equal("5", await project.StateAsync(keyId));
        await project.OkAsync(Import, token.With(garbage));
    }

    [Fact]
    public async Task Token_OfAnotherKeyOrForged_IsRefused()
    {
        var project = await server.NewProjectAsync();
        var (one, other) = (await project.ExternalKeyAsync(), await project.ExternalKeyAsync());
        var token = await project.TokenAsync(one);
        await project.RefusedAsync("KMS.2603", Import, (token with { KeyId = other }).With(new byte[32]));

        var forged = Convert.FromBase64String(token.Token);
        forged[^1] ^= 1;
        var forgery = token with { Token = Convert.ToBase64String(forged) };
        await project.RefusedAsync("KMS.2605", Import, forgery.With(new byte[32]));
        await project.OkAsync(Import, token.With(new byte[32]));
    }

    [Fact]
    public async Task Token_OfADayAgo_HasExpired()
    {
        var project = await server.NewProjectAsync();
        var (one, other) = (await project.ExternalKeyAsync(), await project.ExternalKeyAsync());
        var (early, late) = (await project.TokenAsync(one), await project.TokenAsync(other));
        server.Clock.Shift(TimeSpan.FromHours(24) - TimeSpan.FromTicks(1));
        await project.OkAsync(Import, early.With(new byte[32]));
        server.Clock.Shift(TimeSpan.FromTicks(1));
        await project.RefusedAsync("KMS.2601", Import, late.With(new byte[32]));
        await server.RunRemindersAsync();
        await project.RefusedAsync("KMS.2601", Import, late.With(new byte[32]));
        await project.ImportAsync(other, new byte[32]);
    }

    [Fact]
    public async Task Material_AtItsExpiry_IsGone()
    {
        var project = await server.NewProjectAsync();
        var (material, expiry) = (Tenant.NewMaterial(), server.Clock.GetUtcNow().AddSeconds(90));
        var keyId = await project.ImportedKeyAsync(material, expiry);
        var ciphertext = await project.EncryptAsync(keyId);
        server.Clock.ShiftTo(expiry.AddTicks(-1));
        Assert.Equal("hello", await project.DecryptAsync(ciphertext));
        foreach (var remind in new[] { false, true })
        {
            server.Clock.ShiftTo(expiry);
            if (remind) await server.RunRemindersAsync();
            Assert.Equal("5", await project.StateAsync(keyId));
            await project.RefusedAsync("KMS.1301", "encrypt-data", new { key_id = keyId, plain_text = "a" });
            await project.RefusedAsync("KMS.1301", "decrypt-data", new { cipher_text = ciphertext });
        }

        Assert.Equal("", (await project.DescribeAsync(keyId))["key_info.expiration_time"]);
        await project.ImportAsync(keyId, material);
        Assert.Equal("hello", await project.DecryptAsync(ciphertext));
    }
}
