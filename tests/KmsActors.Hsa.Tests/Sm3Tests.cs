using System.Text;
using KmsActors.Hsa.ShangMi;

namespace KmsActors.Hsa.Tests;

public sealed class Sm3Tests
{
    /// <summary>GB/T 32905-2016, A.1 and A.2.</summary>
    [Theory]
    [InlineData("abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")]
    [InlineData(
        "abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd",
        "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732")]
    public void Hash_StandardsExamples_Match(string message, string expected) =>
        Assert.Equal(expected, Convert.ToHexStringLower(Hash(Encoding.ASCII.GetBytes(message))));

    [Fact]
    public void Hash_LengthsAroundABlock_AreOpenSslsHashes()
    {
        using OpenSsl openSsl = new();
        foreach (int length in new[] { 0, 1, 3, 4, 55, 56, 63, 64, 65, 119, 120, 128, 6144 })
        {
            byte[] data = Bytes(length);
            Assert.Equal(OpenSsl.Run("dgst", "-sm3", "-binary", openSsl.File(data)), Hash(data));
        }
    }

    /// <summary>The standard's definition, GB/T 32918.4-2016, 5.4.3, with one hash after the other.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(64)]
    [InlineData(6047)]
    public void DeriveKey_AnyLength_IsHashesOfSecretAndCounterFromOne(int length)
    {
        byte[] secret = Bytes(64);
        List<byte> expected = [];
        for (int i = 1; expected.Count < length; i++)
            expected.AddRange(Hash([.. secret, 0, 0, (byte)(i / 256), (byte)(i % 256)]));

        byte[] key = Fixtures.Filled(length, 0xEE);
        Sm3.DeriveKey(secret, key);
        Assert.Equal(expected.Take(length), key);
    }

    private static byte[] Hash(byte[] data)
    {
        byte[] hash = new byte[Sm3.HashSize];
        Sm3.Hash(data, hash);
        return hash;
    }

    private static byte[] Bytes(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7 % 256))];
}
