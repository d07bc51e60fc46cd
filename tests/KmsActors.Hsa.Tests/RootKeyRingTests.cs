using System.Security.Cryptography;

namespace KmsActors.Hsa.Tests;

public sealed class RootKeyRingTests : IDisposable
{
    private static readonly byte[] BoundTo = Domain.Secret("owner");

    private readonly RootKeyRing _ring = new();

    public void Dispose() => _ring.Dispose();

    [Fact]
    public void Wrap_NoVersionYet_Throws() =>
        Assert.Throws<InvalidOperationException>(() => _ring.Wrap(BoundTo, [1]));

    [Fact]
    public void Use_VersionThatIsNot_Throws()
    {
        _ring.Add(1, Fixtures.RootKey(1));
        Assert.Throws<ArgumentException>(() => _ring.Use(2));
    }

    [Fact]
    public void Add_ZeroOrWrongLength_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _ring.Add(0, Fixtures.RootKey(1)));
        Assert.Throws<ArgumentException>(() => _ring.Add(1, new byte[31]));
    }

    [Fact]
    public void Add_SameVersionAgain_KeepsTheFirst()
    {
        _ring.Add(1, Fixtures.RootKey(1));
        _ring.Use(1);
        byte[] blob = _ring.Wrap(BoundTo, [1]);
        _ring.Add(1, Fixtures.RootKey(2));
        _ring.Unwrap(BoundTo, blob).Dispose();
    }

    [Fact]
    public void Unwrap_OfEachVersion_OpensWhateverWrapsNow()
    {
        _ring.Add(1, Fixtures.RootKey(1));
        _ring.Use(1);
        byte[] first = _ring.Wrap(BoundTo, [1]);
        _ring.Add(2, Fixtures.RootKey(2));
        byte[] alsoFirst = _ring.Wrap(BoundTo, [2]);
        _ring.Use(2);
        byte[] second = _ring.Wrap(BoundTo, [3]);
        Assert.Equal([1u, 1u, 2u], new[] { first, alsoFirst, second }.Select(blob => RootKey.VersionOf(blob)));
        foreach ((byte[] blob, byte expected) in new[] { (first, (byte)1), (alsoFirst, (byte)2), (second, (byte)3) })
        {
            using SecretBytes opened = _ring.Unwrap(BoundTo, blob);
            Assert.Equal([expected], opened.Span.ToArray());
        }
    }

    [Fact]
    public void Unwrap_VersionRenamed_Throws()
    {
        _ring.Add(1, Fixtures.RootKey(1));
        _ring.Add(2, Fixtures.RootKey(1));
        _ring.Use(1);
        byte[] blob = _ring.Wrap(BoundTo, [1]);
        blob[4] = 2;
        Assert.Throws<CryptographicException>(() => _ring.Unwrap(BoundTo, blob));
    }

    [Fact]
    public void Rewrap_OldAndCurrent_IsUnderTheCurrentOrAsItWas()
    {
        _ring.Add(1, Fixtures.RootKey(1));
        _ring.Use(1);
        byte[] old = _ring.Wrap(BoundTo, [7]);
        _ring.Add(2, Fixtures.RootKey(2));
        _ring.Use(2);
        byte[] rewrapped = _ring.Rewrap(BoundTo, old);
        Assert.Equal(2u, RootKey.VersionOf(rewrapped));
        Assert.Same(rewrapped, _ring.Rewrap(BoundTo, rewrapped));
        _ring.ForgetBefore(2);
        using SecretBytes opened = _ring.Unwrap(BoundTo, rewrapped);
        Assert.Equal([7], opened.Span.ToArray());
    }

    [Fact]
    public void Rewrap_BoundToSomethingElse_Throws()
    {
        _ring.Add(1, Fixtures.RootKey(1));
        _ring.Use(1);
        byte[] old = _ring.Wrap(BoundTo, [7]);
        _ring.Add(2, Fixtures.RootKey(2));
        _ring.Use(2);
        Assert.Throws<CryptographicException>(() => _ring.Rewrap(Domain.Secret("other"), old));
    }

    [Fact]
    public void ForgetBefore_Old_OpensItNoMore()
    {
        _ring.Add(1, Fixtures.RootKey(1));
        _ring.Use(1);
        byte[] old = _ring.Wrap(BoundTo, [7]);
        _ring.Add(2, Fixtures.RootKey(2));
        Assert.Throws<ArgumentException>(() => _ring.ForgetBefore(2));
        _ring.Use(2);
        _ring.ForgetBefore(2);
        Assert.Equal([2u], _ring.Versions);
        Assert.Throws<CryptographicException>(() => _ring.Unwrap(BoundTo, old));
    }

    [Fact]
    public async Task Rewrap_OfTheHsa_OpensForEachPurposeAfterTheOldVersionIsGone()
    {
        RootKeyRing ring = RootKeyRing.Of(Fixtures.RootKey(1));
        using SoftwareHsa hsa = new(ring, rsaPairs: 1);
        byte[] material = await hsa.GenerateKeyAsync(Fixtures.Binding, default);
        byte[] secret = hsa.WrapSecret("owner", [1, 2, 3]);
        ImportKeyPair pair = await hsa.TakeImportKeyPairAsync(
            "account", "token", ImportWrapping.Sm2Pke, KeyProtection.Software, default);
        byte[] import = pair.WrappedPrivateKey;
        ring.Add(2, Fixtures.RootKey(2));
        ring.Use(2);
        material = hsa.RewrapKey(Fixtures.Binding, material);
        secret = hsa.RewrapSecret("owner", secret);
        import = hsa.RewrapImportKey("account", "token", ImportWrapping.Sm2Pke, import);
        ring.ForgetBefore(2);
        hsa.OpenKey(Fixtures.Binding, material).Dispose();
        hsa.OpenSecret("owner", secret).Dispose();
        Assert.Same(import, hsa.RewrapImportKey("account", "token", ImportWrapping.Sm2Pke, import));
        Assert.Null(hsa.ImportMaterial(
            "account", "token", import, ImportWrapping.Sm2Pke, [1], Fixtures.BindingOf(KeyType.Sm4)));
    }
}
