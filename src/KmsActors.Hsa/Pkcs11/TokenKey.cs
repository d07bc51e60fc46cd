using KmsActors.Hsa.Pkcs11.Cryptoki;

namespace KmsActors.Hsa.Pkcs11;

/// <summary>An object in the token that can be lent to a call, with a session to use it by.</summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
internal interface ITokenObject : IDisposable
{
    /// <summary>Lends it until the lease is disposed.</summary>
    /// <exception cref="HsaUnavailableException">The token is away.</exception>
    /// <exception cref="ObjectDisposedException">This was disposed before the call.</exception>
    ObjectLease Use();
}

/// <summary>The right to use an object and a session. Dispose it exactly once.</summary>
internal readonly ref struct ObjectLease(SessionPool.Lease session, nuint handle, TokenKey? key) : IDisposable
{
    private readonly SessionPool.Lease _session = session;

    /// <summary>Nobody else's until this lease is disposed.</summary>
    public Session Session => _session.Session;

    /// <summary>The object; others may use it at the same time.</summary>
    public nuint Handle => handle;

    /// <inheritdoc/>
    public void Dispose()
    {
        key?.Release(_session.Session);
        _session.Dispose();
    }
}

/// <summary>
/// A key that is in the token as a session's object while it is in use, or was lately, and otherwise only in its blob.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
internal sealed class TokenKey(Token token, TokenBlob blob, Template template) : ITokenObject
{
    private readonly Lock _opening = new();

    /// <summary>Its state: <see cref="OpenKeys"/>' own, under its lock.</summary>
    internal OpenKeys.Entry Entry { get; } = new();

    /// <inheritdoc/>
    public ObjectLease Use()
    {
        SessionPool.Lease session = token.Sessions.Take();
        try
        {
            return new ObjectLease(session, Hold(session.Session), this);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Waits for nobody: calls under way finish, then the object goes.</summary>
    public void Dispose() => token.OpenKeys.Close(Entry);

    internal void Release(Session session) => token.OpenKeys.Release(Entry, session);

    private nuint Hold(Session session)
    {
        OpenKeys open = token.OpenKeys;
        if (open.TryHold(Entry, session, out nuint handle))
            return handle;
        lock (_opening)
        {
            if (open.TryHold(Entry, session, out handle))
                return handle;
            open.MakeRoom(session);
            try
            {
                handle = token.RootKeys.Unwrap(session, blob, template);
            }
            catch
            {
                open.GiveRoomBack(session);
                throw;
            }

            open.Hold(Entry, session, handle);
            return handle;
        }
    }
}
