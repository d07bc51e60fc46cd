using FsCheck.Xunit;

namespace KmsActors.Hsa.Tests;

public sealed class EnvelopeProperties : IDisposable
{
    private readonly ICmkHandle _key = Fixtures.OpenNewKey();

    public void Dispose() => _key.Dispose();

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
        return ThrowsCryptographic(() => Fixtures.Hsa.OpenKey(Fixtures.Binding, bytes).Dispose())
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
