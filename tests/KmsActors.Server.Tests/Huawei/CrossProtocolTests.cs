namespace KmsActors.Server.Tests.Huawei;

/// <summary>One account, two protocols: the same keys, aliases, tags and ciphertexts.</summary>
public sealed class CrossProtocolTests(ProjectServer server) : IClassFixture<ProjectServer>
{
    private static readonly object s_pairs = new { Key1 = "Value1", 键 = "值" };
    private static readonly string s_context = """{"键":"值","Key1":"Value1"}""";

    [Fact]
    public async Task Key_MadeByEither_IsThatOfBoth()
    {
        var (project, tenant) = await NewAsync();
        var here = await project.KeyAsync(alias: "named");
        var there = await tenant.KeyAsync(("Description", "von drüben"));
        Assert.Equal(new[] { here, there }.Order(), (await tenant.KeyIdsAsync()).Order());
        Assert.Equal(new[] { here, there }.Order(), (await project.OkAsync("list-keys", new { })).List("keys").Order());

        var described = await project.DescribeAsync(there);
        Assert.Equal("von drüben", described["key_info.key_description"]);
        Assert.Equal("", described["key_info.key_alias"]);
        Assert.Equal("0", described["key_info.sys_enterprise_project_id"]);
        Assert.Equal("Enabled", await tenant.StateAsync(here));

        await project.OkAsync("update-key-description", new { key_id = there, key_description = "von hier" });
        Assert.Equal("von hier", (await tenant.DescribeAsync(there))["KeyMetadata.Description"]);
        await tenant.OkAsync("DisableKey", ("KeyId", here));
        Assert.Equal("3", await project.StateAsync(here));
        await project.OkAsync("enable-key", new { key_id = here });
        Assert.Equal("Enabled", await tenant.StateAsync(here));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ciphertext_MadeByEither_DecryptsByBoth(bool hasContext)
    {
        var (project, tenant) = await NewAsync();
        var keyId = await project.KeyAsync();
        var pairs = hasContext ? s_pairs : null;
        Args context = hasContext ? [("EncryptionContext", s_context)] : [];

        var here = await project.EncryptAsync(keyId, pairs);
        Assert.Equal("hello", await tenant.DecryptAsync(here, context));
        var there = await tenant.EncryptAsync(keyId, context);
        Assert.Equal("hello", await project.DecryptAsync(there, pairs));

        var made = await project.OkAsync("create-datakey", new { key_id = keyId, encryption_context = pairs });
        var blob = Convert.ToBase64String(Convert.FromHexString(made["cipher_text"]));
        var bytes = Convert.FromBase64String(await tenant.DecryptAsync(blob, context));
        Assert.Equal(made["plain_text"], Convert.ToHexString(bytes));
        var generated = await tenant.OkAsync("GenerateDataKey", [("KeyId", keyId), ("KeySpec", "AES_256"), .. context]);
        var decrypted = await project.OkAsync("decrypt-datakey", new
        {
            key_id = keyId, cipher_text = Hex(generated["CiphertextBlob"]), datakey_cipher_length = "32",
            encryption_context = pairs,
        });
        Assert.Equal(Hex(generated["Plaintext"]), decrypted["data_key"]);
        if (!hasContext) return;
        await project.RefusedAsync("KMS.2201", "decrypt-data", new { cipher_text = there });
        await tenant.RefusedAsync("InvalidParameter", "CiphertextBlob", "Decrypt", ("CiphertextBlob", here));
    }

    // What the other protocol encrypts may be bytes, and longer than this one has it.
    [Fact]
    public async Task Ciphertext_OfBytes_DecryptsInBase64()
    {
        var (project, tenant) = await NewAsync();
        var keyId = await tenant.KeyAsync();
        var bytes = Convert.ToBase64String([0xff, 0xfe, 0]);
        var encrypted = await tenant.OkAsync("Encrypt", ("KeyId", keyId), ("Plaintext", bytes));
        var decrypted = await project.OkAsync("decrypt-data", new { cipher_text = encrypted["CiphertextBlob"] });
        Assert.Equal((bytes, bytes), (decrypted["plain_text"], decrypted["plain_text_base64"]));
        foreach (var (length, isGood) in new[] { (4096, true), (4097, false), (6144, false) })
        {
            var blob = (await tenant.OkAsync(
                "Encrypt", ("KeyId", keyId), ("Plaintext", Requests.Base64Of(length))))["CiphertextBlob"];
            var answer = await project.PostAsync("decrypt-data", new { cipher_text = blob });
            if (isGood) Assert.Equal(length, answer.AssertOk()["plain_text"].Length);
            else answer.AssertRefused("KMS.2201");
        }
    }

    [Fact]
    public async Task Tags_OfEither_AreThoseOfBoth()
    {
        var (project, tenant) = await NewAsync();
        var keyId = await tenant.KeyAsync();
        await project.TagAsync(keyId, "here", "值");
        await tenant.OkAsync("TagResource", ("KeyId", keyId), ("Tags", """[{"TagKey":"there","TagValue":"b"}]"""));
        Assert.Equal(["here=值", "there=b"], await project.TagsAsync(keyId));
        var listed = await tenant.OkAsync("ListResourceTags", ("KeyId", keyId));
        Assert.Equal(["here", "there"], listed.Column("Tags.Tag", "TagKey"));
        await project.DoneAsync(Ask.Delete($"{keyId}/tags/there"));
        await tenant.OkAsync("UntagResource", ("KeyId", keyId), ("TagKeys", """["here"]"""));
        Assert.Empty(await project.TagsAsync(keyId));
    }

    [Fact]
    public async Task Deletion_CancelledByEither_EndsAsItsDocumentSays()
    {
        var (project, tenant) = await NewAsync();
        var keyId = await project.KeyAsync();
        await project.OkAsync("schedule-key-deletion", new { key_id = keyId, pending_days = "1000" });
        Assert.Equal("PendingDeletion", await tenant.StateAsync(keyId));
        await tenant.OkAsync("CancelKeyDeletion", ("KeyId", keyId));
        Assert.Equal("2", await project.StateAsync(keyId));
        await tenant.OkAsync("ScheduleKeyDeletion", ("KeyId", keyId), ("PendingWindowInDays", "7"));
        Assert.Equal("3", (await project.OkAsync("cancel-key-deletion", new { key_id = keyId }))["key_state"]);
        Assert.Equal("Disabled", await tenant.StateAsync(keyId));
    }

    [Fact]
    public async Task Material_ImportedByEither_IsThatOfBoth()
    {
        var (project, tenant) = await NewAsync();
        var (here, there) = (await project.ExternalKeyAsync(), await tenant.ExternalKeyAsync());
        var material = Tenant.NewMaterial();
        await tenant.ImportAsync(here, material);
        await project.ImportAsync(there, material);
        await project.OkAsync("delete-imported-key-material", new { key_id = here });
        await project.ImportAsync(here, material);
        Assert.Equal("hello", await tenant.DecryptAsync(await project.EncryptAsync(here)));
        Assert.Equal("hello", await project.DecryptAsync(await tenant.EncryptAsync(there)));
    }

    private static string Hex(string base64) => Convert.ToHexString(Convert.FromBase64String(base64));

    private async Task<(Project Project, Tenant Tenant)> NewAsync()
    {
        var project = await server.NewProjectAsync();
        return (project, project.Tenant);
    }
}
