using System.Security.Cryptography;
using System.Text;
using KmsActors.Hsa.Pkcs11.Cryptoki;

namespace KmsActors.Hsa.Pkcs11;

/// <summary>A key that stays in the token and is found there by its label and id.</summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
internal sealed class TokenSealKey : ITokenObject
{
    private readonly Token _token;
    private readonly byte[] _label;
    private Place? _place;

    private TokenSealKey(Token token, byte[] label)
    {
        _token = token;
        _label = label;
    }

    /// <summary>Whether there is one of this label.</summary>
    public static bool Exists(Token token, string label)
    {
        using SessionPool.Lease lease = token.Sessions.Take();
        return lease.Session.FindObjects(Templates.FindKept(Encoding.UTF8.GetBytes(label)), most: 1).Length > 0;
    }

    /// <summary>Opens the one of this label, made if there is none.</summary>
    public static TokenCipher Open(Token token, string label)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(label);
        if (!Exists(token, label))
        {
            using SessionPool.Lease lease = token.Sessions.Take();
            byte[] id = RandomNumberGenerator.GetBytes(TokenBlob.RootIdSize);
            lease.Session.GenerateKey(MechanismType.AesKeyGen, Templates.Seal(bytes, id));
        }

        TokenSealKey key = new(token, bytes);
        Span<byte> k1 = stackalloc byte[CmacKdf.BlockSize];
        using (ObjectLease lease = key.Use())
            TokenCipher.DeriveK1(lease, k1);
        return new TokenCipher(key, k1);
    }

    /// <inheritdoc/>
    public ObjectLease Use()
    {
        SessionPool.Lease lease = _token.Sessions.Take();
        try
        {
            Place? place = Volatile.Read(ref _place);
            if (place is null || place.Life != lease.Session.Life)
            {
                place = new Place(lease.Session.Life, Find(lease.Session));
                Volatile.Write(ref _place, place);
            }

            return new ObjectLease(lease, place.Handle, key: null);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The key stays where it is.
    }

    // What is sealed by one of several would be opened by another.
    private nuint Find(Session session) => session.FindObjects(Templates.FindKept(_label), most: 2) switch
    {
        [nuint one] => one,
        [] => throw new HsaUnavailableException("The token has lost a key."),
        _ => throw new CryptographicException(
            $"The token has several keys of the label {Encoding.UTF8.GetString(_label)}."),
    };

    private sealed record Place(TokenLife Life, nuint Handle);
}
