namespace KmsActors.Hsa.Tests;

public sealed class RootKeyCustodyTests
{
    private const int Few = 10;

    public static TheoryData<string> Kinds() => ["file", "passphrase"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Open_OwnSeal_GivesTheKey(string kind)
    {
        using RootKeyCustody custody = Make(kind, 1);
        using RootKeyCustody again = Make(kind, 1);
        byte[] sealedKey = custody.Seal(7, Fixtures.RootKey(9));
        using SecretBytes opened = again.Open(7, sealedKey);
        Assert.Equal(Fixtures.RootKey(9), opened.Span.ToArray());
        Assert.Equal(-1, sealedKey.AsSpan().IndexOf(Fixtures.RootKey(9).AsSpan(0, 8)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Open_OtherSeal_SaysByWhatItIsSealed(string kind)
    {
        using RootKeyCustody custody = Make(kind, 1);
        using RootKeyCustody other = Make(kind, 2);
        byte[] sealedKey = custody.Seal(1, Fixtures.RootKey(9));
        RootKeySealedException refused =
            Assert.Throws<RootKeySealedException>(() => other.Open(1, sealedKey));
        Assert.Contains(kind == "file" ? "another key file" : "another passphrase", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Open_SealOfAnotherKind_SaysByWhatItIsSealed(string kind)
    {
        using RootKeyCustody custody = Make(kind, 1);
        using RootKeyCustody other = Make(kind == "file" ? "passphrase" : "file", 1);
        byte[] sealedKey = custody.Seal(1, Fixtures.RootKey(9));
        RootKeySealedException refused =
            Assert.Throws<RootKeySealedException>(() => other.Open(1, sealedKey));
        Assert.Contains(
            kind == "file" ? "by key file, not by a passphrase" : "by passphrase, not by a key file",
            refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Open_AnyByteChangedOrCutShort_IsRefused(string kind)
    {
        using RootKeyCustody custody = Make(kind, 1);
        byte[] sealedKey = custody.Seal(1, Fixtures.RootKey(9));
        for (int i = 0; i < sealedKey.Length; i++)
        {
            byte[] damaged = [.. sealedKey];
            damaged[i] ^= 0x40;
            // A number of iterations this high is right there, but takes long.
            if (kind == "passphrase" && i is >= 17 and <= 19)
                continue;
            Assert.Throws<RootKeySealedException>(() => custody.Open(1, damaged));
            Assert.Throws<RootKeySealedException>(() => custody.Open(1, sealedKey.AsSpan(0, i)));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Open_AsAnotherVersion_IsRefused(string kind)
    {
        using RootKeyCustody custody = Make(kind, 1);
        byte[] sealedKey = custody.Seal(1, Fixtures.RootKey(9));
        Assert.Throws<RootKeySealedException>(() => custody.Open(2, sealedKey));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void Open_IterationsOutOfRange_IsRefusedBeforeWork(int iterations)
    {
        using RootKeyCustody custody = Make("passphrase", 1);
        byte[] sealedKey = custody.Seal(1, Fixtures.RootKey(9));
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(sealedKey.AsSpan(17), iterations);
        Assert.Throws<RootKeySealedException>(() => custody.Open(1, sealedKey));
    }

    [Fact]
    public void Open_SealOfOtherIterations_GivesTheKeyAndSealsWithItsOwn()
    {
        using PassphraseCustody old = new(Passphrase(1), Few);
        using PassphraseCustody now = new(Passphrase(1), 2 * Few);
        byte[] sealedKey = old.Seal(1, Fixtures.RootKey(9));
        now.Open(1, sealedKey).Dispose();
        Assert.Equal(2 * Few, now.Seal(1, Fixtures.RootKey(9))[20]);
    }

    [Fact]
    public void Seal_SeveralVersions_ShareASaltAndNothingElse()
    {
        using RootKeyCustody custody = Make("passphrase", 1);
        byte[] first = custody.Seal(1, Fixtures.RootKey(9));
        byte[] second = custody.Seal(2, Fixtures.RootKey(9));
        Assert.Equal(first[..21], second[..21]);
        Assert.NotEqual(first[26..], second[26..]);
        using RootKeyCustody other = Make("passphrase", 1);
        Assert.NotEqual(first[1..17], other.Seal(1, Fixtures.RootKey(9))[1..17]);
    }

    [Fact]
    public void Iterations_OfAPassphrase_AreAtLeastWhatIsAdvised() =>
        Assert.InRange(PassphraseCustody.CurrentIterations, 210_000, 100_000_000);

    [Fact]
    public void SealAsFirst_OldRootKey_IsTheFilesOwnKey()
    {
        using KeyFileCustody custody = (KeyFileCustody)Make("file", 1);
        Assert.True(custody.IsRootKeyOf(RootKeyRing.CheckValueOf(Fixtures.RootKey(1))));
        Assert.False(custody.IsRootKeyOf(RootKeyRing.CheckValueOf(Fixtures.RootKey(2))));
        using SecretBytes opened = custody.Open(1, custody.SealAsFirst());
        Assert.Equal(Fixtures.RootKey(1), opened.Span.ToArray());
    }

    private static RootKeyCustody Make(string kind, byte fill) => kind == "file"
        ? new KeyFileCustody(SecretBytes.CopyOf(Fixtures.RootKey(fill)))
        : new PassphraseCustody(Passphrase(fill), Few);

    private static SecretBytes Passphrase(byte fill) => SecretBytes.CopyOf(Fixtures.Filled(20, fill));
}
