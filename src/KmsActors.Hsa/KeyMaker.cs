using System.Security.Cryptography;
using KmsActors.Hsa.ShangMi;

namespace KmsActors.Hsa;

/// <summary>Makes new key material, wrapped. Does not own what it is given.</summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
internal sealed class KeyMaker(RootKeyRing root, RsaPairPool rsa2048, RsaPairPool rsa3072)
{
    /// <summary>Completes at once, but for RSA pairs that have to be waited for.</summary>
    public async ValueTask<byte[]> GenerateAsync(KeyBinding binding, CancellationToken cancellation)
    {
        byte[] boundTo = Domain.KeyMaterial(binding);
        switch (binding.Type)
        {
            case KeyType.Rsa2048 or KeyType.Rsa3072:
                RsaPairPool pool = binding.Type == KeyType.Rsa2048 ? rsa2048 : rsa3072;
                using (RSA pair = await pool.TakeAsync(cancellation))
                    return root.WrapPrivateKey(boundTo, pair);
            case KeyType.EcP256 or KeyType.EcP256K:
                using (ECDsa pair = EcKeyPair.Generate(binding.Type))
                    return root.WrapPrivateKey(boundTo, pair);
            case KeyType.EcSm2:
                return Wrap(boundTo, Sm2Key.PairSize, Sm2Key.Generate);
            default:
                return Wrap(boundTo, binding.Type.MaterialSize(), RandomNumberGenerator.Fill);
        }
    }

    private byte[] Wrap(byte[] boundTo, int size, Action<Span<byte>> make)
    {
        Span<byte> material = stackalloc byte[size];
        try
        {
            make(material);
            return root.Wrap(boundTo, material);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(material);
        }
    }
}
