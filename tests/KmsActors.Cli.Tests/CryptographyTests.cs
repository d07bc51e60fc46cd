using System.Security.Cryptography;
using System.Text;

namespace KmsActors.Cli.Tests;

[Collection(RealServer.Name)]
public sealed class CryptographyTests(RealServer server)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly byte[] Plaintext = [0, 1, 2, 0xFF, (byte)'\n'];

    [Fact]
    public async Task Encrypt_OnPipes_IsDecryptedToTheSameBytes()
    {
        var key = await server.NewKeyAsync();
        var encrypted = await new Invocation { Input = Plaintext }.RunAsync(server.With("encrypt", key));
        Assert.Equal(Plaintext.Length + 140, encrypted.AssertDone().Bytes.Length);
        var decrypted = await new Invocation { Input = encrypted.Bytes }.RunAsync(server.With("decrypt"));
        Assert.Equal(Plaintext, decrypted.AssertDone().Bytes);
    }

    [Fact]
    public async Task Encrypt_OnFiles_IsDecryptedToAPrivateFile()
    {
        var key = await server.NewKeyAsync();
        var (plain, cipher, back) = (server.NewFile(), server.NewFile(), server.NewFile());
        await File.WriteAllBytesAsync(plain, Plaintext);
        Assert.Empty((await server.OkAsync("encrypt", key, "--input", plain, "--output", cipher)).Bytes);
        Assert.Empty((await server.OkAsync("decrypt", "--input", cipher, "--output", back)).Bytes);
        Assert.Equal(Plaintext, await File.ReadAllBytesAsync(back));
        Assert.Equal(Private, File.GetUnixFileMode(back));

        // What is there is not written over, and what was begun in vain does not stay.
        (await server.RunAsync("decrypt", "--input", cipher, "--output", back)).AssertFailed(ExitCode.Usage, "already exists");
        var never = server.NewFile();
        (await server.RunAsync("decrypt", "--input", plain, "--output", never)).AssertFailed(ExitCode.Refused, "CiphertextBlob");
        Assert.False(File.Exists(never));
    }

    [Fact]
    public async Task Encrypt_AsBase64WithContext_NeedsBothAgain()
    {
        var key = await server.NewKeyAsync();
        var encrypted = (await server.OkAsync(
            "encrypt", key, "--text", "aGVsbG8=", "--from-base64", "--to-base64", "--context", "a=1", "--context", "b=2")).Out.Trim();
        var decrypted = await server.OkAsync("decrypt", "--text", encrypted, "--context", "b=2", "--context", "a=1");
        Assert.Equal("hello", decrypted.Out);
        (await server.RunAsync("decrypt", "--text", encrypted, "--context", "a=1")).AssertFailed(ExitCode.Refused, "CiphertextBlob");
        (await server.RunAsync("decrypt", "--text", encrypted, "--context", "a=1", "--context", "a=2"))
            .AssertFailed(ExitCode.Usage, "'a' twice");
        var asJson = await server.OkAsync("decrypt", "--text", encrypted, "--context", "b=2", "--context", "a=1", "--json");
        Assert.Equal("aGVsbG8=", asJson["Plaintext"]);
    }

    [Fact]
    public async Task Decrypt_ToAFileWithJson_DoesNotShowThePlaintext()
    {
        var key = await server.NewKeyAsync();
        var cipher = (await server.OkAsync("encrypt", key, "--text", "hello", "--to-base64")).Out.Trim();
        var file = server.NewFile();
        var answer = await server.OkAsync("decrypt", "--text", cipher, "--output", file, "--json");
        Assert.False(answer.Json.TryGetProperty("Plaintext", out _));
        Assert.Equal(key, answer["KeyId"]);
        Assert.Equal("hello", await File.ReadAllTextAsync(file));
    }

    [Theory]
    [InlineData("hello", "hello\n")]
    [InlineData("\u001B[2J", "G1sySg==\n")]
    public async Task Decrypt_OnATerminal_ShowsOnlyWhatDoesNotSteerIt(string plaintext, string shown)
    {
        var key = await server.NewKeyAsync();
        var cipher = (await server.OkAsync("encrypt", key, "--text", plaintext, "--to-base64")).Out.Trim();
        var run = await new Invocation { IsTerminal = true }.RunAsync(server.With("decrypt", "--text", cipher));
        Assert.Equal(shown, run.Out);
    }

    [Theory]
    [InlineData("RSA_2048", "RSAES_OAEP_SHA_256")]
    [InlineData("EC_SM2", "SM2PKE")]
    public async Task Encrypt_WithAPair_IsDecryptedByNamingIt(string spec, string algorithm)
    {
        var key = await server.NewKeyAsync("--spec", spec, "--usage", "encrypt");
        var cipher = await server.OkAsync("encrypt", key, "--text", "hello", "--algorithm", algorithm, "--to-base64");
        var back = await server.OkAsync("decrypt", "--text", cipher.Out.Trim(), "--key", key, "--algorithm", algorithm);
        Assert.Equal("hello", back.Out);
        (await server.RunAsync("decrypt", "--text", cipher.Out.Trim(), "--key", key)).AssertFailed(ExitCode.Usage, "go together");
        (await server.RunAsync("encrypt", key, "--text", "x", "--algorithm", algorithm, "--context", "a=b"))
            .AssertFailed(ExitCode.Usage, "--context");
    }

    [Fact]
    public async Task DataKey_ToFiles_IsPrivateAndDecryptsToItself()
    {
        var key = await server.NewKeyAsync();
        var (plain, cipher) = (server.NewFile(), server.NewFile());
        var made = await server.OkAsync(
            "data-key", key, "--bytes", "48", "--context", "a=b", "--plaintext-file", plain, "--ciphertext-file", cipher, "--json");
        Assert.False(made.Json.TryGetProperty("Plaintext", out _));
        Assert.Equal(48, new FileInfo(plain).Length);
        Assert.Equal(Private, File.GetUnixFileMode(plain));
        var back = await server.OkAsync("decrypt", "--input", cipher, "--context", "a=b");
        Assert.Equal(await File.ReadAllBytesAsync(plain), back.Bytes);

        var shown = (await server.OkAsync("data-key", key)).Lines.Select(line => line.Split('\t')[0].Trim());
        Assert.Equal(["Plaintext", "KeyId", "KeyVersionId", "CiphertextBlob"], shown);
        var without = await server.OkAsync("data-key", key, "--without-plaintext");
        Assert.DoesNotContain("Plaintext", without.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RSA_2048", "RSA_PSS_SHA_256")]
    [InlineData("RSA_2048", "RSA_PKCS1_SHA_256")]
    [InlineData("EC_P256K", "ECDSA_SHA_256")]
    public async Task Sign_OfAFile_IsVerified(string spec, string algorithm)
    {
        var key = await server.NewKeyAsync("--spec", spec, "--usage", "sign");
        var (message, signature) = (server.NewFile(), server.NewFile());
        await File.WriteAllBytesAsync(message, RandomNumberGenerator.GetBytes(300_000));
        await server.OkAsync("sign", key, "--input", message, "--output", signature, "--algorithm", algorithm);
        var verified = await server.OkAsync(
            "verify", key, "--input", message, "--signature", signature, "--algorithm", algorithm);
        Assert.Contains("good", verified.Error, StringComparison.Ordinal);
        var other = await server.RunAsync("verify", key, "--text", "other", "--signature", signature, "--algorithm", algorithm);
        other.AssertFailed(ExitCode.Refused, "not good");
        var asJson = await server.RunAsync("verify", key, "--text", "other", "--signature", signature, "--algorithm", algorithm, "--json");
        Assert.Equal(ExitCode.Refused, asJson.ExitCode);
        Assert.Equal("False", asJson["Value"]);
    }

    [Fact]
    public async Task Sign_WithAPairOnP256_IsVerifiedByItsPublicKeyElsewhere()
    {
        var key = await server.NewKeyAsync("--spec", "EC_P256");
        var signed = (await server.OkAsync("sign", key, "--text", "hello", "--to-base64")).Out;
        await server.OkAsync("verify", key, "--text", "hello", "--signature-base64", signed.Trim());
        using var pair = ECDsa.Create();
        pair.ImportFromPem((await server.OkAsync("public-key", key)).Out);
        Assert.True(pair.VerifyData(
            "hello"u8, Convert.FromBase64String(signed), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        var file = server.NewFile();
        Assert.Empty((await server.OkAsync("public-key", key, "--output", file)).Bytes);
        Assert.StartsWith("-----BEGIN PUBLIC KEY-----", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
        Assert.Contains("BEGIN", (await server.OkAsync("public-key", key, "--json"))["PublicKey"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sign_WithSm2_TakesADigest()
    {
        var key = await server.NewKeyAsync("--spec", "EC_SM2", "--usage", "sign");
        (await server.RunAsync("sign", key, "--text", "hello")).AssertFailed(ExitCode.Usage, "SM2DSA needs --digest.");
        var digest = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes("any")));
        string[] input = ["--text", digest, "--from-base64", "--digest"];
        var signed = await server.OkAsync(["sign", key, .. input, "--to-base64"]);
        await server.OkAsync(["verify", key, .. input, "--signature-base64", signed.Out.Trim()]);
        (await server.RunAsync("sign", key, "--text", "short", "--digest")).AssertFailed(ExitCode.Usage, "32 bytes");
    }
}
