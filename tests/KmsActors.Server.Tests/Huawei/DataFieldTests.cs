namespace KmsActors.Server.Tests.Huawei;

/// <summary>Fields of data, data keys and random numbers, at their bounds and beyond.</summary>
public sealed class DataFieldTests(ProjectServer server) : IClassFixture<ProjectServer>
{
    private static readonly string[] s_badBits =
    [
        "0", "1", "4", "7", "9", "12", "8193", "8200", "-8", "", " 8", "8 ", "8.0", "0x8", "８",
        "99999999999999999999", "=512", "=true", "=[]",
    ];

    public static IEnumerable<object[]> Lengths =>
        from call in new[]
        {
            ("POST gen-random", "random_data_length", "1801"),
            ("POST create-datakey", "datakey_length", "1901"),
            ("POST create-datakey-without-plaintext", "datakey_length", "2001"),
        }
        select new object[] { call.Item1, call.Item2, call.Item3 };

    [Theory]
    [MemberData(nameof(Lengths))]
    public async Task Bits_AreAWholeNumberOfBytesUpTo8192(string endpoint, string field, string code)
    {
        var project = await server.ProjectAsync(Proof.Signature);
        var keyId = await project.KeyAsync();
        foreach (var bits in s_badBits)
            await FieldTable.CheckAsync(project, endpoint, keyId, field, bits, code);
        foreach (var (bits, bytes) in new[] { ("8", 1), ("16", 2), ("08", 1), ("8184", 1023), ("8192", 1024) })
        {
            var answer = await FieldTable.CheckAsync(project, endpoint, keyId, field, bits, "ok");
            foreach (var hex in new[] { "random_data", "plain_text" }.Where(answer.Has))
                Assert.Equal(2 * bytes, answer[hex].Length);
            if (answer.Has("cipher_text")) Assert.Equal(2 * (bytes + 140), answer["cipher_text"].Length);
        }
    }

    [Fact]
    public async Task Bits_NotGiven_Are256OrMissing()
    {
        var project = await server.ProjectAsync(Proof.Signature);
        var keyId = await project.KeyAsync();
        await FieldTable.CheckAsync(project, "POST gen-random", keyId, "random_data_length", "-", "0204");
        var made = await FieldTable.CheckAsync(project, "POST create-datakey", keyId, "datakey_length", "=null", "ok");
        Assert.Equal(64, made["plain_text"].Length);
        foreach (var (spec, length, bytes) in new[]
        {
            (null, null, 32), ("AES_256", null, 32), ("AES_128", null, 16), ("AES_128", "512", 64), (null, "8", 1),
        })
        {
            var fields = new { key_id = keyId, key_spec = spec, datakey_length = length };
            var hidden = await project.OkAsync("create-datakey-without-plaintext", fields);
            Assert.Equal(2 * (bytes + 140), hidden["cipher_text"].Length);
        }

        await project.RefusedAsync(
            "KMS.0308", "create-datakey-without-plaintext", new { key_id = keyId, key_spec = "AES_192" });
    }

    [Theory]
    [InlineData("a", "ok")]
    [InlineData("a*4096", "ok")]
    [InlineData("a*4097", "2101")]
    [InlineData("é*2048", "ok")]
    [InlineData("é*2049", "2101")]
    [InlineData("密*1365", "ok")]
    [InlineData("密*1366", "2101")]
    [InlineData("😀*1024", "ok")]
    [InlineData("😀*1025", "2101")]
    [InlineData("\n\t\"\\\u0000\u007f", "ok")]
    [InlineData("", "2101")]
    [InlineData("=5", "2101")]
    [InlineData("=[\"a\"]", "2101")]
    [InlineData("=null", "0204")]
    [InlineData("-", "0204")]
    public async Task EncryptData_Plaintext_IsBoundedInBytesAndComesBack(string value, string code)
    {
        var project = await server.ProjectAsync(Proof.Signature);
        var keyId = await project.KeyAsync();
        var answer = await FieldTable.CheckAsync(project, "POST encrypt-data", keyId, "plain_text", value, code);
        if (code != "ok") return;
        Assert.InRange(answer["cipher_text"].Length, 188, 5648);
        Assert.Equal(HuaweiJson.Expand(value), await project.DecryptAsync(answer["cipher_text"]));
    }

    [Theory]
    [InlineData("-", "0204")]
    [InlineData("", "2201")]
    [InlineData("=5", "2201")]
    [InlineData("A*187", "2201")]
    [InlineData("A*188", "2201")]
    [InlineData("A*5648", "2201")]
    [InlineData("A*5652", "2201")]
    [InlineData("A*100000", "2201")]
    [InlineData("密*188", "2201")]
    public async Task DecryptData_Ciphertext_ThatIsNone_IsRefused(string value, string code)
    {
        var project = await server.ProjectAsync(Proof.Signature);
        var keyId = await project.KeyAsync();
        await FieldTable.CheckAsync(project, "POST decrypt-data", keyId, "cipher_text", value, code);
    }

    [Fact]
    public async Task DecryptData_CiphertextInAnotherSpelling_IsRefused()
    {
        var project = await server.ProjectAsync(Proof.Signature);
        var good = await project.EncryptAsync(await project.KeyAsync());
        foreach (var bad in new[]
        {
            good + "\n", " " + good, good + "====", good[..^4], good + "AAAA", good.Insert(8, "\n"),
        })
            await project.RefusedAsync("KMS.2201", "decrypt-data", new { cipher_text = bad });
    }

    [Theory]
    [InlineData("encryption_algorithm", "SYMMETRIC_DEFAULT", "ok")]
    [InlineData("encryption_algorithm", "RSAES_OAEP_SHA_256", "0308")]
    [InlineData("additional_authenticated_data", "a", "0308")]
    [InlineData("additional_authenticated_data", "=null", "ok")]
    [InlineData("encryption_context", "={}", "ok")]
    [InlineData("encryption_context", "={\"a\":\"b\",\"\":\"\"}", "ok")]
    [InlineData("encryption_context", "={\"a\":1}", "0208")]
    [InlineData("encryption_context", "={\"a\":null}", "0208")]
    [InlineData("encryption_context", "={\"a\":{\"b\":\"c\"}}", "0208")]
    [InlineData("encryption_context", "=[]", "0208")]
    [InlineData("encryption_context", "{\"a\":\"b\"}", "0208")]
    [InlineData("encryption_context", "=5", "0208")]
    public async Task EncryptData_OtherField_HasItsBounds(string field, string value, string code)
    {
        var project = await server.ProjectAsync(Proof.Signature);
        await FieldTable.CheckAsync(project, "POST encrypt-data", await project.KeyAsync(), field, value, code);
    }
}
