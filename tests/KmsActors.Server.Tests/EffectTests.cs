namespace KmsActors.Server.Tests;

/// <summary>That an action answered with success has done what it says.</summary>
public sealed class EffectTests(TestServer server) : IClassFixture<TestServer>
{
    private Tenant Root => server.Root;

    [Fact]
    public async Task Decrypt_OfAnEncryption_GivesThePlaintextBackAndNamesTheKey()
    {
        var keyId = await Root.KeyAsync();
        var decrypted = await Root.OkAsync("Decrypt", ("CiphertextBlob", await Root.EncryptAsync(keyId)));
        Assert.Equal(("aGVsbG8=", keyId), (decrypted["Plaintext"], decrypted["KeyId"]));
    }

    [Fact]
    public async Task Encrypt_TwiceTheSame_GivesDifferentCiphertexts()
    {
        var keyId = await Root.KeyAsync();
        Assert.NotEqual(await Root.EncryptAsync(keyId), await Root.EncryptAsync(keyId));
    }

    [Fact]
    public async Task DataKey_Decrypted_IsThePlaintextThatWasAnswered()
    {
        var generated = await Root.OkAsync("GenerateDataKey", ("KeyId", await Root.KeyAsync()));
        var decrypted = await Root.OkAsync("Decrypt", ("CiphertextBlob", generated["CiphertextBlob"]));
        Assert.Equal(generated["Plaintext"], decrypted["Plaintext"]);
        Assert.Equal(32, Convert.FromBase64String(decrypted["Plaintext"]).Length);
    }

    [Fact]
    public async Task DataKeyWithoutPlaintext_Decrypted_HasTheLengthOfItsSpec()
    {
        var generated = await Root.OkAsync(
            "GenerateDataKeyWithoutPlaintext", ("KeyId", await Root.KeyAsync()), ("KeySpec", "AES_128"));
        var decrypted = await Root.OkAsync("Decrypt", ("CiphertextBlob", generated["CiphertextBlob"]));
        Assert.Equal(16, Convert.FromBase64String(decrypted["Plaintext"]).Length);
    }

    [Theory]
    [InlineData("Encrypt")]
    [InlineData("GenerateDataKey")]
    [InlineData("GenerateDataKeyWithoutPlaintext")]
    [InlineData("DescribeKey")]
    [InlineData("ReEncrypt")]
    [InlineData("GenerateAndExportDataKey")]
    public async Task KeyId_AsAliasOrArn_NamesTheKey(string action)
    {
        var keyId = await Root.KeyAsync();
        var alias = await Root.AliasAsync(keyId);
        var blob = await Root.EncryptAsync(await Root.KeyAsync());
        var name = action == "ReEncrypt" ? "DestinationKeyId" : "KeyId";
        var field = action == "DescribeKey" ? "KeyMetadata.KeyId" : "KeyId";
        var arn = $"acs:kms:cn-hangzhou:{Root.Account}:";
        foreach (var reference in new[] { keyId, alias, $"{arn}key/{keyId}", arn + alias })
        {
            Args arguments = [(name, reference), ("Plaintext", "aGk="), ("CiphertextBlob", blob)];
            Args target = OutsidePair.Sm2.Target("SM2PKE");
            Assert.Equal(keyId, (await Root.OkAsync(action, [.. arguments, .. target]))[field]);
        }
    }

    [Fact]
    public async Task ReEncrypt_ToAnotherKeyAndContext_MovesThePlaintext()
    {
        var destination = await Root.KeyAsync();
        var blob = await Root.EncryptAsync(await Root.KeyAsync(), ("EncryptionContext", """{"a":"1"}"""));
        var moved = await Root.OkAsync(
            "ReEncrypt",
            ("CiphertextBlob", blob), ("SourceEncryptionContext.a", "1"),
            ("DestinationKeyId", destination), ("DestinationEncryptionContext", """{"b":"2"}"""));
        var decrypted = await Root.OkAsync(
            "Decrypt", ("CiphertextBlob", moved["CiphertextBlob"]), ("EncryptionContext.b", "2"));
        Assert.Equal(("aGVsbG8=", destination), (decrypted["Plaintext"], decrypted["KeyId"]));
        await Root.RefusedAsync(
            "InvalidParameter", "CiphertextBlob", "ReEncrypt",
            ("CiphertextBlob", blob), ("DestinationKeyId", destination));
    }

    [Fact]
    public async Task UpdateAlias_ToAnotherKey_MovesItAndLeavesTheFirst()
    {
        var (first, second) = (await Root.KeyAsync(), await Root.KeyAsync());
        var alias = await Root.AliasAsync(first);
        await Root.OkAsync("UpdateAlias", ("AliasName", alias), ("KeyId", second));
        Assert.Equal(second, (await Root.DescribeAsync(alias))["KeyMetadata.KeyId"]);
        Assert.Empty((await Root.OkAsync("ListAliasesByKeyId", ("KeyId", first))).Column("Aliases.Alias", "AliasName"));
        var listed = await Root.OkAsync("ListAliasesByKeyId", ("KeyId", second));
        Assert.Equal([alias], listed.Column("Aliases.Alias", "AliasName"));
        Assert.Equal(
            [$"acs:kms:cn-hangzhou:{Root.Account}:{alias}"], listed.Column("Aliases.Alias", "AliasArn"));
    }

    [Fact]
    public async Task DeleteAlias_ThenByAlias_IsNotFound()
    {
        var alias = await Root.AliasAsync(await Root.KeyAsync());
        await Root.OkAsync("DeleteAlias", ("AliasName", alias));
        await Root.RefusedAsync("Forbidden.AliasNotFound", null, "DescribeKey", ("KeyId", alias));
        await Root.RefusedAsync("Forbidden.AliasNotFound", null, "DeleteAlias", ("AliasName", alias));
        await Root.RefusedAsync(
            "Forbidden.AliasNotFound", null, "UpdateAlias", ("AliasName", alias), ("KeyId", await Root.KeyAsync()));
    }

    [Fact]
    public async Task CreateAlias_OfATakenName_IsRefusedAndMovesNothing()
    {
        var (first, second) = (await Root.KeyAsync(), await Root.KeyAsync());
        var alias = await Root.AliasAsync(first);
        await Root.RefusedAsync(
            "AliasAlreadyExists", null, "CreateAlias", ("AliasName", alias), ("KeyId", second));
        Assert.Equal(first, (await Root.DescribeAsync(alias))["KeyMetadata.KeyId"]);
    }

    [Fact]
    public async Task UpdateKeyDescription_WithAnEmptyOne_ClearsIt()
    {
        var keyId = await Root.KeyAsync();
        await Root.OkAsync("UpdateKeyDescription", ("KeyId", keyId), ("Description", "一"));
        Assert.Equal("一", (await Root.DescribeAsync(keyId))["KeyMetadata.Description"]);
        await Root.OkAsync("UpdateKeyDescription", ("KeyId", keyId), ("Description", ""));
        Assert.Equal("", (await Root.DescribeAsync(keyId))["KeyMetadata.Description"]);
    }

    [Fact]
    public async Task EnableKeyAndDisableKey_Twice_ChangeNothingTheSecondTime()
    {
        var keyId = await Root.KeyAsync();
        foreach (var (action, state) in new[] { ("DisableKey", "Disabled"), ("EnableKey", "Enabled") })
        {
            await Root.OkAsync(action, ("KeyId", keyId));
            var commits = server.Commits();
            await Root.OkAsync(action, ("KeyId", keyId));
            Assert.Equal((state, commits), (await Root.StateAsync(keyId), server.Commits()));
        }
    }
}
