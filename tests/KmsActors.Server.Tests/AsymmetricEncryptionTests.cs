using System.Security.Cryptography;

namespace KmsActors.Server.Tests;

/// <summary>AsymmetricEncrypt and AsymmetricDecrypt, by every kind of key with every algorithm.</summary>
public sealed class AsymmetricEncryptionTests(PairServer server) : IClassFixture<PairServer>
{
    private const string Usage = "ENCRYPT/DECRYPT";

    /// <summary>Kind, algorithm, and the most bytes.</summary>
    public static TheoryData<string, string, int> Ways => new()
    {
        { "RSA_2048", "RSAES_OAEP_SHA_256", 190 },
        { "RSA_2048", "RSAES_OAEP_SHA_1", 214 },
        { "RSA_3072", "RSAES_OAEP_SHA_256", 318 },
        { "RSA_3072", "RSAES_OAEP_SHA_1", 342 },
        { "EC_SM2", "SM2PKE", 6047 },
    };

    /// <summary>Kind and algorithm.</summary>
    public static IEnumerable<object[]> Algorithms => Ways.Select(way => way[..2]);

    private Tenant Root => server.Root;

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Plaintext_UpToTheMostBytes_ComesBackAndOneMoreIsRefused(string spec, string algorithm, int most)
    {
        var pair = await server.PairAsync(spec, Usage);
        foreach (var length in new[] { 1, 2, 31, 32, 33, most - 1, most })
        {
            var plaintext = Catalogue.Base64Of(length);
            var blob = await EncryptAsync(pair, algorithm, plaintext);
            var size = spec switch { "RSA_2048" => 256, "RSA_3072" => 384, _ => length + 97 };
            Assert.Equal(size, Convert.FromBase64String(blob).Length);
            Assert.Equal(plaintext, await DecryptAsync(pair, algorithm, blob));
        }

        foreach (var length in new[] { most + 1, 6144 })
        {
            await Root.RefusedAsync(
                "InvalidParameter", "Plaintext", "AsymmetricEncrypt",
                pair.With(("Algorithm", algorithm), ("Plaintext", Catalogue.Base64Of(length))));
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Ciphertext_MadeOutside_Decrypts(string spec, string algorithm, int most)
    {
        var pair = await server.PairAsync(spec, Usage);
        var publicKey = OutsidePublicKey.Of((await Root.OkAsync("GetPublicKey", pair.With()))["PublicKey"]);
        foreach (var length in new[] { 1, 32, most })
        {
            var plaintext = RandomNumberGenerator.GetBytes(length);
            var blob = Convert.ToBase64String(publicKey.Encrypt(algorithm, plaintext));
            Assert.Equal(Convert.ToBase64String(plaintext), await DecryptAsync(pair, algorithm, blob));
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Ciphertext_Damaged_IsInvalid(string spec, string algorithm)
    {
        var pair = await server.PairAsync(spec, Usage);
        var blob = Convert.FromBase64String(await EncryptAsync(pair, algorithm, "aGVsbG8="));
        var step = spec == "EC_SM2" ? 1 : 17;
        for (var i = 0; i < blob.Length; i += step)
        {
            foreach (var change in new byte[] { 0x01, 0x80 })
            {
                blob[i] ^= change;
                await InvalidAsync(pair, algorithm, blob);
                blob[i] ^= change;
            }
        }

        foreach (var wrong in new byte[][]
        {
            blob[..^1], blob[1..], [.. blob, 0], [0, .. blob], [.. blob, .. blob], [0], [4], blob[..65], blob[..97],
            new byte[blob.Length], [.. Enumerable.Repeat((byte)0xFF, blob.Length)], new byte[6144],
            RandomNumberGenerator.GetBytes(blob.Length), RandomNumberGenerator.GetBytes(256),
            RandomNumberGenerator.GetBytes(384), RandomNumberGenerator.GetBytes(6144),
        })
        {
            await InvalidAsync(pair, algorithm, wrong);
        }

        Assert.Equal("aGVsbG8=", await DecryptAsync(pair, algorithm, Convert.ToBase64String(blob)));
    }

    [Fact]
    public async Task Ciphertext_OfAnotherKeyOrAlgorithm_IsInvalid()
    {
        const string sha1 = "RSAES_OAEP_SHA_1", sha256 = "RSAES_OAEP_SHA_256";
        var (rsa, longer) = (await server.PairAsync("RSA_2048", Usage), await server.PairAsync("RSA_3072", Usage));
        var ofSha256 = Convert.FromBase64String(await EncryptAsync(rsa, sha256, "aGVsbG8="));
        await InvalidAsync(rsa, sha1, ofSha256);
        await InvalidAsync(longer, sha256, ofSha256);
        await InvalidAsync(rsa, sha256, Convert.FromBase64String(await EncryptAsync(rsa, sha1, "aGVsbG8=")));
        await InvalidAsync(rsa, sha256, Convert.FromBase64String(await EncryptAsync(longer, sha256, "aGVsbG8=")));

        var (first, second) = (await server.PairAsync("EC_SM2", Usage), await server.PairAsync("EC_SM2", Usage, 1));
        await InvalidAsync(second, "SM2PKE", Convert.FromBase64String(await EncryptAsync(first, "SM2PKE", "aGVsbG8=")));
        await InvalidAsync(first, "SM2PKE", ofSha256);

        // Neither is the ciphertext of a symmetric key one of a pair, nor the other way round.
        var envelope = Convert.FromBase64String(await Root.EncryptAsync(await Root.KeyAsync()));
        await InvalidAsync(first, "SM2PKE", envelope);
        await InvalidAsync(rsa, sha256, envelope);
        await Root.RefusedAsync(
            "InvalidParameter", "CiphertextBlob", "Decrypt", ("CiphertextBlob", Convert.ToBase64String(ofSha256)));
    }

    [Fact]
    public async Task Sm2Ciphertext_InAnotherForm_IsInvalid()
    {
        var pair = await server.PairAsync("EC_SM2", Usage);
        var blob = Convert.FromBase64String(await EncryptAsync(pair, "SM2PKE", "aGVsbG8="));
        Assert.Equal(4, blob[0]);
        var sign = (byte)(blob[64] & 1);
        foreach (var wrong in new byte[][]
        {
            // The order of 2010, a hybrid and a compressed point, the point at infinity, a point off the curve.
            Sm2Order.ToOld(blob), [(byte)(6 + sign), .. blob[1..]],
            [(byte)(2 + sign), .. blob[1..33], .. blob[65..]], [0, .. blob[65..]], [0, .. new byte[64], .. blob[65..]],
            [4, .. new byte[64], .. blob[65..]], [4, .. blob[33..65], .. blob[1..33], .. blob[65..]],
            // No plaintext at all, and no hash.
            blob[..97], [.. blob[..65], .. blob[97..]], blob[1..], [0x30, (byte)blob.Length, .. blob],
        })
        {
            await InvalidAsync(pair, "SM2PKE", wrong);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Ciphertext_OfTheSameTwice_Differs(string spec, string algorithm, int most)
    {
        var pair = await server.PairAsync(spec, Usage);
        var plaintext = Convert.ToBase64String(new byte[most]);
        Assert.NotEqual(await EncryptAsync(pair, algorithm, plaintext), await EncryptAsync(pair, algorithm, plaintext));
    }

    [Theory]
    [InlineData("RSA_2048", "RSAES_OAEP_SHA_256", "RSAES_OAEP_SHA_1")]
    [InlineData("RSA_3072", "RSAES_OAEP_SHA_256", "RSAES_OAEP_SHA_1")]
    [InlineData("EC_SM2", "SM2PKE", "SM2PKE")]
    public async Task Algorithm_NotOfTheKind_IsInvalid(string spec, params string[] own)
    {
        var pair = await server.PairAsync(spec, Usage);
        foreach (var wrong in new[]
        {
            "RSAES_OAEP_SHA_256", "RSAES_OAEP_SHA_1", "SM2PKE", "RSAES_PKCS1_V1_5", "RSA_PSS_SHA_256", "ECDSA_SHA_256",
            "SM2DSA", "rsaes_oaep_sha_256", "SM2PKE ", "AES_256", "OaepSha256", "0",
        }.Except(own))
        {
            await Root.RefusedAsync(
                "InvalidParameter", "Algorithm", "AsymmetricEncrypt",
                pair.With(("Algorithm", wrong), ("Plaintext", "aGVsbG8=")));
            await Root.RefusedAsync(
                "InvalidParameter", "Algorithm", "AsymmetricDecrypt",
                pair.With(("Algorithm", wrong), ("CiphertextBlob", Catalogue.Base64Of(256))));
            await Root.RefusedAsync(
                "InvalidParameter", "SourceEncryptionAlgorithm", "ReEncrypt",
                ("CiphertextBlob", Catalogue.Base64Of(256)), ("SourceKeyId", pair.KeyId),
                ("SourceKeyVersionId", pair.VersionId), ("SourceEncryptionAlgorithm", wrong),
                ("DestinationKeyId", await Root.KeyAsync()));
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task ReEncrypt_OfAPairsCiphertext_MovesThePlaintextToASymmetricKey(string spec, string algorithm, int most)
    {
        var pair = await server.PairAsync(spec, Usage);
        var plaintext = Catalogue.Base64Of(most);
        var destination = await Root.KeyAsync(("KeySpec", "Aliyun_SM4"));
        Args source =
        [
            ("SourceKeyId", pair.KeyId), ("SourceKeyVersionId", pair.VersionId),
            ("SourceEncryptionAlgorithm", algorithm), ("DestinationKeyId", destination),
            ("DestinationEncryptionContext", """{"a":"b"}"""),
        ];
        var blob = await EncryptAsync(pair, algorithm, plaintext);
        var moved = await Root.OkAsync("ReEncrypt", [("CiphertextBlob", blob), .. source]);
        Assert.Equal(destination, moved["KeyId"]);
        Assert.Equal(plaintext, await Root.DecryptAsync(moved["CiphertextBlob"], ("EncryptionContext.a", "b")));

        var damaged = Convert.FromBase64String(blob);
        damaged[^1] ^= 1;
        await Root.RefusedAsync(
            "InvalidParameter", "CiphertextBlob", "ReEncrypt",
            [("CiphertextBlob", Convert.ToBase64String(damaged)), .. source]);
        await Root.RefusedAsync(
            "InvalidParameter", "CiphertextBlob", "ReEncrypt",
            [("CiphertextBlob", await Root.EncryptAsync(destination)), .. source]);
    }

    private async Task<string> EncryptAsync(PairVersion pair, string algorithm, string plaintext)
    {
        var encrypted = await Root.OkAsync(
            "AsymmetricEncrypt", pair.With(("Algorithm", algorithm), ("Plaintext", plaintext)));
        Assert.Equal((pair.KeyId, pair.VersionId), (encrypted["KeyId"], encrypted["KeyVersionId"]));
        return encrypted["CiphertextBlob"];
    }

    private async Task<string> DecryptAsync(PairVersion pair, string algorithm, string blob)
    {
        var decrypted = await Root.OkAsync(
            "AsymmetricDecrypt", pair.With(("Algorithm", algorithm), ("CiphertextBlob", blob)));
        Assert.Equal((pair.KeyId, pair.VersionId), (decrypted["KeyId"], decrypted["KeyVersionId"]));
        return decrypted["Plaintext"];
    }

    private Task InvalidAsync(PairVersion pair, string algorithm, byte[] blob) => Root.RefusedAsync(
        "InvalidParameter", "CiphertextBlob", "AsymmetricDecrypt",
        pair.With(("Algorithm", algorithm), ("CiphertextBlob", Convert.ToBase64String(blob))));
}
