using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace KmsActors.Server.Tests;

/// <summary>
/// Plaintexts: Base64 by the document, but text that is none comes back as it was, because the vendor's
/// own samples pass it so.
/// </summary>
public sealed class PlaintextTests(TestServer server) : IClassFixture<TestServer>
{
    private Tenant Root => server.Root;

    [Theory]
    [InlineData("aGk=")]
    [InlineData("AA==")]
    [InlineData("+/+/")]
    [InlineData("hello world")]
    [InlineData("aGk")]
    [InlineData("aGl=")]
    [InlineData("aGk= ")]
    [InlineData(" aGk=")]
    [InlineData("aG k=")]
    [InlineData("aGk=\n")]
    [InlineData("a===")]
    [InlineData("=")]
    [InlineData("====")]
    [InlineData("aGk=aGk=")]
    [InlineData("-_-_")]
    [InlineData("%")]
    [InlineData("+")]
    [InlineData("\0")]
    [InlineData("\u0001\"\\\u007f")]
    [InlineData("密钥")]
    [InlineData("ａＧｋ＝")]
    [InlineData("😀 <&>")]
    public async Task Plaintext_OfAnyText_ComesBackAsItWas(string text) => Assert.Equal(text, await RoundTripAsync(text));

    [Property(MaxTest = 60)]
    public Property Plaintext_OfGeneratedText_ComesBackAsItWas() => Prop.ForAll(
        ArbMap.Default.ArbFor<NonEmptyString>().Filter(IsUnicode),
        async text =>
        {
            Assert.Equal(text.Get, await RoundTripAsync(text.Get));
        });

    [Fact]
    public async Task Plaintext_NotBase64InXml_ComesBackAsItWas()
    {
        var client = Root.Client with { Form = new(Scheme.RpcSha1, Carrier.PostForm, "XML") };
        var keyId = await Root.KeyAsync();
        const string text = "a <b> & \"c\" '密钥'\r\n";
        var encrypted = (await client.CallAsync("Encrypt", ("KeyId", keyId), ("Plaintext", text))).AssertOk();
        var decrypted = await client.CallAsync("Decrypt", ("CiphertextBlob", encrypted["CiphertextBlob"]));
        Assert.Equal(text, decrypted.AssertOk()["Plaintext"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6143)]
    [InlineData(6144)]
    public async Task Plaintext_OfAnAllowedSize_ComesBack(int bytes)
    {
        var base64 = Catalogue.Base64Of(bytes);
        Assert.Equal(base64, await RoundTripAsync(base64));
        var text = new string('-', bytes);
        Assert.Equal(text, await RoundTripAsync(text));
    }

    [Fact]
    public async Task Plaintext_OfTheLongestTextBeyondAscii_IsCountedInBytes()
    {
        var keyId = await Root.KeyAsync();
        var text = new string('密', 2048);
        Assert.Equal(6144, Encoding.UTF8.GetByteCount(text));
        Assert.Equal(text, await RoundTripAsync(text));
        await Root.RefusedAsync(
            "InvalidParameter", "Plaintext", "Encrypt", ("KeyId", keyId), ("Plaintext", text + "-"));
    }

    [Fact]
    public async Task Plaintext_OfNoByte_IsMissing() => await Root.RefusedAsync(
        "MissingParameter", "Plaintext", "Encrypt", ("KeyId", await Root.KeyAsync()), ("Plaintext", ""));

    [Fact]
    public async Task Plaintext_OfOneByteTooMany_IsRefused()
    {
        var keyId = await Root.KeyAsync();
        foreach (var text in new[] { Catalogue.Base64Of(6145), new string('-', 6145), new string('A', 8193) })
            await Root.RefusedAsync("InvalidParameter", "Plaintext", "Encrypt", ("KeyId", keyId), ("Plaintext", text));
    }

    [Fact]
    public async Task ReEncrypt_OfTextThatIsNotBase64_KeepsItsForm()
    {
        var encrypted = await Root.OkAsync("Encrypt", ("KeyId", await Root.KeyAsync()), ("Plaintext", "hello world"));
        var moved = await Root.OkAsync(
            "ReEncrypt",
            ("CiphertextBlob", encrypted["CiphertextBlob"]), ("DestinationKeyId", await Root.KeyAsync()));
        var decrypted = await Root.OkAsync("Decrypt", ("CiphertextBlob", moved["CiphertextBlob"]));
        Assert.Equal("hello world", decrypted["Plaintext"]);
    }

    [Theory]
    [InlineData("CiphertextBlob", "Decrypt")]
    [InlineData("CiphertextBlob", "ReEncrypt")]
    [InlineData("EncryptedKeyMaterial", "ImportKeyMaterial")]
    [InlineData("ImportToken", "ImportKeyMaterial")]
    [InlineData("CiphertextBlob", "ExportDataKey")]
    [InlineData("PublicKeyBlob", "ExportDataKey")]
    [InlineData("PublicKeyBlob", "GenerateAndExportDataKey")]
    [InlineData("Plaintext", "AsymmetricEncrypt")]
    [InlineData("CiphertextBlob", "AsymmetricDecrypt")]
    [InlineData("Digest", "AsymmetricSign")]
    [InlineData("Digest", "AsymmetricVerify")]
    [InlineData("Value", "AsymmetricVerify")]
    public async Task Base64_WhereItIsNeeded_HasToBeCanonical(string name, string action)
    {
        var arguments = (await Catalogue.Actions[action].WellFormed(Root)).Where(a => a.Name != name).ToArray();
        foreach (var broken in new[] { "aGk", "aGl=", "a===", "aG k=", "aGk= ", "aGk=\n", "-_-_", "密钥", "=", "aGk=aGk=" })
            await Root.RefusedAsync("InvalidParameter", name, action, [.. arguments, (name, broken)]);
    }

    private static bool IsUnicode(NonEmptyString text) => !text.Get.EnumerateRunes().Contains(Rune.ReplacementChar);

    private async Task<string> RoundTripAsync(string text)
    {
        var encrypted = await Root.OkAsync("Encrypt", ("KeyId", await Root.KeyAsync()), ("Plaintext", text));
        var decrypted = await Root.OkAsync("Decrypt", ("CiphertextBlob", encrypted["CiphertextBlob"]));
        return decrypted["Plaintext"];
    }
}
