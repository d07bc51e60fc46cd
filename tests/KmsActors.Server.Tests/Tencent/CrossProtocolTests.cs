using KmsActors.Server.Tests.Huawei;

namespace KmsActors.Server.Tests.Tencent;

/// <summary>One account, three protocols: the same keys, names and ciphertexts.</summary>
public sealed class CrossProtocolTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Context = """{"Key1":"Value1","键":"值"}""";

    [Fact]
    public async Task Key_MadeByAny_IsThatOfAll()
    {
        var (customer, aliyun, huawei) = await NewAsync();
        var here = await customer.KeyAsync("here");
        var there = await aliyun.KeyAsync(("Description", "von drüben"));
        var yonder = await huawei.KeyAsync(alias: "yonder");
        string[] all = [here, there, yonder];
        Assert.Equal(all.Order(), (await customer.KeyIdsAsync()).Order());
        Assert.Equal(all.Order(), (await aliyun.KeyIdsAsync()).Order());

        Assert.Equal(("", "yonder"), (await customer.AliasAsync(there), await customer.AliasAsync(yonder)));
        Assert.Equal("von drüben", (await customer.DescribeAsync(there))["keyMetadata.description"]);
        Assert.Equal("here", (await huawei.DescribeAsync(here))["key_info.key_alias"]);
        Assert.Equal(["alias/here", "alias/yonder"], await aliyun.AliasNamesAsync());
        Assert.Equal(here, (await aliyun.DescribeAsync("alias/here"))["KeyMetadata.KeyId"]);
        await huawei.RefusedAsync("KMS.1104", "create-key", new { key_alias = "here" });
        await customer.RefusedAsync("4500/10480", "CreateKey", ("alias", "yonder"));

        await customer.OkAsync("DisableKey", ("keyId", yonder));
        Assert.Equal(("3", "Disabled"), (await huawei.StateAsync(yonder), await aliyun.StateAsync(yonder)));
        await huawei.OkAsync("enable-key", new { key_id = yonder });
        Assert.Equal("Enabled", await customer.StateAsync(yonder));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ciphertext_MadeByAny_DecryptsByAll(bool hasContext)
    {
        var (customer, aliyun, huawei) = await NewAsync();
        var keyId = await customer.KeyAsync();
        Args here = hasContext ? [("encryptionContext", Context)] : [];
        Args there = hasContext ? [("EncryptionContext", Context)] : [];
        var pairs = hasContext ? new { Key1 = "Value1", 键 = "值" } : null;

        var blobs = new[]
        {
            await customer.EncryptAsync(keyId, here), await aliyun.EncryptAsync(keyId, there),
            await huawei.EncryptAsync(keyId, pairs),
        };
        foreach (var blob in blobs)
        {
            Assert.Equal(Customer.Hello, await customer.DecryptAsync(blob, here));
            Assert.Equal("hello", await huawei.DecryptAsync(blob, pairs));
            // Given as text by Huawei's alone.
            Assert.Equal(blob == blobs[2] ? "hello" : Customer.Hello, await aliyun.DecryptAsync(blob, there));
            if (hasContext) await customer.RefusedAsync("4560/10670", "Decrypt", ("ciphertextBlob", blob));
        }

        var made = await customer.OkAsync("GenerateDataKey", [("keyId", keyId), .. here]);
        Assert.Equal(made["plaintext"], await aliyun.DecryptAsync(made["ciphertextBlob"], there));
    }

    // What another protocol encrypts may be longer than this one has it.
    [Fact]
    public async Task Ciphertext_OfTheLargestPlaintext_Decrypts()
    {
        var (customer, aliyun, _) = await NewAsync();
        var keyId = await customer.KeyAsync();
        var largest = Requests.Base64Of(6144);
        var encrypted = await aliyun.OkAsync("Encrypt", ("KeyId", keyId), ("Plaintext", largest));
        Assert.Equal(largest, await customer.DecryptAsync(encrypted["CiphertextBlob"]));
    }

    [Fact]
    public async Task Deletion_CancelledByAny_EndsAsItsDocumentSays()
    {
        var (customer, aliyun, huawei) = await NewAsync();
        var keyId = await customer.KeyAsync();
        await huawei.OkAsync("schedule-key-deletion", new { key_id = keyId, pending_days = "1000" });
        Assert.Equal("PendingDelete", await customer.StateAsync(keyId));
        await customer.OkAsync("CancelKeyDeletion", ("keyId", keyId));
        Assert.Equal("Disabled", await aliyun.StateAsync(keyId));
        // As one of the vendor's clients names it.
        await customer.OkAsync("ScheduleKeyDeletion", ("KeyId", keyId), ("pendingWindowInDays", "30"));
        Assert.Equal("PendingDeletion", await aliyun.StateAsync(keyId));
        await customer.OkAsync("CancelKeyDeletion", ("KeyId", keyId));
        await customer.RefusedAsync("4000/10390", "EnableKey", ("KeyId", keyId));
    }

    [Fact]
    public async Task Material_ImportedThere_IsUsedHere()
    {
        var (customer, aliyun, _) = await NewAsync();
        var keyId = await customer.KeyAsync(type: "2");
        Assert.Equal(2, (await customer.DescribeAsync(keyId)).Number("keyMetadata.type"));
        await aliyun.ImportAsync(keyId, Tenant.NewMaterial());
        Assert.Equal(Customer.Hello, await customer.DecryptAsync(await customer.EncryptAsync(keyId)));
        var signer = (await aliyun.PairAsync("EC_P256")).KeyId;
        Assert.Equal("SIGN/VERIFY", (await customer.DescribeAsync(signer))["keyMetadata.keyUsage"]);
    }

    private async Task<(Customer Customer, Tenant Aliyun, Project Huawei)> NewAsync()
    {
        var tenant = await server.NewTenantAsync();
        return (new Customer(tenant), tenant, new Project(tenant));
    }
}
