using System.Text;

namespace KmsActors.Hsa.Tests;

/// <summary>Envelopes with the one cipher and with the other.</summary>
public abstract class EnvelopeTests(KeyType type)
{
    private static readonly byte[] Context = "context"u8.ToArray();

    [Fact]
    public void Encrypt_OneTo4096Bytes_IsExactly140Longer()
    {
        using ISymmetricKey key = Fixtures.OpenNewKey(type);
        for (int length = 1; length <= 4096; length++)
        {
            byte[] plaintext = Fixtures.Filled(length, 0x5A);
            byte[] envelope = new byte[length + 140];
            key.Encrypt(plaintext, [], PlaintextForm.Bytes, envelope);
            Assert.True(Fixtures.TryDecrypt(key, envelope, null, out byte[] decrypted));
            Assert.Equal(plaintext, decrypted);
        }
    }

    [Theory]
    [InlineData(1, 188)]
    [InlineData(4096, 5648)]
    public void Encrypt_HuaweisExtremes_MakeItsBase64Lengths(int length, int base64Length)
    {
        using ISymmetricKey key = Fixtures.OpenNewKey(type);
        byte[] envelope = Fixtures.Encrypt(key, new byte[length]);
        Assert.Equal(base64Length, Convert.ToBase64String(envelope).Length);
    }

    [Fact]
    public void Encrypt_KnownBinding_WritesTheDocumentedLayout()
    {
        using ISymmetricKey key = Fixtures.OpenNewKey(type);
        byte[] envelope = Fixtures.Encrypt(key, [1], form: PlaintextForm.VerbatimText);

        Assert.Equal(
            type == KeyType.Aes256 ? "4b4d534101010100" : "4b4d534101020100", Convert.ToHexStringLower(envelope, 0, 8));
        Assert.Equal(Fixtures.KeyId.Replace("-", ""), Convert.ToHexStringLower(envelope, 8, 16));
        Assert.Equal(Fixtures.VersionId.Replace("-", ""), Convert.ToHexStringLower(envelope, 24, 16));
        // First half of SHA-256 over label and account, each after its length; computed with another tool.
        Assert.Equal("67754cc3f37b33f6ec8f3d17c34e49cf", Convert.ToHexStringLower(envelope, 40, 16));
        Assert.Equal(new byte[44], envelope[56..100]);
    }

    [Fact]
    public void Encrypt_SamePlaintextTwice_SharesNoNonceTagOrCiphertext()
    {
        using ISymmetricKey key = Fixtures.OpenNewKey(type);
        byte[] first = Fixtures.Encrypt(key, new byte[32]);
        byte[] second = Fixtures.Encrypt(key, new byte[32]);
        Assert.NotEqual(first[100..124], second[100..124]);
        Assert.NotEqual(first[124..140], second[124..140]);
        Assert.NotEqual(first[140..], second[140..]);
    }

    [Theory]
    [InlineData(PlaintextForm.Bytes)]
    [InlineData(PlaintextForm.VerbatimText)]
    public void TryReadHeader_OwnEnvelope_TellsKeyVersionAndForm(PlaintextForm form)
    {
        using ISymmetricKey key = Fixtures.OpenNewKey(type);
        byte[] envelope = Fixtures.Encrypt(key, [], form: form);
        Assert.True(Envelope.TryReadHeader(envelope, Fixtures.Account, out EnvelopeHeader header));
        Assert.Equal(new EnvelopeHeader(Fixtures.KeyId, Fixtures.VersionId, form), header);
    }

    [Fact]
    public void TryReadHeader_OtherAccount_IsFalse()
    {
        using ISymmetricKey key = Fixtures.OpenNewKey(type);
        byte[] envelope = Fixtures.Encrypt(key, [1, 2, 3]);
        Assert.False(Envelope.TryReadHeader(envelope, Fixtures.OtherAccount, out EnvelopeHeader header));
        Assert.Equal(default, header);
    }

    [Fact]
    public void TryReadHeader_AnyByteOfTheFixedPartsChanged_IsFalse()
    {
        using ISymmetricKey key = Fixtures.OpenNewKey(type);
        byte[] envelope = Fixtures.Encrypt(key, [1, 2, 3]);
        // All but the ids: the ids can be anything, the tag authenticates them. 2 is no form.
        foreach (int at in Enumerable.Range(0, 8).Concat(Enumerable.Range(40, 60)))
        {
            byte[] changed = [.. envelope];
            // Another suite is no damage that shows before decryption.
            changed[at] ^= (byte)(at == 5 ? 4 : 2);
            Assert.False(Envelope.TryReadHeader(changed, Fixtures.Account, out _), $"byte {at}");
        }
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(139, false)]
    [InlineData(140, true)]
    [InlineData(140 + 6144, true)]
    [InlineData(140 + 6145, false)]
    public void TryReadHeader_Length_IsBounded(int length, bool expected)
    {
        using ISymmetricKey key = Fixtures.OpenNewKey(type);
        byte[] envelope = new byte[length];
        Fixtures.Encrypt(key, []).AsSpan(0, Math.Min(140, length)).CopyTo(envelope);
        Assert.Equal(expected, Envelope.TryReadHeader(envelope, Fixtures.Account, out _));
    }

    [Fact]
    public void TryDecrypt_AnyByteChanged_IsFalseAndZeroesPlaintext()
    {
        using ISymmetricKey key = Fixtures.OpenNewKey(type);
        byte[] envelope = Fixtures.Encrypt(key, Encoding.UTF8.GetBytes("a plaintext"), Context);
        for (int at = 0; at < envelope.Length; at++)
        {
            byte[] changed = [.. envelope];
            changed[at] ^= 1;
            Assert.False(Fixtures.TryDecrypt(key, changed, Context, out byte[] plaintext), $"byte {at}");
            Assert.Equal(new byte[plaintext.Length], plaintext);
        }
    }

