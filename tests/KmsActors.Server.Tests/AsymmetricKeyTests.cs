using System.Security.Cryptography;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;

namespace KmsActors.Server.Tests;

/// <summary>Kinds of keys: which is for what (the table of seed 004), and what is seen of them.</summary>
public sealed class AsymmetricKeyTests(PairServer server) : IClassFixture<PairServer>
{
    private const string Encrypts = "ENCRYPT/DECRYPT";
    private const string Signs = "SIGN/VERIFY";

    private Tenant Root => server.Root;

    [Theory]
    [InlineData("Aliyun_AES_256", Encrypts, true)]
    [InlineData("Aliyun_AES_256", Signs, false)]
    [InlineData("Aliyun_SM4", Encrypts, true)]
    [InlineData("Aliyun_SM4", Signs, false)]
    [InlineData("RSA_2048", Encrypts, true)]
    [InlineData("RSA_2048", Signs, true)]
    [InlineData("RSA_3072", Encrypts, true)]
    [InlineData("RSA_3072", Signs, true)]
    [InlineData("EC_P256", Encrypts, false)]
    [InlineData("EC_P256", Signs, true)]
    [InlineData("EC_P256K", Encrypts, false)]
    [InlineData("EC_P256K", Signs, true)]
    [InlineData("EC_SM2", Encrypts, true)]
    [InlineData("EC_SM2", Signs, true)]
    public async Task CreateKey_OfAKindAndUsage_IsTakenByTheTable(string spec, string usage, bool isAllowed)
    {
        if (!isAllowed)
        {
            await Root.RefusedAsync("InvalidParameter", "KeyUsage", "CreateKey", ("KeySpec", spec), ("KeyUsage", usage));
            return;
        }

        var keyId = spec.StartsWith("Aliyun_", StringComparison.Ordinal)
            ? await Root.KeyAsync(("KeySpec", spec), ("KeyUsage", usage))
            : (await server.PairAsync(spec, usage)).KeyId;
        var key = await Root.DescribeAsync(keyId);
        Assert.Equal((spec, usage), (key["KeyMetadata.KeySpec"], key["KeyMetadata.KeyUsage"]));
        Assert.Equal(("Enabled", "Aliyun_KMS"), (key["KeyMetadata.KeyState"], key["KeyMetadata.Origin"]));
    }

    [Theory]
    [InlineData("Aliyun_AES_256", Encrypts)]
    [InlineData("Aliyun_SM4", Encrypts)]
    [InlineData("RSA_2048", Encrypts)]
    [InlineData("RSA_3072", Encrypts)]
    [InlineData("EC_P256", Signs)]
    [InlineData("EC_P256K", Signs)]
    [InlineData("EC_SM2", Encrypts)]
    public async Task CreateKey_WithoutUsage_HasThatOfItsKind(string spec, string usage)
    {
        var created = await Root.OkAsync("CreateKey", ("KeySpec", spec), ("ProtectionLevel", "HSM"));
        Assert.Equal(usage, created["KeyMetadata.KeyUsage"]);
        Assert.Equal("HSM", created["KeyMetadata.ProtectionLevel"]);
    }

    [Theory]
    [InlineData("RSA_2048", Encrypts)]
    [InlineData("RSA_2048", Signs)]
    [InlineData("RSA_3072", Signs)]
    [InlineData("EC_P256", Signs)]
    [InlineData("EC_P256K", Signs)]
    [InlineData("EC_SM2", Encrypts)]
    [InlineData("EC_SM2", Signs)]
    public async Task GetPublicKey_OfAPair_IsPemOfAPublicKeyOfItsKind(string spec, string usage)
    {
        var pair = await server.PairAsync(spec, usage);
        foreach (var form in new[] { WireForm.Plain, WireForm.All["POST, HMAC-SHA1, XML"] })
        {
            var answer = await (Root.Client with { Form = form }).CallAsync("GetPublicKey", pair.With());
            var pem = answer.AssertOk()["PublicKey"];
            Assert.Equal((pair.KeyId, pair.VersionId), (answer["KeyId"], answer["KeyVersionId"]));
            Assert.All(pem.TrimEnd('\n').Split('\n'), line => Assert.InRange(line.Length, 1, 64));
            var der = OutsidePublicKey.Of(pem).Der;
            if (spec.StartsWith("RSA_", StringComparison.Ordinal))
            {
                using var rsa = RSA.Create();
                rsa.ImportSubjectPublicKeyInfo(der, out var read);
                Assert.Equal((spec[4..], der.Length), ($"{rsa.KeySize}", read));
                continue;
            }

            var curve = spec switch
            {
                "EC_P256" => "3059301306072A8648CE3D020106082A8648CE3D03010703420004",
                "EC_P256K" => "3056301006072A8648CE3D020106052B8104000A03420004",
                _ => "3059301306072A8648CE3D020106082A811CCF5501822D03420004",
            };
            Assert.Equal(curve, Convert.ToHexString(der)[..curve.Length]);
            Assert.Equal((curve.Length / 2) + 64, der.Length);
        }
    }

    [Fact]
    public async Task GetPublicKey_OfTwoPairs_DiffersAndOfOneDoesNot()
    {
        var (first, second) = (await Root.PairAsync("EC_SM2"), await Root.PairAsync("EC_SM2"));
        var answer = await Root.OkAsync("GetPublicKey", first.With());
        Assert.Equal(answer["PublicKey"], (await Root.OkAsync("GetPublicKey", first.With()))["PublicKey"]);
        Assert.NotEqual(answer["PublicKey"], (await Root.OkAsync("GetPublicKey", second.With()))["PublicKey"]);
    }

    /// <summary>What every answer is searched with finds what it is to find.</summary>
    [Fact]
    public void PrivateKeys_InEachOfTheirForms_AreFound()
    {
        using var rsa = RSA.Create(2048);
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var p256K = ECDsa.Create(ECCurve.CreateFromValue("1.3.132.0.10"));
        var generator = new ECKeyPairGenerator();
        generator.Init(new ECKeyGenerationParameters(
            Org.BouncyCastle.Asn1.GM.GMObjectIdentifiers.sm2p256v1, new SecureRandom()));
        PrivateKeyInfo sm2 = PrivateKeyInfoFactory.CreatePrivateKeyInfo(generator.GenerateKeyPair().Private);
        foreach (var der in new[]
        {
            rsa.ExportPkcs8PrivateKey(), rsa.ExportRSAPrivateKey(), p256.ExportPkcs8PrivateKey(),
            p256.ExportECPrivateKey(), p256K.ExportPkcs8PrivateKey(), p256K.ExportECPrivateKey(), sm2.GetDerEncoded(),
        })
        {
            Assert.True(PrivateKeys.AreIn(Convert.ToBase64String(der)));
            Assert.True(PrivateKeys.AreIn(Convert.ToBase64String([1, 2, .. der, 3])));
            Assert.True(PrivateKeys.AreIn(PemEncoding.WriteString("KEY", der)));
        }

        Assert.True(PrivateKeys.AreIn(rsa.ExportPkcs8PrivateKeyPem()));
        Assert.False(PrivateKeys.AreIn(rsa.ExportSubjectPublicKeyInfoPem()));
        Assert.False(PrivateKeys.AreIn(Convert.ToBase64String(p256.ExportSubjectPublicKeyInfo())));
        Assert.False(PrivateKeys.AreIn(Convert.ToBase64String(OutsidePair.Sm2.PublicKey)));
    }
}
