using FsCheck.Xunit;

namespace KmsActors.Hsa.Tests;

public abstract class EnvelopeProperties(KeyType type) : IDisposable
{
    private readonly ISymmetricKey _key = Fixtures.OpenNewKey(type);

    public void Dispose()
    {
        _key.Dispose();
        GC.SuppressFinalize(this);
    }

    [Property]
    public bool TryDecrypt_AnyPlaintextContextAndForm_RoundTrips(byte[] plaintext, byte[] context, bool text)
    {
        PlaintextForm form = text ? PlaintextForm.VerbatimText : PlaintextForm.Bytes;
        byte[] envelope = Fixtures.Encrypt(_key, plaintext, context, form);
        return Envelope.TryReadHeader(envelope, Fixtures.Account, out EnvelopeHeader header)
            && header.Form == form
            && Fixtures.TryDecrypt(_key, envelope, context, out byte[] decrypted)
            && decrypted.AsSpan().SequenceEqual(plaintext);
    }

    [Property]
    public bool TryReadHeaderAndTryDecrypt_AnyBytes_AreFalse(byte[] bytes, byte[] context) =>
        IsRefused(bytes, context);

    [Property]
    public bool TryReadHeaderAndTryDecrypt_GoodStartThenAny_AreFalse(int keep, byte[] bytes, byte padding)
    {
        byte[] envelope = Fixtures.Encrypt(_key, []);
        int kept = Math.Abs(keep % 56);
        byte[] rest = [.. bytes, 1, .. Fixtures.Filled(padding, padding)];
        return IsRefused([.. envelope.AsSpan(0, kept), .. rest], []);
    }

    [Property]
    public bool UnwrapAny_AnyBytes_ThrowNothingButCryptographicException(byte[] bytes, bool format)
    {
        if (format)
            bytes = [1, 0, 0, 0, 1, .. bytes, .. Fixtures.Filled(bytes.Length, 3)];
        return ThrowsCryptographic(() => Fixtures.Hsa.OpenKey(Fixtures.BindingOf(type), bytes).Dispose())
            && ThrowsCryptographic(() => Fixtures.Hsa.OpenSecret("owner", bytes).Dispose());
    }

    private bool IsRefused(byte[] envelope, byte[] context) =>
        !Envelope.TryReadHeader(envelope, Fixtures.Account, out _)
        && !Fixtures.TryDecrypt(_key, envelope, context, out byte[] plaintext)
        && !plaintext.AsSpan().ContainsAnyExcept((byte)0);

    private static bool ThrowsCryptographic(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return true;
        }
    }
}

public sealed class Aes256EnvelopeProperties() : EnvelopeProperties(KeyType.Aes256);

public sealed class Sm4EnvelopeProperties() : EnvelopeProperties(KeyType.Sm4);
