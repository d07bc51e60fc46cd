using System.Text;

namespace KmsActors.Hsa.Tests;

/// <summary>What is in databases already, written before there were other types than AES-256, opens on.</summary>
public sealed class StoredDataTests
{
    private const string Blob =
        "AQAAAAGBD24Q5Dk2GATmTVkj+46MBgriebWQ0TQXboOFtsKsTxChS6QQ6OV5VfAVu/eTdqNX/phNErnMYJL3FcikYkLEz52zNrksGRQ=";

    private const string StoredEnvelope =
        "S01TQQEBAAAPDg0MCwpJCIcGBQQDAgEAoKGio6SlRqeIqaqrrK2ur2d1TMPzezP27I89F8NOSc8AAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAPmwl/nH86wgYCio3cMqEhcBYTV+2b3bwq2H3Ji25dOGGvV/FdAADXG6wfulFUBRH9FN"
        + "sb/0k0ibFfyAAOyS1rRp5adF";

    private const string KeyMaterial =
        "000000184b6d734163746f7273206b6579206d6174657269616c203100000010313030303030303030303030303030310000002430"
        + "663065306430632d306230612d343930382d383730362d303530343033303230313030000000246130613161326133"
        + "2d613461352d343661372d383861392d616161626163616461656166";

    [Fact]
    public void OpenKey_BlobOfTheFirstVersion_DecryptsItsEnvelope()
    {
        using var key = (ISymmetricKey)Fixtures.Hsa.OpenKey(Fixtures.Binding, Convert.FromBase64String(Blob));
        byte[] envelope = Convert.FromBase64String(StoredEnvelope);
        byte[] plaintext = new byte[envelope.Length - Envelope.Overhead];
        Assert.True(key.TryDecrypt(envelope, "context"u8, plaintext));
        Assert.Equal("written by the first version", Encoding.ASCII.GetString(plaintext));
    }

    [Theory]
    [InlineData(KeyType.Aes256, null)]
    [InlineData(KeyType.Sm4, "SM4")]
    [InlineData(KeyType.Rsa2048, "RSA-2048")]
    [InlineData(KeyType.Rsa3072, "RSA-3072")]
    [InlineData(KeyType.EcP256, "P-256")]
    [InlineData(KeyType.EcP256K, "secp256k1")]
    [InlineData(KeyType.EcSm2, "SM2")]
    public void KeyMaterial_AnyType_IsTheFirstVersionsFieldsThenItsName(KeyType type, string? name)
    {
        byte[] expected = Convert.FromHexString(KeyMaterial);
        if (name is not null)
            expected = [.. expected, 0, 0, 0, (byte)name.Length, .. Encoding.ASCII.GetBytes(name)];
        Assert.Equal(expected, Domain.KeyMaterial(Fixtures.BindingOf(type)));
    }

    [Fact]
    public void ImportPrivateKey_AnyToken_IsTheFirstVersionsFields() =>
        Assert.Equal(
            "0000001e4b6d734163746f727320696d706f72742070726976617465206b657920310000001031303030303030303030"
            + "30303030303100000007746f6b656e2d31",
            Convert.ToHexStringLower(Domain.ImportPrivateKey(Fixtures.Account, "token-1")));
}
