using System.Globalization;
using System.Security.Cryptography;

namespace KmsActors.Server.Tests;

/// <summary>Bring your own key: material and tokens that are wrong, late, used up or somebody else's.</summary>
public sealed class ImportTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Import = "ImportKeyMaterial";

    private Tenant Root => server.Root;

    [Theory]
    [InlineData("RSAES_PKCS1_V1_5")]
    [InlineData("RSAES_OAEP_SHA_1")]
    [InlineData("RSAES_OAEP_SHA_256")]
    public async Task Import_ByEachAlgorithm_EnablesTheKey(string algorithm)
    {
        var keyId = await Root.ExternalKeyAsync();
        var token = await Root.TokenAsync(keyId, algorithm);
        await Root.OkAsync(Import, token.With(Tenant.NewMaterial()));
        Assert.Equal("Enabled", await Root.StateAsync(keyId));
        await Root.OkAsync("Decrypt", ("CiphertextBlob", await Root.EncryptAsync(keyId)));
    }

    /// <summary>A failed import is counted against its token, so only the key is as it was.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(64)]
    public async Task Import_OfMaterialOfAnotherLength_IsInvalidAndTheRightOneStillComesIn(int length)
    {
        var keyId = await Root.ExternalKeyAsync();
        var token = await Root.TokenAsync(keyId);
        await InvalidMaterialAsync(keyId, token.With(new byte[length]));
        await Root.OkAsync(Import, token.With(Tenant.NewMaterial()));
    }

    [Fact]
    public async Task Import_WrappedOtherwise_IsInvalidAndTheRightOneStillComesIn()
    {
        var keyId = await Root.ExternalKeyAsync();
        var token = await Root.TokenAsync(keyId);
        var material = Tenant.NewMaterial();
        var right = token.With(material);
        using var another = RSA.Create(2048);
        var wrapped = Convert.FromBase64String(token.Wrap(material, token.Algorithm));
        foreach (var wrong in new[]
        {
            token.Wrap(material, "RSAES_OAEP_SHA_1"),
            token.Wrap(material, "RSAES_PKCS1_V1_5"),
            Convert.ToBase64String(another.Encrypt(material, RSAEncryptionPadding.OaepSHA256)),
            Convert.ToBase64String(material),
            Convert.ToBase64String(wrapped[..^1]),
            Convert.ToBase64String([.. wrapped, 0]),
            Convert.ToBase64String([.. wrapped[..^1], (byte)(wrapped[^1] ^ 1)]),
            Catalogue.Base64Of(1024),
        })
        {
            await InvalidMaterialAsync(keyId, [.. right[..2], ("EncryptedKeyMaterial", wrong)]);
        }

        await Root.OkAsync(Import, right);
    }

    [Fact]
    public async Task Import_FailingTooOften_KillsTheToken()
    {
        var keyId = await Root.ExternalKeyAsync();
        var token = await Root.TokenAsync(keyId);
        for (var i = 0; i < 16; i++) await InvalidMaterialAsync(keyId, token.With(new byte[31]));
        await Root.RefusedAsync("InvalidImportToken", null, Import, token.With(Tenant.NewMaterial()));
    }

    [Fact]
    public async Task Import_OfTheSameMaterialAgain_ChangesTheExpiry()
    {
        var keyId = await Root.ExternalKeyAsync();
        var material = Tenant.NewMaterial();
        var expiry = Now + 3600;
        await Root.ImportAsync(keyId, material, expiry);
        Assert.Equal(Time(expiry), (await Root.DescribeAsync(keyId))["KeyMetadata.MaterialExpireTime"]);
        await Root.ImportAsync(keyId, material, 0);
        Assert.Equal("", (await Root.DescribeAsync(keyId))["KeyMetadata.MaterialExpireTime"]);
    }

    [Fact]
    public async Task Import_OfOtherMaterialIntoAKeyThatHadSome_IsInvalid()
    {
        var keyId = await Root.ImportedKeyAsync();
        var blob = await Root.EncryptAsync(keyId);
        var token = await Root.TokenAsync(keyId);
        await InvalidMaterialAsync(keyId, token.With(Tenant.NewMaterial()));
        await Root.OkAsync("Decrypt", ("CiphertextBlob", blob));

        await Root.OkAsync("DeleteKeyMaterial", ("KeyId", keyId));
        await InvalidMaterialAsync(keyId, token.With(Tenant.NewMaterial()));
    }

    [Fact]
    public async Task Token_UsedOnce_IsInvalid()
    {
        var token = await Root.TokenAsync(await Root.ExternalKeyAsync());
        var import = token.With(Tenant.NewMaterial());
        await Root.OkAsync(Import, import);
        await Root.RefusedAsync("InvalidImportToken", null, Import, import);
        await Root.RefusedAsync("InvalidImportToken", null, Import, [.. import.Where(a => a.Name != "KeyId")]);
    }

    [Fact]
    public async Task Token_UsedByManyAtOnce_IsGoodForOne()
    {
        var token = await Root.TokenAsync(await Root.ExternalKeyAsync());
        var import = token.With(Tenant.NewMaterial());
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Root.CallAsync(Import, import)));
        Assert.Single(answers, answer => answer.Status == 200);
        Assert.All(answers.Where(answer => answer.Status != 200), answer => answer.AssertRefused("InvalidImportToken"));
    }

    [Fact]
    public async Task Token_OfAnotherKeyOrChanged_IsInvalid()
    {
        var (keyId, other) = (await Root.ExternalKeyAsync(), await Root.ExternalKeyAsync());
        var token = await Root.TokenAsync(keyId);
        var material = Tenant.NewMaterial();
        var before = await Root.PictureAsync(keyId) + await Root.PictureAsync(other);
        await Root.RefusedAsync("InvalidImportToken", null, Import, (token with { KeyId = other }).With(material));

        var bytes = Convert.FromBase64String(token.Token);
        foreach (var wrong in new byte[][]
        {
            bytes[..^1], [.. bytes, 0], [.. bytes[..^1], (byte)(bytes[^1] ^ 1)], [(byte)(bytes[0] ^ 1), .. bytes[1..]],
            [1],
        })
        {
            var changed = token with { Token = Convert.ToBase64String(wrong) };
            await Root.RefusedAsync("InvalidImportToken", null, Import, changed.With(material));
        }

        Assert.Equal(before, await Root.PictureAsync(keyId) + await Root.PictureAsync(other));
        await Root.OkAsync(Import, token.With(material));
    }

    [Fact]
    public async Task Token_UntilItsLastTick_ImportsAndExpiresAt24Hours()
    {
        var (first, second) = (await Root.ExternalKeyAsync(), await Root.ExternalKeyAsync());
        var issued = server.Clock.GetUtcNow();
        var (inTime, late) = (await Root.TokenAsync(first), await Root.TokenAsync(second));

        server.Clock.ShiftTo(issued.AddHours(24).AddTicks(-1));
        await Root.OkAsync(Import, inTime.With(Tenant.NewMaterial()));

        server.Clock.ShiftTo(issued.AddHours(24));
        var import = late.With(Tenant.NewMaterial());
        await Root.RefusedAsync("ExpiredImportToken", null, Import, import);
        await server.RunRemindersAsync();
        await Root.RefusedAsync("ExpiredImportToken", null, Import, import);

        server.Clock.ShiftTo(issued.AddHours(48));
        await server.RunRemindersAsync();
        await Root.RefusedAsync("InvalidImportToken", null, Import, import);
        Assert.Equal("PendingImport", await Root.StateAsync(second));
    }

    [Fact]
    public async Task TokenExpireTime_OfANewToken_Is24HoursAhead()
    {
        var answer = await Root.OkAsync(
            "GetParametersForImport",
            ("KeyId", await Root.ExternalKeyAsync()),
            ("WrappingAlgorithm", "RSAES_OAEP_SHA_1"), ("WrappingKeySpec", "RSA_2048"));
        Assert.Equal(Time(Now + (24 * 3600)), answer["TokenExpireTime"]);
    }

    [Theory]
    [InlineData("WrappingAlgorithm", "RSAES_OAEP_SHA_512")]
    [InlineData("WrappingAlgorithm", "rsaes_oaep_sha_256")]
    [InlineData("WrappingKeySpec", "RSA_3072")]
    [InlineData("WrappingKeySpec", "EC_SM2")]
    public async Task GetParametersForImport_ByAnUnknownWord_IsRefused(string name, string value)
    {
        const string action = "GetParametersForImport";
        var arguments = (await Catalogue.Actions[action].WellFormed(Root)).Where(a => a.Name != name);
        await Root.RefusedAsync("InvalidParameter", name, action, [.. arguments, (name, value)]);
    }

    [Fact]
    public async Task KeyMaterialExpireUnix_NotInTheFuture_IsRefused()
    {
        var keyId = await Root.ExternalKeyAsync();
        var token = await Root.TokenAsync(keyId);
        var material = Tenant.NewMaterial();
        foreach (var expiry in new[] { 1, Now - 1, Now, 253402300800 })
        {
            await Root.RefusedAsync(
                "InvalidParameter", "KeyMaterialExpireUnix", Import, token.With(material, expiry));
        }

        await Root.OkAsync(Import, token.With(material, Now + 1));
        Assert.Equal(Time(Now + 1), (await Root.DescribeAsync(keyId))["KeyMetadata.MaterialExpireTime"]);
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData(0L, "")]
    [InlineData(253402300799L, "9999-12-31T23:59:59Z")]
    public async Task KeyMaterialExpireUnix_AbsentOrZero_IsNever(long? expiry, string shown) => Assert.Equal(
        shown, (await Root.DescribeAsync(await Root.ImportedKeyAsync(expiry)))["KeyMetadata.MaterialExpireTime"]);

    private long Now => server.Clock.GetUtcNow().ToUnixTimeSeconds();

    private static string Time(long unix) => DateTimeOffset.FromUnixTimeSeconds(unix)
        .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private async Task InvalidMaterialAsync(string keyId, Args import)
    {
        var before = await Root.PictureAsync(keyId);
        (await Root.CallAsync(Import, import)).AssertRefused("InvalidKeyMaterial");
        Assert.Equal(before, await Root.PictureAsync(keyId));
    }
}
