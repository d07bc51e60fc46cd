using System.Security.Cryptography;
using System.Text;

namespace KmsActors.Server.Tests;

/// <summary>AsymmetricSign and AsymmetricVerify, by every kind of key with every algorithm.</summary>
public sealed class AsymmetricSignatureTests(PairServer server) : IClassFixture<PairServer>
{
    private const string Usage = "SIGN/VERIFY";

    private static readonly byte[] s_message = Encoding.UTF8.GetBytes("消息 message");

    public static TheoryData<string, string> Ways => new()
    {
        { "RSA_2048", "RSA_PSS_SHA_256" }, { "RSA_2048", "RSA_PKCS1_SHA_256" },
        { "RSA_3072", "RSA_PSS_SHA_256" }, { "RSA_3072", "RSA_PKCS1_SHA_256" },
        { "EC_P256", "ECDSA_SHA_256" }, { "EC_P256K", "ECDSA_SHA_256" }, { "EC_SM2", "SM2DSA" },
    };

    private Tenant Root => server.Root;

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Signature_OfAMessage_VerifiesHereAndOutside(string spec, string algorithm)
    {
        var (pair, publicKey) = await PairAsync(spec);
        foreach (var message in new[] { s_message, [], RandomNumberGenerator.GetBytes(1000) })
        {
            var digest = publicKey.Digest(message);
            var signature = await SignAsync(pair, algorithm, digest);
            Assert.True(publicKey.Verify(algorithm, message, signature));
            Assert.True(await VerifyAsync(pair, algorithm, digest, signature));
            if (spec.StartsWith("RSA_", StringComparison.Ordinal)) Assert.Equal(int.Parse(spec[4..]) / 8, signature.Length);
            else Assert.Equal(signature, DerSignature.Of(signature).Encode());
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Digest_OfAnyBytes_IsSigned(string spec, string algorithm)
    {
        var (pair, _) = await PairAsync(spec);
        foreach (var digest in new[] { new byte[32], [.. Enumerable.Repeat((byte)0xFF, 32)], RandomNumberGenerator.GetBytes(32) })
            Assert.True(await VerifyAsync(pair, algorithm, digest, await SignAsync(pair, algorithm, digest)));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Digest_OfAnotherLength_IsInvalid(string spec, string algorithm)
    {
        var (pair, _) = await PairAsync(spec);
        foreach (var length in new[] { 1, 20, 31, 33, 48, 64 })
        {
            Args arguments = pair.With(("Algorithm", algorithm), ("Digest", Catalogue.Base64Of(length)));
            await Root.RefusedAsync("InvalidParameter", "Digest", "AsymmetricSign", arguments);
            await Root.RefusedAsync("InvalidParameter", "Digest", "AsymmetricVerify", [.. arguments, ("Value", "aGk=")]);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Signature_OfTheSameTwice_DiffersUnlessTheAlgorithmHasNoRandomness(string spec, string algorithm)
    {
        var (pair, publicKey) = await PairAsync(spec);
        var digest = publicKey.Digest(s_message);
        var (first, second) = (await SignAsync(pair, algorithm, digest), await SignAsync(pair, algorithm, digest));
        Assert.Equal(algorithm == "RSA_PKCS1_SHA_256", first.SequenceEqual(second));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Value_NotTheSignature_IsFalseAndNoError(string spec, string algorithm)
    {
        var (pair, publicKey) = await PairAsync(spec);
        var digest = publicKey.Digest(s_message);
        var good = await SignAsync(pair, algorithm, digest);
        var ofAnother = await SignAsync(pair, algorithm, SHA256.HashData(digest));
        byte[][] random = [.. new[] { 1, 32, 64, 70, 71, 72, 255, 256, 257, 384, 385, 1024 }.Select(RandomNumberGenerator.GetBytes)];
        byte[][] flipped =
            [.. Enumerable.Range(0, good.Length).Where(i => good.Length < 100 || i % 23 == 0).Select(i => Flipped(good, i))];
        foreach (var bad in (byte[][])
        [
            good[..^1], good[1..], good[..(good.Length / 2)], [.. good, 0], [0, .. good], [.. good, .. good],
            new byte[good.Length], [.. Enumerable.Repeat((byte)0xFF, good.Length)], [0], [0x30, 0], digest,
            .. random, .. flipped, ofAnother,
        ])
        {
            Assert.False(await VerifyAsync(pair, algorithm, digest, bad), Convert.ToHexString(bad));
        }

        Assert.False(await VerifyAsync(pair, algorithm, Flipped(digest, 31), good));
        Assert.True(await VerifyAsync(pair, algorithm, digest, good));
    }

    [Theory]
    [InlineData("EC_P256", "ECDSA_SHA_256")]
    [InlineData("EC_P256K", "ECDSA_SHA_256")]
    [InlineData("EC_SM2", "SM2DSA")]
    public async Task Value_InAnotherEncodingOrOutOfRange_IsFalse(string spec, string algorithm)
    {
        var (pair, publicKey) = await PairAsync(spec);
        var digest = publicKey.Digest(s_message);
        for (var round = 0; round < 4; round++)
        {
            var good = DerSignature.Of(await SignAsync(pair, algorithm, digest));
            foreach (var bad in good.Distorted(DerSignature.OrderOf(spec)))
                Assert.False(await VerifyAsync(pair, algorithm, digest, bad), Convert.ToHexString(bad));
        }
    }

    /// <summary>
    /// ECDSA takes (r, n - s) for as good as (r, s): so does whoever verifies outside, and the server must not
    /// be of another opinion. SM2 does not.
    /// </summary>
    [Theory]
    [InlineData("EC_P256", "ECDSA_SHA_256", true)]
    [InlineData("EC_P256K", "ECDSA_SHA_256", true)]
    [InlineData("EC_SM2", "SM2DSA", false)]
    public async Task Value_WithItsSNegated_IsAsGoodAsOutside(string spec, string algorithm, bool isGood)
    {
        var (pair, publicKey) = await PairAsync(spec);
        var digest = publicKey.Digest(s_message);
        var good = DerSignature.Of(await SignAsync(pair, algorithm, digest));
        var negated = (good with { S = DerSignature.OrderOf(spec) - good.S }).Encode();
        Assert.Equal(isGood, publicKey.Verify(algorithm, s_message, negated));
        Assert.Equal(isGood, await VerifyAsync(pair, algorithm, digest, negated));
    }

    [Theory]
    [InlineData("RSA_2048", "RSA_PSS_SHA_256")]
    [InlineData("RSA_2048", "RSA_PKCS1_SHA_256")]
    [InlineData("EC_P256", "ECDSA_SHA_256")]
    [InlineData("EC_P256K", "ECDSA_SHA_256")]
    [InlineData("EC_SM2", "SM2DSA")]
    public async Task Value_OfAnotherKey_IsFalse(string spec, string algorithm)
    {
        var (first, second) = (await server.PairAsync(spec, Usage), await server.PairAsync(spec, Usage, 1));
        var digest = RandomNumberGenerator.GetBytes(32);
        Assert.False(await VerifyAsync(second, algorithm, digest, await SignAsync(first, algorithm, digest)));
        Assert.False(await VerifyAsync(first, algorithm, digest, await SignAsync(second, algorithm, digest)));
    }

    [Theory]
    [InlineData("RSA_2048")]
    [InlineData("RSA_3072")]
    public async Task Value_OfTheOtherPadding_IsFalse(string spec)
    {
        const string pss = "RSA_PSS_SHA_256", pkcs1 = "RSA_PKCS1_SHA_256";
        var (pair, _) = await PairAsync(spec);
        var digest = RandomNumberGenerator.GetBytes(32);
        Assert.False(await VerifyAsync(pair, pss, digest, await SignAsync(pair, pkcs1, digest)));
        Assert.False(await VerifyAsync(pair, pkcs1, digest, await SignAsync(pair, pss, digest)));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Value_Empty_IsMissing(string spec, string algorithm) => await Root.RefusedAsync(
        "MissingParameter", "Value", "AsymmetricVerify",
        (await server.PairAsync(spec, Usage)).With(
            ("Algorithm", algorithm), ("Digest", Catalogue.Base64Of(32)), ("Value", "")));

    [Theory]
    [InlineData("RSA_2048", "RSA_PSS_SHA_256", "RSA_PKCS1_SHA_256")]
    [InlineData("RSA_3072", "RSA_PSS_SHA_256", "RSA_PKCS1_SHA_256")]
    [InlineData("EC_P256", "ECDSA_SHA_256", "ECDSA_SHA_256")]
    [InlineData("EC_P256K", "ECDSA_SHA_256", "ECDSA_SHA_256")]
    [InlineData("EC_SM2", "SM2DSA", "SM2DSA")]
    public async Task Algorithm_NotOfTheKind_IsInvalid(string spec, params string[] own)
    {
        var pair = await server.PairAsync(spec, Usage);
        foreach (var wrong in new[]
        {
            "RSA_PSS_SHA_256", "RSA_PKCS1_SHA_256", "ECDSA_SHA_256", "SM2DSA", "RSAES_OAEP_SHA_256", "SM2PKE",
            "RSA_PSS_SHA_512", "ecdsa_sha_256", "ECDSA", "EcdsaSha256", "0",
        }.Except(own))
        {
            Args arguments = pair.With(("Algorithm", wrong), ("Digest", Catalogue.Base64Of(32)));
            await Root.RefusedAsync("InvalidParameter", "Algorithm", "AsymmetricSign", arguments);
            await Root.RefusedAsync(
                "InvalidParameter", "Algorithm", "AsymmetricVerify", [.. arguments, ("Value", Catalogue.Base64Of(64))]);
        }
    }

    private static byte[] Flipped(byte[] bytes, int at)
    {
        byte[] flipped = [.. bytes];
        flipped[at] ^= 1;
        return flipped;
    }

    private async Task<(PairVersion Pair, OutsidePublicKey PublicKey)> PairAsync(string spec)
    {
        var pair = await server.PairAsync(spec, Usage);
        return (pair, OutsidePublicKey.Of((await Root.OkAsync("GetPublicKey", pair.With()))["PublicKey"]));
    }

    private async Task<byte[]> SignAsync(PairVersion pair, string algorithm, byte[] digest)
    {
        var signed = await Root.OkAsync(
            "AsymmetricSign", pair.With(("Algorithm", algorithm), ("Digest", Convert.ToBase64String(digest))));
        Assert.Equal((pair.KeyId, pair.VersionId), (signed["KeyId"], signed["KeyVersionId"]));
        return Convert.FromBase64String(signed["Value"]);
    }

    private async Task<bool> VerifyAsync(PairVersion pair, string algorithm, byte[] digest, byte[] signature) => (await Root.OkAsync(
        "AsymmetricVerify",
        pair.With(
            ("Algorithm", algorithm), ("Digest", Convert.ToBase64String(digest)),
            ("Value", Convert.ToBase64String(signature))))).Truth("Value");
}
