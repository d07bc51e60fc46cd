using System.Security.Cryptography;
using System.Text;

namespace KmsActors.Server.Tests;

/// <summary>Data keys that leave for the holder of a key pair outside, and for nobody else.</summary>
public sealed class ExportDataKeyTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Export = "ExportDataKey";
    private const string Generate = "GenerateAndExportDataKey";

    /// <summary>Kind of the pair outside, algorithm, and the most bytes of a data key.</summary>
    public static TheoryData<string, string, int> Ways => new()
    {
        { "RSA_2048", "RSAES_OAEP_SHA_256", 190 }, { "RSA_2048", "RSAES_OAEP_SHA_1", 214 }, { "EC_SM2", "SM2PKE", 1024 },
    };

    private Tenant Root => server.Root;

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task GenerateAndExport_Unwrapped_IsWhatDecryptGives(string spec, string algorithm, int most)
    {
        var pair = PairOf(spec);
        foreach (var master in new[] { "Aliyun_AES_256", "Aliyun_SM4" })
        {
            var keyId = await Root.KeyAsync(("KeySpec", master));
            foreach (var (size, more) in new (int, Args)[]
            {
                (32, []), (32, [("KeySpec", "AES_256")]), (16, [("KeySpec", "AES_128")]),
                (1, [("NumberOfBytes", "1")]), (most, [("NumberOfBytes", $"{most}")]),
                (33, [("KeySpec", "AES_128"), ("NumberOfBytes", "33")]),
            })
            {
                var answer = await Root.OkAsync(Generate, [("KeyId", keyId), .. more, .. pair.Target(algorithm)]);
                var dataKey = await Root.DecryptAsync(answer["CiphertextBlob"]);
                Assert.Equal(dataKey, Unwrap(pair, algorithm, answer));
                Assert.Equal(size, Convert.FromBase64String(dataKey).Length);
                Assert.Equal((keyId, await PrimaryAsync(keyId)), (answer["KeyId"], answer["KeyVersionId"]));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Export_Unwrapped_IsWhatDecryptGives(string spec, string algorithm, int most)
    {
        var (pair, keyId) = (PairOf(spec), await Root.KeyAsync());
        foreach (var size in new[] { 1, 16, 32, most })
        {
            var generated = await Root.OkAsync("GenerateDataKey", ("KeyId", keyId), ("NumberOfBytes", $"{size}"));
            Args arguments = [("CiphertextBlob", generated["CiphertextBlob"]), .. pair.Target(algorithm)];
            var (first, second) = (await Root.OkAsync(Export, arguments), await Root.OkAsync(Export, arguments));
            Assert.Equal(generated["Plaintext"], Unwrap(pair, algorithm, first));
            Assert.Equal(generated["Plaintext"], Unwrap(pair, algorithm, second));
            Assert.NotEqual(first["ExportedDataKey"], second["ExportedDataKey"]);
            Assert.Equal((keyId, generated["KeyVersionId"]), (first["KeyId"], first["KeyVersionId"]));
        }
    }

    [Theory]
    [InlineData("RSA_2048", "RSAES_OAEP_SHA_256", 191, 191)]
    [InlineData("RSA_2048", "RSAES_OAEP_SHA_1", 215, 215)]
    [InlineData("EC_SM2", "SM2PKE", 1025, 6048)]
    public async Task DataKey_OfOneByteTooMany_IsRefused(string spec, string algorithm, int tooMany, int tooLong)
    {
        var (pair, keyId) = (PairOf(spec), await Root.KeyAsync());
        await Root.RefusedAsync(
            "InvalidParameter", "NumberOfBytes", Generate,
            [("KeyId", keyId), ("NumberOfBytes", $"{tooMany}"), .. pair.Target(algorithm)]);
        foreach (var (size, isTaken) in new[] { (tooLong - 1, true), (tooLong, false), (6144, false) })
        {
            var blob = await BlobOfAsync(keyId, Catalogue.Base64Of(size));
            Args arguments = [("CiphertextBlob", blob), .. pair.Target(algorithm)];
            if (isTaken) await Root.OkAsync(Export, arguments);
            else await Root.RefusedAsync("InvalidParameter", "CiphertextBlob", Export, arguments);
        }
    }

    [Fact]
    public async Task Export_OfTextThatIsNotBase64_ExportsItsBytes()
    {
        var blob = await BlobOfAsync(await Root.KeyAsync(), "hello 密钥");
        var exported = await Root.OkAsync(Export, [("CiphertextBlob", blob), .. OutsidePair.Sm2.Target("SM2PKE")]);
        Assert.Equal("hello 密钥", Encoding.UTF8.GetString(Convert.FromBase64String(Unwrap(OutsidePair.Sm2, "SM2PKE", exported))));
    }

    [Fact]
    public async Task Export_ByARotatedKey_NamesTheVersionThatEncrypted()
    {
        var keyId = await Root.RotatingKeyAsync();
        var old = await PrimaryAsync(keyId);
        var blob = await Root.EncryptAsync(keyId);
        server.Clock.Shift(TimeSpan.FromDays(7));
        await server.RunRemindersAsync();
        Args target = OutsidePair.Rsa.Target("RSAES_OAEP_SHA_1");
        Assert.Equal(old, (await Root.OkAsync(Export, [("CiphertextBlob", blob), .. target]))["KeyVersionId"]);
        var generated = await Root.OkAsync(Generate, [("KeyId", keyId), .. target]);
        Assert.Equal(await PrimaryAsync(keyId), generated["KeyVersionId"]);
        Assert.NotEqual(old, generated["KeyVersionId"]);
    }

    [Fact]
    public async Task Context_OfADataKey_HasToBeGivenAgain()
    {
        const string context = """{"a":"1","b":"2"}""";
        Args target = OutsidePair.Rsa.Target("RSAES_OAEP_SHA_256");
        var keyId = await Root.KeyAsync();
        var generated = await Root.OkAsync(Generate, [("KeyId", keyId), ("EncryptionContext", context), .. target]);
        Args blob = [("CiphertextBlob", generated["CiphertextBlob"])];
        await Root.OkAsync("Decrypt", [.. blob, ("EncryptionContext.b", "2"), ("EncryptionContext.a", "1")]);
        await Root.OkAsync(Export, [.. blob, ("EncryptionContext", """{"b":"2","a":"1"}"""), .. target]);
        foreach (var wrong in new Args[]
        {
            [], [("EncryptionContext", "{}")], [("EncryptionContext", """{"a":"1"}""")], [("EncryptionContext.a", "2")],
        })
        {
            await Root.RefusedAsync("InvalidParameter", "CiphertextBlob", Export, [.. blob, .. wrong, .. target]);
        }
    }

    [Fact]
    public async Task Ciphertext_Damaged_IsInvalid()
    {
        var blob = Convert.FromBase64String(await Root.EncryptAsync(await Root.KeyAsync()));
        foreach (var i in new[] { 0, 5, 8, 24, 40, 60, 99, 100, 124, 140, blob.Length - 1 })
        {
            byte[] damaged = [.. blob];
            damaged[i] ^= 1;
            await Root.RefusedAsync(
                "InvalidParameter", "CiphertextBlob", Export,
                [("CiphertextBlob", Convert.ToBase64String(damaged)), .. OutsidePair.Sm2.Target("SM2PKE")]);
        }
    }

    [Theory]
    [InlineData("RSA_2048", "SM2PKE")]
    [InlineData("EC_SM2", "RSAES_OAEP_SHA_256")]
    [InlineData("EC_SM2", "RSAES_OAEP_SHA_1")]
    [InlineData("RSA_2048", "RSAES_PKCS1_V1_5")]
    [InlineData("RSA_2048", "RSA_PSS_SHA_256")]
    [InlineData("EC_SM2", "sm2pke")]
    public async Task WrappingAlgorithm_NotOfTheWrappingKeySpec_IsInvalid(string spec, string algorithm) =>
        await BothRefusedAsync("WrappingAlgorithm", PairOf(spec).Target(algorithm));

    [Theory]
    [InlineData("RSA_3072")]
    [InlineData("RSA_4096")]
    [InlineData("EC_P256")]
    [InlineData("Aliyun_SM4")]
    [InlineData("rsa_2048")]
    public async Task WrappingKeySpec_OfAnotherWord_IsInvalid(string spec) => await BothRefusedAsync(
        "WrappingKeySpec", (OutsidePair.Rsa with { Spec = spec }).Target("RSAES_OAEP_SHA_256"));

    [Fact]
    public async Task PublicKeyBlob_NoRsaKeyOf2048Bits_IsInvalid()
    {
        var good = OutsidePair.Rsa.PublicKey;
        using var longer = RSA.Create(3072);
        using var shorter = RSA.Create(1024);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var own = RSA.Create(2048);
        foreach (var bad in (byte[][])
        [
            longer.ExportSubjectPublicKeyInfo(), shorter.ExportSubjectPublicKeyInfo(), curve.ExportSubjectPublicKeyInfo(),
            OutsidePair.Sm2.PublicKey, own.ExportPkcs8PrivateKey()[..1024], shorter.ExportPkcs8PrivateKey(),
            shorter.ExportRSAPrivateKey(), own.ExportRSAPublicKey(), WithExponent(own, 1), WithExponent(own, 2),
            WithExponent(own, 65536), .. Spoiled(good), Encoding.ASCII.GetBytes(own.ExportSubjectPublicKeyInfoPem()),
        ])
        {
            var target = (OutsidePair.Rsa with { PublicKey = bad }).Target("RSAES_OAEP_SHA_256");
            await BothRefusedAsync("PublicKeyBlob", target);
        }
    }

    [Fact]
    public async Task PublicKeyBlob_NoKeyOnSm2_IsInvalid()
    {
        var good = OutsidePair.Sm2.PublicKey;
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var p256 = curve.ExportSubjectPublicKeyInfo();
        var (info, x, y) = (good[..27], good[27..59], good[59..]);
        foreach (var bad in (byte[][])
        [
            OutsidePair.Rsa.PublicKey, p256, curve.ExportPkcs8PrivateKey(), curve.ExportECPrivateKey(),
            // SM2's OID before another curve's point; off the curve; at infinity; beyond the field; other forms.
            [.. good[..^64], .. p256[^64..]], [.. info, .. y, .. x], [.. info, .. new byte[64]],
            [.. info, .. Enumerable.Repeat((byte)0xFF, 64)], [.. info[..^1], 6, .. x, .. y], [.. info[..^1], 2, .. x],
            [.. info[..^1], 0], good[26..], [.. x, .. y], .. Spoiled(good),
        ])
        {
            await BothRefusedAsync("PublicKeyBlob", (OutsidePair.Sm2 with { PublicKey = bad }).Target("SM2PKE"));
        }
    }

    private static OutsidePair PairOf(string spec) => spec == "EC_SM2" ? OutsidePair.Sm2 : OutsidePair.Rsa;

    private static string Unwrap(OutsidePair pair, string algorithm, Answer answer) =>
        Convert.ToBase64String(pair.Decrypt(algorithm, Convert.FromBase64String(answer["ExportedDataKey"])));

    // Cut off anywhere, followed by something, or of other bytes altogether.
    private static IEnumerable<byte[]> Spoiled(byte[] good) =>
    [
        good[..^1], good[..1], good[..20], good[1..], [.. good, 0], [.. good, .. good], [0x30, 0], [0], new byte[1024],
        RandomNumberGenerator.GetBytes(good.Length), RandomNumberGenerator.GetBytes(1024),
        [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, .. good[4..]], [0x31, .. good[1..]],
    ];

    private static byte[] WithExponent(RSA rsa, int exponent)
    {
        var parameters = rsa.ExportParameters(false);
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(parameters.Modulus);
            writer.WriteInteger(exponent);
        }

        var key = writer.Encode();
        writer.Reset();
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.2.840.113549.1.1.1");
                writer.WriteNull();
            }

            writer.WriteBitString(key);
        }

        return writer.Encode();
    }

    private async Task<string> PrimaryAsync(string keyId) => (await Root.DescribeAsync(keyId))["KeyMetadata.PrimaryKeyVersion"];

    private async Task<string> BlobOfAsync(string keyId, string plaintext) =>
        (await Root.OkAsync("Encrypt", ("KeyId", keyId), ("Plaintext", plaintext)))["CiphertextBlob"];

    private async Task BothRefusedAsync(string parameter, Args target)
    {
        var keyId = await Root.KeyAsync();
        await Root.RefusedAsync("InvalidParameter", parameter, Generate, [("KeyId", keyId), .. target]);
        await Root.RefusedAsync(
            "InvalidParameter", parameter, Export, [("CiphertextBlob", await Root.EncryptAsync(keyId)), .. target]);
    }
}
