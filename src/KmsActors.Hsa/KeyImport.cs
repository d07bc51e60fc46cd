using System.Security.Cryptography;

namespace KmsActors.Hsa;

/// <summary>
/// Reads keys into crypto objects, which the caller disposes; none is left behind by what is no key.
/// </summary>
internal static class KeyImport
{
    /// <summary>A private key, PKCS#8.</summary>
    /// <param name="empty">What it is read into; its owner is this until it is returned.</param>
    /// <param name="privateKey">The key.</param>
    /// <exception cref="CryptographicException">It is no key of this algorithm.</exception>
    public static T PrivateKey<T>(T empty, ReadOnlySpan<byte> privateKey)
        where T : AsymmetricAlgorithm =>
        Read(empty, privateKey, static (key, bytes) => key.ImportPkcs8PrivateKey(bytes, out _));

    /// <summary>A public key, SubjectPublicKeyInfo.</summary>
    /// <param name="empty">What it is read into; its owner is this until it is returned.</param>
    /// <param name="info">The key.</param>
    /// <exception cref="CryptographicException">It is no key of this algorithm.</exception>
    public static T PublicKey<T>(T empty, ReadOnlySpan<byte> info)
        where T : AsymmetricAlgorithm =>
        Read(empty, info, static (key, bytes) => key.ImportSubjectPublicKeyInfo(bytes, out _));

    private static T Read<T>(T empty, ReadOnlySpan<byte> bytes, Action<T, ReadOnlySpan<byte>> read)
        where T : AsymmetricAlgorithm
    {
        try
        {
            read(empty, bytes);
            return empty;
        }
        catch
        {
            empty.Dispose();
            throw;
        }
    }
}
