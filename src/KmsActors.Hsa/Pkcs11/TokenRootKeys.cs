using System.Security.Cryptography;
using System.Text;
using KmsActors.Hsa.Pkcs11.Cryptoki;
using Microsoft.Extensions.Logging;

namespace KmsActors.Hsa.Pkcs11;

/// <summary>
/// The token's root keys: AES keys that are made in the token, never leave it, and wrap the keys that do. Several nodes
/// may each make one of a version at once, so each key has an id, and a blob names the one that opens it.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
/// <param name="sessions">The token.</param>
/// <param name="prefix">What the labels of a service's keys begin with.</param>
/// <param name="log">Told what is made and destroyed.</param>
internal sealed partial class TokenRootKeys(SessionPool sessions, string prefix, ILogger log)
{
    // By nodes that start on an empty token at the same moment.
    private const int MostOfOneVersion = 64;

    private readonly Lock _gate = new();
    private readonly List<Known> _known = [];
    private TokenLife? _life;
    private TokenLife? _missedIn;

    /// <summary>The id of the root key of a version that wraps, which is made if there is none.</summary>
    public byte[] Make(uint version)
    {
        using SessionPool.Lease lease = sessions.Take();
        if (Find(lease.Session, version).Count == 0)
        {
            byte[] id = RandomNumberGenerator.GetBytes(TokenBlob.RootIdSize);
            lease.Session.GenerateKey(MechanismType.AesKeyGen, Templates.Root(LabelOf(version), id));
        }

        lock (_gate)
            _known.RemoveAll(known => known.Version == version);
        return Require(lease.Session, version, null).Id;
    }

    /// <summary>Whether there is a root key of a version, of this id or, without, of any.</summary>
    public bool Exists(uint version, byte[]? id)
    {
        using SessionPool.Lease lease = sessions.Take();
        return Find(lease.Session, version).Exists(known => known.Is(version, id));
    }

    /// <summary>Destroys all root keys of a version, or that of an id: what they have wrapped is lost.</summary>
    public void Destroy(uint version, byte[]? id)
    {
        using SessionPool.Lease lease = sessions.Take();
        foreach (Known known in Find(lease.Session, version).Where(known => known.Is(version, id)))
            lease.Session.Destroy(known.Handle);
        lock (_gate)
            _known.RemoveAll(known => known.Version == version);
    }

    /// <summary>Wraps a key that is in the token and extractable.</summary>
    public TokenBlob Wrap(Session session, uint version, TokenKeyType kind, byte[] open, nuint key)
    {
        Known root = Require(session, version, null);
        byte[] wrapped = session.Wrap(MechanismType.AesKeyWrapPad, root.Handle, key);
        return new TokenBlob(version, kind, root.Id, open, wrapped);
    }

    /// <summary>Unwraps a key into an object of a session's.</summary>
    /// <exception cref="HsaUnavailableException">The token has not the root key that wraps it.</exception>
    public nuint Unwrap(Session session, TokenBlob blob, Template template)
    {
        Known root = Require(session, blob.RootVersion, blob.RootId);
        return session.Unwrap(KeyWrap, root.Handle, blob.Wrapped, template);
    }

    /// <summary>Wraps by another version what one has wrapped. In between it is an object of a session's.</summary>
    public TokenBlob Rewrap(TokenBlob blob, uint newVersion)
    {
        using SessionPool.Lease lease = sessions.Take();
        nuint key = Unwrap(lease.Session, blob, Templates.Passing(blob.Kind));
        try
        {
            return Wrap(lease.Session, newVersion, blob.Kind, blob.Open, key);
        }
        finally
        {
            lease.Session.Discard(key);
        }
    }

    private static unsafe CkMechanism KeyWrap => new(MechanismType.AesKeyWrapPad, null, 0);

    private Known Require(Session session, uint version, byte[]? id)
    {
        if ((TryGetKnown(session, version, id) ?? Look(session, version, id)) is { } known)
            return known;
        string missing = $"version {version}" + (id is null ? "" : $", id {Convert.ToHexStringLower(id)}");

        // Once a life: it is missed by every key.
        if (Interlocked.Exchange(ref _missedIn, session.Life) != session.Life)
            Missing(log, missing);
        throw new HsaUnavailableException($"The token has no root key of {missing}.");
    }

    private Known? TryGetKnown(Session session, uint version, byte[]? id)
    {
        lock (_gate)
        {
            if (_life != session.Life)
            {
                _known.Clear();
                _life = session.Life;
            }

            // Those of a version stand in the order of their ids, so that all nodes wrap by the same one.
            foreach (Known known in _known)
            {
                if (known.Is(version, id))
                    return known;
            }

            return null;
        }
    }

    private Known? Look(Session session, uint version, byte[]? id)
    {
        List<Known> found = Find(session, version);
        lock (_gate)
        {
            if (_life == session.Life)
            {
                _known.RemoveAll(known => known.Version == version);
                _known.AddRange(found);
            }
        }

        return found.Find(known => known.Is(version, id));
    }

    private byte[] LabelOf(uint version) => Encoding.UTF8.GetBytes($"{prefix}root-{version}");

    private List<Known> Find(Session session, uint version)
    {
        List<Known> found =
        [
            .. session.FindObjects(Templates.FindKept(LabelOf(version)), MostOfOneVersion)
                .Select(handle => new Known(version, session.GetAttribute(handle, AttributeType.Id), handle)),
        ];
        found.Sort((one, other) => one.Id.AsSpan().SequenceCompareTo(other.Id));
        return found;
    }

    [LoggerMessage(303, LogLevel.Error, "The token has no root key of {RootKey}: keys that it wraps are unavailable")]
    private static partial void Missing(ILogger log, string rootKey);

    private sealed record Known(uint Version, byte[] Id, nuint Handle)
    {
        /// <summary>Whether it is of the version, and of the id if one is asked for.</summary>
        public bool Is(uint version, byte[]? id) =>
            Version == version && (id is null || Id.AsSpan().SequenceEqual(id));
    }
}
