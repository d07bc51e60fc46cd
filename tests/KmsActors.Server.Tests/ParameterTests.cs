namespace KmsActors.Server.Tests;

/// <summary>Missing, empty, doubled and over-long: every parameter of every action.</summary>
public sealed class ParameterTests(TestServer server) : IClassFixture<TestServer>
{
    public static IEnumerable<object[]> Parameters =>
        from action in Catalogue.Actions.Values
        from parameter in action.Parameters
        select new object[] { action.Title, parameter.Name };

    [Theory]
    [MemberData(nameof(Parameters))]
    public async Task Parameter_Missing_IsNamed(string action, string name)
    {
        var missing = Case(action, name).Missing;
        // What is optional is left out of a call that can succeed.
        var arguments = missing is null ? await Good(action) : await WellFormed(action);
        await ExpectAsync(missing, name, action, Without(arguments, name));
    }

    [Theory]
    [MemberData(nameof(Parameters))]
    public async Task Parameter_Empty_IsNamed(string action, string name)
    {
        var empty = Case(action, name).Empty;
        var arguments = empty is null ? await Good(action) : await WellFormed(action);
        await ExpectAsync(empty, name, action, [.. Without(arguments, name), (name, "")]);
    }

    [Theory]
    [MemberData(nameof(Parameters))]
    public async Task Parameter_Doubled_IsNamed(string action, string name)
    {
        var arguments = await WellFormed(action);
        var value = arguments.FirstOrDefault(a => a.Name == name).Value ?? "x";
        await ExpectAsync(
            "InvalidParameter", name, action, [.. Without(arguments, name), (name, value), (name, value)]);
    }

    [Theory]
    [MemberData(nameof(Parameters))]
    public async Task Parameter_TooLong_IsNamed(string action, string name)
    {
        var arguments = Without(await WellFormed(action), name);
        await ExpectAsync("InvalidParameter", name, action, [.. arguments, (name, Case(action, name).TooLong)]);
    }

    [Fact]
    public async Task Parameter_InQueryAndBody_IsRefused()
    {
        var keyId = await server.Root.KeyAsync();
        var call = server.Root.Client.Sign("DescribeKey", ("KeyId", keyId)) with { Query = $"KeyId={keyId}" };
        (await server.Root.Client.SendAsync(call)).AssertRefused("InvalidParameter", "KeyId");
    }

    [Fact]
    public async Task Parameter_OfAnotherCase_IsAnotherParameter() => await server.Root.RefusedAsync(
        "MissingParameter", "KeyId", "DescribeKey", ("keyid", await server.Root.KeyAsync()));

    [Theory]
    [InlineData("Origin", "external")]
    [InlineData("Origin", "AWS_KMS")]
    [InlineData("KeyUsage", "sign/verify")]
    [InlineData("KeyUsage", "GENERATE/VERIFY_MAC")]
    [InlineData("ProtectionLevel", "hsm")]
    [InlineData("KeySpec", "Aliyun_AES_128")]
    [InlineData("KeySpec", "rsa_2048")]
    [InlineData("KeySpec", "RSA_4096")]
    [InlineData("EnableAutomaticRotation", "True")]
    [InlineData("EnableAutomaticRotation", "1")]
    [InlineData("Policy", "{}")]
    [InlineData("Policy", "")]
    [InlineData("DKMSInstanceId", "kst-1")]
    public async Task CreateKey_WithWhatThisServerDoesNotDo_IsRefused(string name, string value) =>
        await server.Root.RefusedAsync("InvalidParameter", name, "CreateKey", (name, value));

    [Theory]
    [InlineData("Aliyun_KMS", "EC_P256", "EnableAutomaticRotation")]
    [InlineData("EXTERNAL", "Aliyun_AES_256", "EnableAutomaticRotation")]
    [InlineData("EXTERNAL", "Aliyun_SM4", "EnableAutomaticRotation")]
    [InlineData("EXTERNAL", "EC_P256", "Origin")]
    [InlineData("EXTERNAL", "RSA_2048", "Origin")]
    public async Task CreateKey_OfWhatCannotBeTogether_IsRefused(string origin, string spec, string name) =>
        await server.Root.RefusedAsync(
            "InvalidParameter", name, "CreateKey",
            ("Origin", origin), ("KeySpec", spec), ("EnableAutomaticRotation", "true"), ("RotationInterval", "7d"));

    [Theory]
    [InlineData("SourceKeyId")]
    [InlineData("SourceKeyVersionId")]
    [InlineData("SourceEncryptionAlgorithm")]
    public async Task ReEncrypt_WithOneOfThePairsThreeParameters_NeedsTheOthers(string name)
    {
        const string title = "ReEncrypt(a pair's)";
        string[] three = ["SourceKeyId", "SourceKeyVersionId", "SourceEncryptionAlgorithm"];
        var arguments = (await WellFormed(title)).Where(a => a.Name == name || !three.Contains(a.Name)).ToArray();
        await ExpectAsync("MissingParameter", three.First(other => other != name), title, arguments);
    }

