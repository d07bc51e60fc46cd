namespace KmsActors.Server.Tests.Tencent;

/// <summary>Plaintexts, ciphertexts and encryption contexts: their limits from both sides.</summary>
public sealed class DataTests(TestServer server) : IClassFixture<TestServer>
{
    private Customer Customer => new(server.Root);

    [Theory]
    [InlineData(1, true)]
    [InlineData(4096, true)]
    [InlineData(4097, false)]
    [InlineData(6144, false)]
    [InlineData(60_000, false)]
    public async Task Plaintext_OfUpTo4096Bytes_IsTaken(int length, bool isGood)
    {
        var keyId = await Customer.KeyAsync();
        Args parameters = [("keyId", keyId), ("plaintext", Requests.Base64Of(length))];
        if (!isGood)
        {
            await Customer.OutOfRangeAsync("plaintext", "Encrypt", parameters);
            return;
        }

        var blob = (await Customer.OkAsync("Encrypt", parameters))["ciphertextBlob"];
        Assert.Equal(length + 140, Convert.FromBase64String(blob).Length);
        Assert.Equal(Requests.Base64Of(length), await Customer.DecryptAsync(blob));
    }

    [Theory]
    [InlineData("not base64!")]
    [InlineData("aGVsbG8")]
    [InlineData("aGVsbG9=")]
    [InlineData("aGVs bG8=")]
    [InlineData(" ")]
    [InlineData("aGVsbG8=\n")]
    [InlineData("aGVsbG8-")]
    [InlineData("====")]
    [InlineData("a")]
    [InlineData("密")]
    public async Task Plaintext_ThatIsNotBase64_IsRefused(string plaintext)
    {
        var keyId = await Customer.KeyAsync();
        await Customer.RefusedAsync("4590/10690", "Encrypt", ("keyId", keyId), ("plaintext", plaintext));
    }

    [Theory]
    [InlineData(140, "4580/10680")]
    [InlineData(141, "4560/10670")]
    [InlineData(140 + 6144, "4560/10670")]
    [InlineData(140 + 6145, "4580/10680")]
    public async Task Ciphertext_OfAnImpossibleLength_IsInvalid(int length, string code) =>
        await Customer.RefusedAsync(code, "Decrypt", ("ciphertextBlob", Requests.Base64Of(length)));

    [Theory]
    [InlineData("nonsense!")]
    [InlineData("bm9uc2Vuc2U=")]
    [InlineData("{0} ")]
    [InlineData("{0}=")]
    public async Task Ciphertext_ThatIsNoneByItsForm_IsInvalid(string form)
    {
        var blob = await Customer.EncryptAsync(await Customer.KeyAsync());
        await Customer.RefusedAsync("4580/10680", "Decrypt", ("ciphertextBlob", form.Replace("{0}", blob)));
    }

    [Fact]
    public async Task Ciphertext_WithAnyBitChanged_FailsWithoutAReason()
    {
        var blob = Convert.FromBase64String(await Customer.EncryptAsync(await Customer.KeyAsync()));
        for (var at = 0; at < blob.Length; at++)
        {
            var changed = (byte[])blob.Clone();
            changed[at] ^= (byte)(1 << (at % 8));
            var answer = await Customer.RefusedAsync(
                "4560/10670", "Decrypt", ("ciphertextBlob", Convert.ToBase64String(changed)));
            Assert.Equal("decryption failed", answer.Words);
        }
    }

    [Theory]
    [InlineData("nope")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"a\"")]
    [InlineData("{\"a\":1}")]
    [InlineData("{\"a\":{\"b\":\"c\"}}")]
    [InlineData("{\"a\":\"b\",\"a\":\"c\"}")]
    [InlineData("{\"a\":\"b\"} x")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    public async Task Context_ThatIsNoMapOfTexts_IsIllegal(string context)
    {
        var keyId = await Customer.KeyAsync();
        var blob = await Customer.EncryptAsync(keyId);
        foreach (var action in new[] { "Encrypt", "Decrypt", "GenerateDataKey" })
        {
            Args parameters = [.. Requests.Of(action, keyId, blob), ("encryptionContext", context)];
            await Customer.RefusedAsync("4540/10640", action, parameters);
        }
    }

    [Theory]
    [InlineData(8192 - 8, true)]
    [InlineData(8192 - 7, false)]
    public async Task Context_OfUpTo8192Characters_IsTaken(int length, bool isGood)
    {
        var keyId = await Customer.KeyAsync();
        Args context = [("encryptionContext", $$"""{"a":"{{new string('密', length)}}"}""")];
        if (isGood) Assert.Equal(Customer.Hello, await Customer.DecryptAsync(await Customer.EncryptAsync(keyId, context), context));
        else await Customer.RefusedAsync("4540/10640", "Encrypt", [.. Requests.Of("Encrypt", keyId, ""), .. context]);
    }
}
