using System.Globalization;

namespace KmsActors.Server.Tests.Huawei;

/// <summary>Data keys there and back again.</summary>
public sealed class DataKeyTests(ProjectServer server) : IClassFixture<ProjectServer>
{
    private static readonly object s_context = new { Key1 = "Value1", 键 = "值" };

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(1023)]
    [InlineData(1024)]
    public async Task DataKey_EncryptedAndDecrypted_IsTheSame(int bytes)
    {
        var project = await server.ProjectAsync(Proof.Signature);
        var keyId = await project.KeyAsync();
        var dataKey = Convert.FromHexString(
            (await project.OkAsync("gen-random", new { random_data_length = Text(8 * bytes) }))["random_data"]);
        foreach (var hex in new[] { DataKey.Hashed(dataKey), DataKey.Hashed(dataKey).ToLowerInvariant() })
        {
            var encrypted = await project.OkAsync("encrypt-datakey", new
            {
                key_id = keyId, plain_text = hex, datakey_plain_length = Text(bytes), encryption_context = s_context,
            });
            Assert.Equal((keyId, Text(bytes)), (encrypted["key_id"], encrypted["datakey_length"]));
            await DecryptsAsync(project, keyId, encrypted["cipher_text"], Convert.ToHexString(dataKey));
        }
    }

    [Theory]
    [InlineData(8)]
    [InlineData(512)]
    [InlineData(8192)]
    public async Task DataKey_Made_IsThatOfItsCiphertext(int bits)
    {
        var project = await server.ProjectAsync(Proof.Signature);
        var keyId = await project.KeyAsync();
        var made = await project.OkAsync(
            "create-datakey", new { key_id = keyId, datakey_length = Text(bits), encryption_context = s_context });
        Assert.Equal(keyId, made["key_id"]);
        Assert.Equal(bits / 4, made["plain_text"].Length);
        Assert.Equal(made["plain_text"].ToUpperInvariant(), made["plain_text"]);
        await DecryptsAsync(project, keyId, made["cipher_text"], made["plain_text"]);

        var other = await project.OkAsync("create-datakey", new { key_id = keyId, datakey_length = Text(bits) });
        if (bits > 8) Assert.NotEqual(made["plain_text"], other["plain_text"]);
        Assert.NotEqual(made["cipher_text"], other["cipher_text"]);
    }

    [Theory]
    [InlineData("datakey_plain_length", "0", "2102")]
    [InlineData("datakey_plain_length", "1025", "2102")]
    [InlineData("datakey_plain_length", "x", "2102")]
    [InlineData("datakey_plain_length", "=64", "2102")]
    [InlineData("datakey_plain_length", "-", "0204")]
    [InlineData("datakey_plain_length", "63", "2101")]
    [InlineData("datakey_plain_length", "65", "2101")]
    [InlineData("plain_text", "-", "0204")]
    [InlineData("plain_text", "", "2101")]
    [InlineData("plain_text", "=5", "2101")]
    [InlineData("plain_text", "0*193", "2101")]
    [InlineData("plain_text", "0*190", "2101")]
    [InlineData("plain_text", "0g*96", "2101")]
    [InlineData("plain_text", "密*64", "2101")]
    [InlineData("plain_text", "0*2114", "2101")]
    [InlineData("plain_text", "0*192", "2103")]
    public async Task EncryptDataKey_Field_HasItsBounds(string field, string value, string code) =>
        await CheckAsync("POST encrypt-datakey", field, value, code);

    [Theory]
    [InlineData("datakey_cipher_length", "0", "2202")]
    [InlineData("datakey_cipher_length", "1025", "2202")]
    [InlineData("datakey_cipher_length", "31", "2202")]
    [InlineData("datakey_cipher_length", "33", "2202")]
    [InlineData("datakey_cipher_length", "172", "2202")]
    [InlineData("datakey_cipher_length", "=32", "2202")]
    [InlineData("datakey_cipher_length", "-", "0204")]
    [InlineData("cipher_text", "-", "0204")]
    [InlineData("cipher_text", "", "2201")]
    [InlineData("cipher_text", "=5", "2201")]
    [InlineData("cipher_text", "0*280", "2201")]
    [InlineData("cipher_text", "0*344", "2201")]
    [InlineData("cipher_text", "0*2330", "2201")]
    [InlineData("cipher_text", "xy*172", "2201")]
    public async Task DecryptDataKey_Field_HasItsBounds(string field, string value, string code) =>
        await CheckAsync("POST decrypt-datakey", field, value, code);

    // No digest of its own is looked at: what the envelope holds cannot be changed without its being refused.
    [Fact]
    public async Task Ciphertext_WithAnyByteChanged_IsRefused()
    {
        var project = await server.ProjectAsync(Proof.Signature);
        var keyId = await project.KeyAsync();
        var good = Convert.FromHexString(await project.DataKeyAsync(keyId));
        for (var i = 0; i < good.Length; i++)
        {
            var bad = good.ToArray();
            bad[i] ^= 0x10;
            await project.RefusedAsync("KMS.2201", "decrypt-datakey", new
            {
                key_id = keyId, cipher_text = Convert.ToHexString(bad), datakey_cipher_length = "32",
            });
        }
    }

    [Fact]
    public async Task Ciphertext_UnderAnotherKeyOrContext_IsRefused()
    {
        var project = await server.ProjectAsync(Proof.Signature);
        var (one, other) = (await project.KeyAsync(), await project.KeyAsync());
        var ciphertext = (await project.OkAsync(
            "create-datakey", new { key_id = one, encryption_context = s_context }))["cipher_text"];
        foreach (var (keyId, context) in new (string, object?)[]
        {
            (other, s_context), (one, null), (one, new { Key1 = "Value1" }), (one, new { Key1 = "value1", 键 = "值" }),
        })
        {
            await project.RefusedAsync("KMS.2201", "decrypt-datakey", new
            {
                key_id = keyId, cipher_text = ciphertext, datakey_cipher_length = "32", encryption_context = context,
            });
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static async Task DecryptsAsync(Project project, string keyId, string ciphertext, string dataKey)
    {
        // The same pairs in another order are the same context.
        var decrypted = await project.OkAsync("decrypt-datakey", new
        {
            key_id = keyId, cipher_text = ciphertext, datakey_cipher_length = Text(dataKey.Length / 2),
            encryption_context = new { 键 = "值", Key1 = "Value1" },
        });
        Assert.Equal(dataKey, decrypted["data_key"]);
        Assert.Equal(Text(dataKey.Length / 2), decrypted["datakey_length"]);
        Assert.Equal(DataKey.HashOf(dataKey), decrypted["datakey_dgst"]);
    }

    private async Task CheckAsync(string endpoint, string field, string value, string code)
    {
        var project = await server.ProjectAsync(Proof.Signature);
        await FieldTable.CheckAsync(project, endpoint, await project.KeyAsync(), field, value, code);
    }
}
