using KmsActors.Hsa.Pkcs11.Cryptoki;
using Microsoft.Extensions.Logging;

namespace KmsActors.Hsa.Pkcs11;

/// <summary>
/// Sessions with a token. A session is lent to one call at a time and kept until the token is lost, for its objects
/// end with it. A lost token is reached for again by whoever wants a session, at growing intervals: the library starts
/// anew, and so do sessions and objects, when all calls under way have ended. A refused PIN is never tried twice.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
internal sealed partial class SessionPool : IDisposable
{
    /// <summary>The most sessions, and calls at once; others wait.</summary>
    public const int Most = 32;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly Module _module;
    private readonly string _label;
    private readonly KeyMemory _pin;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _room = new(Most, Most);
    private readonly Lock _gate = new();
    private readonly Stack<Session> _idle = new();
    private TokenLife _life;
    private nuint _slot;
    private int _lent;
    private bool _reaching;
    private bool _pinRefused;
    private TimeSpan _pause;
    private long? _pausedAt;
    private volatile bool _disposed;

    /// <summary>Logs in. Owns the PIN from now on, unless it throws.</summary>
    /// <exception cref="CryptokiException">The library or the token refuses.</exception>
    /// <exception cref="TokenException">There is no such token, or more than one.</exception>
    /// <exception cref="HsaUnavailableException">The token has gone meanwhile.</exception>
    public SessionPool(Module module, string label, KeyMemory pin, TimeProvider time, ILogger log)
    {
        _module = module;
        _label = label;
        _pin = pin;
        _time = time;
        _log = log;
        try
        {
            Session first = Connect();
            _life = first.Life;
            _idle.Push(first);
        }
        catch (Exception refused) when (refused is TokenException or HsaUnavailableException
            || refused is CryptokiException { Value: not ReturnValue.CKR_CRYPTOKI_ALREADY_INITIALIZED })
        {
            _module.Finish();
            throw;
        }
    }

    /// <summary>The token's mechanisms.</summary>
    public HashSet<MechanismType> Mechanisms() => _module.MechanismsOf(_slot);

    /// <summary>Lends a session until the lease is disposed.</summary>
    /// <exception cref="HsaUnavailableException">The token is away, or too many calls wait for it.</exception>
    /// <exception cref="ObjectDisposedException">This was disposed before the call.</exception>
    public Lease Take()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return TryTake(LongestWait) is { } session
            ? new Lease(this, session)
            : throw new HsaUnavailableException("Too many calls wait for the token.");
    }

    /// <summary>Lends a session if one is free at once and the token there.</summary>
    public Session? TryTakeNow()
    {
        try
        {
            return _disposed ? null : TryTake(TimeSpan.Zero);
        }
        catch (Exception unavailable) when (unavailable is HsaUnavailableException or CryptokiException)
        {
            return null;
        }
    }

    /// <summary>Takes back what <see cref="TryTakeNow"/> lent.</summary>
    public void TakeBack(Session session)
    {
        lock (_gate)
        {
            _lent--;
            if (session.Life == _life)
                _idle.Push(session);
        }

        _room.Release();
    }

    /// <summary>Calls under way finish if they can; the library is left.</summary>
    public void Dispose()
    {
        _disposed = true;
        for (int i = 0; i < Most; i++)
        {
            // A call that never ends must not keep the process from ending.
            if (!_room.Wait(LongestWait))
                return;
        }

        _module.Finish();
        _pin.Dispose();
        _room.Dispose();
    }

    private Session? TryTake(TimeSpan patience)
    {
        if (!_room.Wait(patience))
            return null;
        try
        {
            return TakeOrReach();
        }
        catch
        {
            _room.Release();
            throw;
        }
    }

    private Session TakeOrReach()
    {
        lock (_gate)
        {
            if (_life.Loss is not { } loss)
            {
                Session session = _idle.TryPop(out Session? idle)
                    ? idle
                    : new Session(_module, OpenSession(), _life);
                _lent++;
                return session;
            }

            if (_pinRefused)
                throw new HsaUnavailableException("The token refused the PIN, which is not tried again.");
            if (_reaching || _lent > 0 || (_pausedAt is { } since && _time.GetElapsedTime(since) < _pause))
                throw new HsaUnavailableException($"The token is lost: {loss}.");
            _reaching = true;
        }

        return Reach();
    }

    // The library must not be in use: before the first session, or when all calls have ended.
    private Session Connect()
    {
        _module.Initialize();
        List<nuint> slots = _module.SlotsOf(_label);
        _slot = slots.Count switch
        {
            1 => slots[0],
            0 => throw new TokenException($"The library has no token of the label {_label}."),
            _ => throw new TokenException($"The library has {slots.Count} tokens of the label {_label}."),
        };
        Session session = new(_module, _module.OpenSession(_slot), new TokenLife());
        using KeyMemory.Lease pin = _pin.Use();
        session.Login(pin.Span);
        return session;
    }

    private nuint OpenSession()
    {
        try
        {
            return _module.OpenSession(_slot);
        }
        catch (CryptokiException refused)
        {
            if (refused.Value.MeansLoss())
                _life.End(refused.Message.TrimEnd('.'));
            throw new HsaUnavailableException("The token opens no session.", refused);
        }
    }

    private Session Reach()
    {
        try
        {
            // Once a loss, not once an attempt.
            if (_pausedAt is null)
                Lost(_log, _label, _life.Loss!);
            _module.Finish();
            Session session = Connect();
            lock (_gate)
            {
                _life = session.Life;
                _idle.Clear();
                _pausedAt = null;
                _lent++;
            }

            Found(_log, _label);
            return session;
        }
        catch (Exception away) when (away is CryptokiException or TokenException or HsaUnavailableException)
        {
            lock (_gate)
            {
                _pause = _pausedAt is null
                    ? FirstPause
                    : TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, LongestPause.Ticks));
                _pausedAt = _time.GetTimestamp();
                _pinRefused = away is CryptokiException refused && refused.Value.RefusesPin();
            }

            if (_pinRefused)
                PinRefused(_log, _label, away.Message);
            throw new HsaUnavailableException("The token is away.", away);
        }
        finally
        {
            lock (_gate)
                _reaching = false;
        }
    }

    [LoggerMessage(300, LogLevel.Warning, "The token {Label} is lost: {Reason}")]
    private static partial void Lost(ILogger log, string label, string reason);

    [LoggerMessage(301, LogLevel.Information, "The token {Label} is there again")]
    private static partial void Found(ILogger log, string label);

    [LoggerMessage(302, LogLevel.Error,
        "The token {Label} refused the PIN, which is not tried again until the next start: {Reason}")]
    private static partial void PinRefused(ILogger log, string label, string reason);

    /// <summary>The right to use a session. Dispose it exactly once.</summary>
    public readonly ref struct Lease(SessionPool owner, Session session) : IDisposable
    {
        /// <summary>Nobody else's until this lease is disposed.</summary>
        public Session Session => session;

        /// <inheritdoc/>
        public void Dispose() => owner.TakeBack(session);
    }
}
