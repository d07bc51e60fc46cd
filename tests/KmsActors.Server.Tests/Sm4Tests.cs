using System.Security.Cryptography;

namespace KmsActors.Server.Tests;

/// <summary>Keys of kind Aliyun_SM4: used like the others, of half the material.</summary>
public sealed class Sm4Tests(TestServer server) : IClassFixture<TestServer>
{
    private const string Import = "ImportKeyMaterial";

    private static readonly (string, string) s_sm4 = ("KeySpec", "Aliyun_SM4");

    private Tenant Root => server.Root;

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(32)]
    [InlineData(1000)]
    [InlineData(6144)]
    public async Task Plaintext_OfAnAllowedSize_ComesBackFromAnEnvelopeOf140BytesMore(int bytes)
    {
        var keyId = await Root.KeyAsync(s_sm4);
        var plaintext = Catalogue.Base64Of(bytes);
        var encrypted = await Root.OkAsync("Encrypt", ("KeyId", keyId), ("Plaintext", plaintext));
        Assert.Equal(bytes + 140, Convert.FromBase64String(encrypted["CiphertextBlob"]).Length);
        Assert.Equal(keyId, encrypted["KeyId"]);
        Assert.Equal(plaintext, await Root.DecryptAsync(encrypted["CiphertextBlob"]));
        await Root.RefusedAsync(
            "InvalidParameter", "Plaintext", "Encrypt", ("KeyId", keyId), ("Plaintext", Catalogue.Base64Of(6145)));
    }

    [Theory]
    [InlineData("AES_256", 32)]
    [InlineData("AES_128", 16)]
    public async Task DataKey_OfAnSm4Key_IsWhatDecryptGives(string spec, int bytes)
    {
        var generated = await Root.OkAsync(
            "GenerateDataKey", ("KeyId", await Root.KeyAsync(s_sm4)), ("KeySpec", spec), ("EncryptionContext.a", "b"));
        var dataKey = await Root.DecryptAsync(generated["CiphertextBlob"], ("EncryptionContext.a", "b"));
        Assert.Equal(generated["Plaintext"], dataKey);
        Assert.Equal(bytes, Convert.FromBase64String(dataKey).Length);
        await Root.RefusedAsync(
            "InvalidParameter", "CiphertextBlob", "Decrypt", ("CiphertextBlob", generated["CiphertextBlob"]));
    }

    [Theory]
    [InlineData("Aliyun_SM4", "Aliyun_AES_256")]
    [InlineData("Aliyun_AES_256", "Aliyun_SM4")]
    [InlineData("Aliyun_SM4", "Aliyun_SM4")]
    public async Task ReEncrypt_BetweenKinds_MovesThePlaintext(string from, string to)
    {
        var (source, destination) = (await Root.KeyAsync(("KeySpec", from)), await Root.KeyAsync(("KeySpec", to)));
        foreach (var text in new[] { "hello 密钥", Catalogue.Base64Of(6144) })
        {
            var encrypted = await Root.OkAsync("Encrypt", ("KeyId", source), ("Plaintext", text));
            var moved = await Root.OkAsync(
                "ReEncrypt", ("CiphertextBlob", encrypted["CiphertextBlob"]), ("DestinationKeyId", destination));
            Assert.Equal(destination, moved["KeyId"]);
            Assert.Equal(text, await Root.DecryptAsync(moved["CiphertextBlob"]));
        }
    }

    [Fact]
    public async Task Ciphertext_WithAnyOneByteChangedOrCut_IsInvalid()
    {
        var blob = Convert.FromBase64String(await Root.EncryptAsync(await Root.KeyAsync(s_sm4)));
        for (var i = 0; i < blob.Length; i++)
        {
            foreach (var change in new byte[] { 0x01, 0x80 })
            {
                blob[i] ^= change;
                await InvalidAsync(blob);
                blob[i] ^= change;
            }
        }

        await InvalidAsync(blob[..^1]);
        await InvalidAsync([.. blob, 0]);
        var ofAes = Convert.FromBase64String(await Root.EncryptAsync(await Root.KeyAsync()));
        await InvalidAsync([.. ofAes[..100], .. blob[100..]]);
        await InvalidAsync([.. blob[..100], .. ofAes[100..]]);
        // The header of one kind with the suite of the other.
        await InvalidAsync([.. blob[..5], ofAes[5], .. blob[6..]]);
    }

    [Theory]
    [InlineData("Aliyun_SM4", 16, "SM2PKE")]
    [InlineData("Aliyun_SM4", 16, "RSAES_OAEP_SHA_256")]
    [InlineData("Aliyun_SM4", 16, "RSAES_OAEP_SHA_1")]
    [InlineData("Aliyun_SM4", 16, "RSAES_PKCS1_V1_5")]
    [InlineData("Aliyun_AES_256", 32, "SM2PKE")]
    public async Task Import_OfMaterialAsLongAsTheKindAsks_EnablesAndOfAnyOtherIsInvalid(string spec, int length, string algorithm)
    {
        var keyId = await Root.ExternalKeyAsync(("KeySpec", spec));
        var token = await Root.TokenAsync(keyId, algorithm);
        foreach (var wrong in new[] { 1, 15, 17, 24, 31, 33, 48 - length, 64 })
        {
            (await Root.CallAsync(Import, token.With(new byte[wrong]))).AssertRefused("InvalidKeyMaterial");
            Assert.Equal("PendingImport", await Root.StateAsync(keyId));
        }

        var material = RandomNumberGenerator.GetBytes(length);
        await Root.OkAsync(Import, token.With(material));
        Assert.Equal("Enabled", await Root.StateAsync(keyId));
        var blob = await Root.EncryptAsync(keyId);
        Assert.Equal("aGVsbG8=", await Root.DecryptAsync(blob));

        // Taken away and brought again by the other way, it is the same material.
        await Root.OkAsync("DeleteKeyMaterial", ("KeyId", keyId));
        var other = await Root.TokenAsync(keyId, algorithm == "SM2PKE" ? "RSAES_OAEP_SHA_256" : "SM2PKE");
        (await Root.CallAsync(Import, other.With(RandomNumberGenerator.GetBytes(length)))).AssertRefused("InvalidKeyMaterial");
        await Root.OkAsync(Import, other.With(material));
        Assert.Equal("aGVsbG8=", await Root.DecryptAsync(blob));
    }

    [Fact]
    public async Task Import_BySm2WrappedOtherwise_IsInvalidAndTheRightOneStillComesIn()
    {
        var keyId = await Root.ExternalKeyAsync(s_sm4);
        var token = await Root.TokenAsync(keyId, "SM2PKE");
        var material = RandomNumberGenerator.GetBytes(16);
        var right = Convert.FromBase64String(token.Wrap(material, "SM2PKE"));
        foreach (var wrong in new byte[][]
        {
            Sm2Order.ToOld(right), right[..^1], [.. right, 0], right[1..], [.. right[..^1], (byte)(right[^1] ^ 1)],
            OutsidePublicKey.Of(OutsidePair.Sm2.PublicKey).Encrypt("SM2PKE", material),
            OutsidePublicKey.Of(OutsidePair.Rsa.PublicKey).Encrypt("RSAES_OAEP_SHA_256", material), material, new byte[1024],
        })
        {
            var import = token.With(material)[..2];
            (await Root.CallAsync(Import, [.. import, ("EncryptedKeyMaterial", Convert.ToBase64String(wrong))]))
                .AssertRefused("InvalidKeyMaterial");
        }

        await Root.OkAsync(Import, token.With(material));
        await Root.RefusedAsync("InvalidImportToken", null, Import, token.With(material));
    }

    [Theory]
    [InlineData("RSA_2048", "SM2PKE", "WrappingKeySpec")]
    [InlineData("EC_SM2", "RSAES_OAEP_SHA_256", "WrappingKeySpec")]
    [InlineData("EC_SM2", "RSAES_OAEP_SHA_1", "WrappingKeySpec")]
    [InlineData("EC_SM2", "RSAES_PKCS1_V1_5", "WrappingKeySpec")]
    [InlineData("EC_P256", "SM2PKE", "WrappingKeySpec")]
    [InlineData("EC_SM2", "SM2DSA", "WrappingAlgorithm")]
    public async Task GetParametersForImport_OfASpecAndAnotherAlgorithm_IsRefused(string spec, string algorithm, string name)
    {
        foreach (var key in new[] { "Aliyun_SM4", "Aliyun_AES_256" })
        {
            await Root.RefusedAsync(
                "InvalidParameter", name, "GetParametersForImport",
                ("KeyId", await Root.ExternalKeyAsync(("KeySpec", key))), ("WrappingKeySpec", spec),
                ("WrappingAlgorithm", algorithm));
        }
    }

    [Fact]
    public async Task GetParametersForImport_BySm2_GivesAnotherPublicKeyEachTime()
    {
        var keyId = await Root.ExternalKeyAsync(s_sm4);
        var (first, second) = (await Root.TokenAsync(keyId, "SM2PKE"), await Root.TokenAsync(keyId, "SM2PKE"));
        Assert.NotEqual(first.PublicKey, second.PublicKey);
        Assert.Equal(91, first.PublicKey.Length);
        var material = RandomNumberGenerator.GetBytes(16);
        (await Root.CallAsync(Import, (first with { PublicKey = second.PublicKey }).With(material)))
            .AssertRefused("InvalidKeyMaterial");
        await Root.OkAsync(Import, second.With(material));
    }

    private Task InvalidAsync(byte[] blob) => Root.RefusedAsync(
        "InvalidParameter", "CiphertextBlob", "Decrypt", ("CiphertextBlob", Convert.ToBase64String(blob)));
}
