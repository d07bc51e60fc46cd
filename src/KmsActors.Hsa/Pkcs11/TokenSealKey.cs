using System.Security.Cryptography;
using System.Text;
using KmsActors.Hsa.Pkcs11.Cryptoki;

namespace KmsActors.Hsa.Pkcs11;

/// <summary>A key that stays in the token and is found there by its label and id.</summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
internal sealed class TokenSealKey : ITokenObject
{
    // By nodes that start on an empty token at the same moment.
    private const int MostOfOneLabel = 64;

    private readonly Token _token;
    private readonly byte[] _label;
    private readonly byte[] _id;
    private Place? _place;

    private TokenSealKey(Token token, string label, byte[] id)
    {
        _token = token;
        _label = Encoding.UTF8.GetBytes(label);
        _id = id;
    }

    /// <summary>The id of the one of a label that seals, made if there is none.</summary>
    public static byte[] Make(Token token, string label)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(label);
        using SessionPool.Lease lease = token.Sessions.Take();
        Session session = lease.Session;
        byte[][] ids =
        [
            .. session.FindObjects(Templates.FindKept(bytes), MostOfOneLabel)
                .Select(handle => session.GetAttribute(handle, AttributeType.Id)),
        ];
        // All nodes seal by the same one.
        if (ids.Length > 0) return ids.MinBy(Convert.ToHexString)!;
        byte[] id = RandomNumberGenerator.GetBytes(TokenBlob.RootIdSize);
        session.GenerateKey(MechanismType.AesKeyGen, Templates.Seal(bytes, id));
        return id;
    }

    /// <summary>Opens the one of a label and an id; null if there is none.</summary>
    public static TokenCipher? TryOpen(Token token, string label, byte[] id)
    {
        TokenSealKey key = new(token, label, id);
        using (SessionPool.Lease lease = token.Sessions.Take())
        {
            if (key.Find(lease.Session) is null) return null;
        }

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
                nuint handle = Find(lease.Session) ?? throw new HsaUnavailableException("The token has lost a key.");
                place = new Place(lease.Session.Life, handle);
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

    private nuint? Find(Session session) =>
        session.FindObjects(Templates.FindKept(_label).With(AttributeType.Id, _id), most: 1) is [nuint one]
            ? one
            : null;

    private sealed record Place(TokenLife Life, nuint Handle);
}
