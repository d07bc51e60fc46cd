using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace KmsActors.Server.Tests.Huawei;

/// <summary>Signatures, which .NET and BouncyCastle check outside.</summary>
public sealed class SigningTests(ProjectServer server) : IClassFixture<ProjectServer>
{
    private static readonly byte[] s_message = "明文 to be signed"u8.ToArray();
    private static readonly ConcurrentDictionary<(ProjectServer, string), Lazy<Task<string>>> s_keys = new();

    [Theory]
    [InlineData("RSA_2048", "RSASSA_PSS_SHA_256")]
    [InlineData("RSA_2048", "RSASSA_PKCS1_V1_5_SHA_256")]
    [InlineData("RSA_3072", "RSASSA_PSS_SHA_256")]
    [InlineData("RSA_3072", "RSASSA_PKCS1_V1_5_SHA_256")]
    [InlineData("EC_P256", "ECDSA_SHA_256")]
    [InlineData("SECP256K1", "ECDSA_SHA_256")]
    [InlineData("SM2", "SM2DSA_SM3")]
    public async Task Signature_OfEachKind_IsGoodOutsideAndHere(string spec, string algorithm)
    {
        var project = await server.ProjectAsync(Proof.Signature);
        var keyId = await PairAsync(spec);
        var answer = await project.OkAsync("get-publickey", new { key_id = keyId });
        var outside = OutsidePublicKey.Of(answer["public_key"]);
        var digest = Convert.ToBase64String(outside.Digest(s_message));
        var message = Convert.ToBase64String(s_message);
        foreach (var (type, signed) in new[] { (null, digest), ("DIGEST", digest), ("RAW", message) })
        {
            var made = await project.OkAsync("sign", Fields(keyId, algorithm, signed, type));
            Assert.Equal(keyId, made["key_id"]);
            var signature = Convert.FromBase64String(made["signature"]);
            Assert.True(outside.Verify(AlgorithmThere(algorithm), s_message, signature));
            await VerifiesAsync("true", keyId, algorithm, signed, type, signature);
            signature[^1] ^= 1;
            await VerifiesAsync("false", keyId, algorithm, signed, type, signature);
            await VerifiesAsync("false", keyId, algorithm, signed, type, [1]);
            await VerifiesAsync("false", keyId, algorithm, signed, type, new byte[1024]);
        }
    }

    [Theory]
    [InlineData("EC_P256", "RSASSA_PSS_SHA_256")]
    [InlineData("EC_P256", "SM2DSA_SM3")]
    [InlineData("SM2", "ECDSA_SHA_256")]
    [InlineData("RSA_2048", "ECDSA_SHA_256")]
    [InlineData("RSA_2048", "RSASSA_PSS_SHA_512")]
    [InlineData("RSA_2048", "")]
    public async Task Algorithm_OfAnotherKindOfKey_IsRefused(string spec, string algorithm) =>
        await RefusedAsync("0308", await PairAsync(spec), algorithm, Requests.Base64Of(32), "DIGEST");

    [Fact]
    public async Task Pair_ForEncryption_SignsNothing()
    {
        var project = await server.ProjectAsync(Proof.Signature);
        var keyId = await project.KeyAsync("SM2");
        await RefusedAsync("0308", keyId, "SM2DSA_SM3", Requests.Base64Of(32), "DIGEST");
        Assert.Contains("PUBLIC KEY", (await project.OkAsync("get-publickey", new { key_id = keyId }))["public_key"]);
    }

    // Both protocols speak of the same pair.
    [Fact]
    public async Task Signature_OfThisProtocol_IsGoodInTheOther()
    {
        var project = await server.ProjectAsync(Proof.Signature);
        var keyId = await PairAsync("EC_P256");
        var digest = Convert.ToBase64String(SHA256.HashData(s_message));
        var made = await project.OkAsync("sign", Fields(keyId, "ECDSA_SHA_256", digest, "DIGEST"));
        var version = new PairVersion(keyId, Assert.Single(await project.Tenant.VersionsAsync(keyId)));
        var verified = await project.Tenant.OkAsync("AsymmetricVerify", version.With(
            ("Algorithm", "ECDSA_SHA_256"), ("Digest", digest), ("Value", made["signature"])));
        Assert.True(verified.Truth("Value"));
    }

    private static object Fields(
        string keyId, string algorithm, string message, string? type, byte[]? signature = null) => new
    {
        key_id = keyId, message, message_type = type, signing_algorithm = algorithm,
        signature = signature is null ? null : Convert.ToBase64String(signature),
    };

    private static string AlgorithmThere(string algorithm) => algorithm switch
    {
        "RSASSA_PSS_SHA_256" => "RSA_PSS_SHA_256",
        "RSASSA_PKCS1_V1_5_SHA_256" => "RSA_PKCS1_SHA_256",
        _ => algorithm,
    };

    private async Task VerifiesAsync(
        string expected, string keyId, string algorithm, string message, string? type, byte[] signature)
    {
        var project = await server.ProjectAsync(Proof.Signature);
        var answer = await project.OkAsync("verify", Fields(keyId, algorithm, message, type, signature));
        Assert.Equal((keyId, expected), (answer["key_id"], answer["signature_valid"]));
    }

    private async Task RefusedAsync(string code, string keyId, string algorithm, string message, string? type)
    {
        var project = await server.ProjectAsync(Proof.Signature);
        await project.RefusedAsync($"KMS.{code}", "sign", Fields(keyId, algorithm, message, type));
        await project.RefusedAsync($"KMS.{code}", "verify", Fields(keyId, algorithm, message, type, new byte[70]));
    }

    // One of a kind for all tests: RSA's take up to a second to make.
    private Task<string> PairAsync(string spec) => s_keys.GetOrAdd((server, spec), _ => new(async () =>
    {
        var fields = new { key_alias = Project.NewAlias(), key_spec = spec, key_usage = "SIGN_VERIFY" };
        return (await (await server.ProjectAsync(Proof.Signature)).OkAsync("create-key", fields))["key_info.key_id"];
    })).Value;
}