    [Fact]
    public void TryDecrypt_CutShortOrExtended_IsFalse()
    {
        using ISymmetricKey key = Fixtures.OpenNewKey(type);
        byte[] envelope = Fixtures.Encrypt(key, [1, 2, 3, 4, 5], Context);
        for (int length = 0; length < envelope.Length; length++)
            Assert.False(Fixtures.TryDecrypt(key, envelope.AsSpan(0, length), Context, out _), $"{length}");
        Assert.False(Fixtures.TryDecrypt(key, [.. envelope, 0], Context, out _));
    }

    [Fact]
    public void TryDecrypt_OtherContext_IsFalse()
    {
        using ISymmetricKey key = Fixtures.OpenNewKey(type);
        byte[] envelope = Fixtures.Encrypt(key, [1], Context);
        Assert.False(Fixtures.TryDecrypt(key, envelope, null, out _));
        Assert.False(Fixtures.TryDecrypt(key, envelope, "contexu"u8.ToArray(), out _));
        Assert.False(Fixtures.TryDecrypt(key, envelope, [.. Context, 0], out _));
        Assert.True(Fixtures.TryDecrypt(key, envelope, Context, out _));
    }

    [Fact]
    public void TryDecrypt_LongContext_RoundTripsAndIsWhollyAuthenticated()
    {
        using ISymmetricKey key = Fixtures.OpenNewKey(type);
        byte[] context = Fixtures.Filled(100_000, 7);
        byte[] envelope = Fixtures.Encrypt(key, [1], context);
        Assert.True(Fixtures.TryDecrypt(key, envelope, context, out _));
        context[^1] ^= 1;
        Assert.False(Fixtures.TryDecrypt(key, envelope, context, out _));
    }

    [Fact]
    public void TryDecrypt_OtherBindingOfTheSameMaterial_IsFalse()
    {
        byte[] material = Fixtures.Filled(type.MaterialSize(), 9);
        KeyBinding own = Fixtures.BindingOf(type);
        using SymmetricKey key = new(own, material);
        byte[] envelope = Fixtures.Encrypt(key, [1]);
        foreach (KeyBinding other in new[]
        {
            own with { Account = Fixtures.OtherAccount },
            own with { KeyId = Fixtures.OtherKeyId },
            own with { VersionId = Fixtures.OtherVersionId },
        })
        {
            using SymmetricKey otherKey = new(other, material);
            Assert.False(Fixtures.TryDecrypt(otherKey, envelope, null, out _), $"{other}");
        }
    }

    [Fact]
    public void TryDecrypt_OtherVersionsMaterial_IsFalse()
    {
        using ISymmetricKey key = Fixtures.OpenNewKey(type);
        using ISymmetricKey other = Fixtures.OpenNewKey(type);
        Assert.False(Fixtures.TryDecrypt(other, Fixtures.Encrypt(key, [1]), null, out _));
    }

    [Fact]
    public void Encrypt_PlaintextTooLong_Throws()
    {
        using ISymmetricKey key = Fixtures.OpenNewKey(type);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Fixtures.Encrypt(key, new byte[Envelope.MostPlaintext + 1]));
        Fixtures.Encrypt(key, new byte[Envelope.MostPlaintext]);
    }

    [Fact]
    public void EncryptAndTryDecrypt_WrongBufferLength_Throw()
    {
        using ISymmetricKey key = Fixtures.OpenNewKey(type);
        Assert.Throws<ArgumentException>(() => key.Encrypt([1], [], PlaintextForm.Bytes, new byte[140]));
        Assert.Throws<ArgumentException>(() => key.Encrypt([1], [], PlaintextForm.Bytes, new byte[142]));
        byte[] envelope = Fixtures.Encrypt(key, [1]);
        Assert.Throws<ArgumentException>(() => key.TryDecrypt(envelope, [], []));
        Assert.Throws<ArgumentException>(() => key.TryDecrypt(envelope, [], new byte[2]));
    }

    [Fact]
    public void Encrypt_UnknownForm_Throws()
    {
        using ISymmetricKey key = Fixtures.OpenNewKey(type);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Fixtures.Encrypt(key, [1], form: (PlaintextForm)2));
    }

    [Fact]
    public void TryDecrypt_AnyOtherSuite_IsFalse()
    {
        using ISymmetricKey key = Fixtures.OpenNewKey(type);
        byte[] envelope = Fixtures.Encrypt(key, [1, 2, 3]);
        byte own = envelope[5];
        for (int suite = 0; suite <= byte.MaxValue; suite++)
        {
            envelope[5] = (byte)suite;
            Assert.Equal(suite is 1 or 2, Envelope.TryReadHeader(envelope, Fixtures.Account, out _));
            Assert.Equal(suite == own, Fixtures.TryDecrypt(key, envelope, null, out _));
        }
    }

    [Fact]
    public void Encrypt_AfterDispose_Throws()
    {
        ISymmetricKey key = Fixtures.OpenNewKey(type);
        byte[] envelope = Fixtures.Encrypt(key, [1]);
        key.Dispose();
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Fixtures.Encrypt(key, [1]));
        Assert.Throws<ObjectDisposedException>(() => Fixtures.TryDecrypt(key, envelope, null, out _));
    }
}

public sealed class Aes256EnvelopeTests() : EnvelopeTests(KeyType.Aes256);

public sealed class Sm4EnvelopeTests() : EnvelopeTests(KeyType.Sm4);
