using KmsActors.Grains;

namespace KmsActors.Protocols.Aliyun.Tests;

public class KeySpecTextTests
{
    [Fact]
    public void Specs_BothWays_AreTheDocumentsWords() => BothWays(
        KeySpecText.Specs,
        ["Aliyun_AES_256", "Aliyun_SM4", "RSA_2048", "RSA_3072", "EC_P256", "EC_P256K", "EC_SM2"]);

    [Fact]
    public void Usages_BothWays_AreTheDocumentsWords() =>
        BothWays(KeySpecText.Usages, ["ENCRYPT/DECRYPT", "SIGN/VERIFY"]);

    [Fact]
    public void ProtectionLevels_BothWays_AreTheDocumentsWords() =>
        BothWays(KeySpecText.ProtectionLevels, ["SOFTWARE", "HSM"]);

    [Fact]
    public void Origins_BothWays_AreTheDocumentsWords() => BothWays(KeySpecText.Origins, ["Aliyun_KMS", "EXTERNAL"]);

    [Fact]
    public void States_BothWays_AreTheDocumentsWords() =>
        BothWays(KeySpecText.States, ["Enabled", "Disabled", "PendingDeletion", "PendingImport"]);

    [Theory]
    [InlineData("RSA_2048", KeySpec.Rsa2048)]
    [InlineData("RSA_3072", KeySpec.Rsa3072)]
    [InlineData("EC_P256", KeySpec.EcP256)]
    [InlineData("EC_P256K", KeySpec.EcP256K)]
    [InlineData("EC_SM2", KeySpec.EcSm2)]
    [InlineData("Aliyun_SM4", KeySpec.Sm4)]
    [InlineData("Aliyun_AES_256", KeySpec.Aes256)]
    public void Of_Spec_IsItsWord(string word, KeySpec spec) =>
        Assert.Equal(word, KeySpecText.Of(KeySpecText.Specs, spec));

    [Fact]
    public void Of_NoMember_IsAFault() =>
        Assert.Throws<InvariantException>(() => KeySpecText.Of(KeySpecText.Specs, (KeySpec)99));

    // Every member has one word, every word one member, and there are no others.
    private static void BothWays<T>((string Word, T Meaning)[] words, string[] documented)
        where T : struct, Enum
    {
        Assert.Equal(documented, words.Select(each => each.Word));
        Assert.Equal(Enum.GetValues<T>().Order(), words.Select(each => each.Meaning).Order());
        foreach ((string word, T meaning) in words) Assert.Equal(word, KeySpecText.Of(words, meaning));
    }
}