    [Theory]
    [InlineData("EnableKey")]
    [InlineData("DisableKey")]
    [InlineData("ScheduleKeyDeletion")]
    [InlineData("CancelKeyDeletion")]
    [InlineData("GetParametersForImport")]
    [InlineData("ImportKeyMaterial")]
    [InlineData("DeleteKeyMaterial")]
    [InlineData("CreateAlias")]
    [InlineData("UpdateAlias")]
    [InlineData("ListAliasesByKeyId")]
    [InlineData("TagResource")]
    [InlineData("UntagResource")]
    [InlineData("ListResourceTags")]
    [InlineData("UpdateKeyDescription")]
    [InlineData("DescribeKeyVersion")]
    [InlineData("UpdateRotationPolicy")]
    public async Task KeyId_AnAliasWhereOnlyIdsAreTaken_IsUnsupported(string action)
    {
        var keyId = await server.Root.KeyAsync();
        var alias = await server.Root.AliasAsync(keyId);
        var before = await server.Root.PictureAsync(keyId);
        var arguments = Without(await WellFormed(action), "KeyId");
        await ExpectAsync("Unsupported.Alias", null, action, [.. arguments, ("KeyId", alias)]);
        Assert.Equal(before, await server.Root.PictureAsync(keyId));
    }

    [Theory]
    [InlineData("EnableKey")]
    [InlineData("Encrypt")]
    [InlineData("DescribeKey")]
    [InlineData("ListResourceTags")]
    [InlineData("CreateKeyVersion")]
    [InlineData("DescribeKeyVersion")]
    [InlineData("ListKeyVersions")]
    [InlineData("UpdateRotationPolicy")]
    [InlineData("GetPublicKey")]
    [InlineData("AsymmetricDecrypt")]
    [InlineData("AsymmetricVerify")]
    [InlineData("GenerateAndExportDataKey")]
    public async Task KeyId_OfNoKey_IsNotFound(string action)
    {
        var arguments = Without(await WellFormed(action), "KeyId");
        foreach (var keyId in new[] { Guid.NewGuid().ToString(), "x", "\0", "../..", "%", "' OR 1=1 --", "钥" })
            await ExpectAsync("Forbidden.KeyNotFound", null, action, [.. arguments, ("KeyId", keyId)]);
    }

    [Fact]
    public async Task KeyId_InUpperCase_IsNotFound() => await server.Root.RefusedAsync(
        "Forbidden.KeyNotFound", null, "DescribeKey", ("KeyId", (await server.Root.KeyAsync()).ToUpperInvariant()));

    [Theory]
    [InlineData("DescribeKeyVersion", "KeyVersionId")]
    [InlineData("GetPublicKey", "KeyVersionId")]
    [InlineData("AsymmetricEncrypt", "KeyVersionId")]
    [InlineData("AsymmetricDecrypt", "KeyVersionId")]
    [InlineData("AsymmetricSign", "KeyVersionId")]
    [InlineData("AsymmetricVerify", "KeyVersionId")]
    [InlineData("ReEncrypt(a pair's)", "SourceKeyVersionId")]
    public async Task KeyVersionId_OfNoVersion_IsNotFound(string action, string name)
    {
        var arguments = await WellFormed(action);
        var right = arguments.Single(a => a.Name == name).Value;
        var ofAnother = (await server.Root.PairAsync("EC_SM2")).VersionId;
        foreach (var wrong in new[] { ofAnother, right.ToUpperInvariant(), right[..^1], "x", "\0", "../..", "%", "钥" })
            await ExpectAsync("Forbidden.KeyVersionNotFound", null, action, [.. Without(arguments, name), (name, wrong)]);
    }

    private static ParameterCase Case(string action, string name) =>
        Catalogue.Actions[action].Parameters.Single(p => p.Name == name);

    private static Args Without(Args arguments, string name) => [.. arguments.Where(a => a.Name != name)];

    private Task<Args> Good(string action) => Catalogue.Actions[action].Arguments(server.Root);

    private Task<Args> WellFormed(string action) => Catalogue.Actions[action].WellFormed(server.Root);

    // A code may say of itself which other parameter it is about.
    private async Task ExpectAsync(string? code, string? name, string title, Args arguments)
    {
        var action = Catalogue.Actions[title].Name;
        if (code is null)
        {
            await server.Root.OkAsync(action, arguments);
            return;
        }

        if (code.Split(':') is [var plain, var about]) (code, name) = (plain, about);
        await server.Root.RefusedAsync(code, name, action, arguments);
    }
}
