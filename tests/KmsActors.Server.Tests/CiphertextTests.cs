namespace KmsActors.Server.Tests;

/// <summary>
/// Ciphertexts that are not what they were: one answer for every cause, so that a forger learns nothing.
/// </summary>
public sealed class CiphertextTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Context = """{"a":"b"}""";

    private Tenant Root => server.Root;

    [Fact]
    public async Task Ciphertext_WithAnyOneByteChanged_IsInvalid()
    {
        var blob = await BlobAsync();
        for (var i = 0; i < blob.Length; i++)
        {
            foreach (var change in new byte[] { 0x01, 0x80 })
            {
                blob[i] ^= change;
                await InvalidAsync(blob);
                blob[i] ^= change;
            }
        }

        await Root.OkAsync("Decrypt", Arguments(blob));
    }

    [Fact]
    public async Task Ciphertext_CutShortAnywhere_IsInvalid()
    {
        var blob = await BlobAsync();
        for (var length = 1; length < blob.Length; length++) await InvalidAsync(blob[..length]);
    }

    [Fact]
    public async Task Ciphertext_WithSomethingMore_IsInvalid()
    {
        var blob = await BlobAsync();
        await InvalidAsync([.. blob, 0]);
        await InvalidAsync([0, .. blob]);
        await InvalidAsync([.. blob, .. blob]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(139)]
    [InlineData(140)]
    [InlineData(141)]
    [InlineData(6284)]
    [InlineData(6285)]
    public async Task Ciphertext_OfRandomBytes_IsInvalid(int length) =>
        await InvalidAsync(Convert.FromBase64String(Catalogue.Base64Of(length)));

    [Fact]
    public async Task Ciphertext_UnderAnotherContext_IsInvalid()
    {
        var blob = Convert.ToBase64String(await BlobAsync());
        foreach (var context in new Args[]
        {
            [], [("EncryptionContext", "{}")], [("EncryptionContext", """{"a":"B"}""")], [("EncryptionContext.b", "a")],
        })
        {
            await Root.RefusedAsync(
                "InvalidParameter", "CiphertextBlob", "Decrypt", [("CiphertextBlob", blob), .. context]);
        }
    }

    [Fact]
    public async Task Ciphertext_WithTheHeaderOfAnotherKey_IsInvalid()
    {
        var (first, second) = (await BlobAsync(), await BlobAsync());
        await InvalidAsync([.. first[..100], .. second[100..]]);
    }

    /// <summary>What a ciphertext says of its key decides who is asked; a pair has nothing to do with it.</summary>
    [Theory]
    [InlineData("EC_P256")]
    [InlineData("EC_SM2")]
    public async Task Ciphertext_ThatNamesAPair_IsUnsupported(string spec)
    {
        var pair = await Root.PairAsync(spec);
        var blob = await BlobAsync();
        byte[] ids =
        [
            .. Guid.Parse(pair.KeyId).ToByteArray(bigEndian: true), .. Guid.Parse(pair.VersionId).ToByteArray(bigEndian: true),
        ];
        var forged = Convert.ToBase64String([.. blob[..8], .. ids, .. blob[40..]]);
        await Root.RefusedAsync("UnsupportedOperation", null, "Decrypt", ("CiphertextBlob", forged));
        await Root.RefusedAsync(
            "UnsupportedOperation", null, "ReEncrypt", ("CiphertextBlob", forged), ("DestinationKeyId", await Root.KeyAsync()));
        await Root.RefusedAsync(
            "UnsupportedOperation", null, "ExportDataKey",
            [("CiphertextBlob", forged), .. OutsidePair.Sm2.Target("SM2PKE")]);
    }

    [Fact]
    public async Task Ciphertext_InvalidForWhateverCause_GetsOneAnswer()
    {
        var tenant = await server.NewTenantAsync();
        var blob = await BlobAsync();
        byte[] damaged = [.. blob];
        damaged[^1] ^= 1;
        byte[][] causes =
        [
            damaged, blob[..^1], [.. blob, 0], Convert.FromBase64String(Catalogue.Base64Of(blob.Length)),
            Convert.FromBase64String(await tenant.EncryptAsync(await tenant.KeyAsync(), ("EncryptionContext", Context))),
        ];
        List<Answer> answers =
        [
            await Root.CallAsync("Decrypt", ("CiphertextBlob", Convert.ToBase64String(blob))),
            .. await Task.WhenAll(causes.Select(cause => Root.CallAsync("Decrypt", Arguments(cause)))),
        ];
        Assert.Single(answers.Select(answer => answer.WithoutRequestId).Distinct());
        Assert.Single(answers.Select(answer => answer.Status).Distinct());
    }

    [Fact]
    public async Task Ciphertext_OfMaterialImportedUnderTwoKeys_BelongsToOneOfThem()
    {
        var material = Tenant.NewMaterial();
        var (first, second) = (await Root.ExternalKeyAsync(), await Root.ExternalKeyAsync());
        await Root.ImportAsync(first, material);
        await Root.ImportAsync(second, material);
        var ofFirst = Convert.FromBase64String(await Root.EncryptAsync(first));
        var ofSecond = Convert.FromBase64String(await Root.EncryptAsync(second));
        await InvalidAsync([.. ofFirst[..100], .. ofSecond[100..]], []);
        var decrypted = await Root.OkAsync("Decrypt", ("CiphertextBlob", Convert.ToBase64String(ofFirst)));
        Assert.Equal(first, decrypted["KeyId"]);
    }

    private static Args Arguments(byte[] blob) =>
        [("CiphertextBlob", Convert.ToBase64String(blob)), ("EncryptionContext", Context)];

    private async Task<byte[]> BlobAsync() => Convert.FromBase64String(
        await Root.EncryptAsync(await Root.KeyAsync(), ("EncryptionContext", Context)));

    private Task InvalidAsync(byte[] blob) => InvalidAsync(blob, [("EncryptionContext", Context)]);

    private Task InvalidAsync(byte[] blob, Args context) => Root.RefusedAsync(
        "InvalidParameter", "CiphertextBlob", "Decrypt",
        [("CiphertextBlob", Convert.ToBase64String(blob)), .. context]);
}
