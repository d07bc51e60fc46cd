using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Operations;
using Microsoft.Extensions.Logging;

namespace KmsActors.Simulator;

/// <summary>
/// A node from its start to its end: the real host, pump, limits and operations, put together as the server does it,
/// on a clock and a database that are not.
/// </summary>
internal sealed class SimulatedNode : IDisposable
{
    private const int PasswordIterations = 1;

    private readonly World _world;
    private readonly HashSet<PendingCall> _calls = [];
    private readonly GrainHost _host;
    private readonly ReminderPump _pump;
    private readonly SharedLimits? _limits;
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Starts it.</summary>
    /// <param name="world">Where.</param>
    /// <param name="process">Its process, new.</param>
    /// <param name="parts">What it is put together from.</param>
    /// <param name="hsa">Its HSA.</param>
    /// <param name="settings">The same for all nodes.</param>
    public SimulatedNode(
        World world, Process process, NodeParts parts, SimulatedHsa hsa, NodeSettings settings)
    {
        _world = world;
        Process = process;
        _host = new GrainHost(
            parts.Store, parts.Clock, settings.Host, parts.Feed, new FaultLog<GrainHost>(world, process));
        Kms = new Kms(_host, parts.Listings, hsa, parts.Clock, settings.Limits)
        {
            DefaultKeyServices = settings.DefaultKeyServices,
            Rates = new RateLimits(parts.Clock, isShared: parts.Board is not null),
            Passwords = new Passwords(hsa, parts.Clock, PasswordIterations),
        };
        _pump = new ReminderPump(
            _host,
            parts.Store,
            parts.Clock,
            settings.Host,
            ReminderOperations.Of(Kms),
            new FaultLog<ReminderPump>(world, process));
        _limits = parts.Board is null ? null : new SharedLimits(Kms.Rates, parts.Board, parts.Clock);
        process.Post(_ => Begin(), null);
    }

    /// <summary>Its process.</summary>
    public Process Process { get; }

    /// <summary>What its operations work with.</summary>
    public Kms Kms { get; }

    /// <summary>Whether it takes calls.</summary>
    public bool IsServing => !Process.HasEnded && _host.MayServe;

    /// <summary>
    /// Carries out a call here, which takes its way; null if it cannot be told whether it was: nobody was there, or
    /// is not any more.
    /// </summary>
    public Task<Answer?> CallAsync(Func<Kms, ValueTask<Answer>> serve, Func<TimeSpan> oneWay)
    {
        var call = new PendingCall();
        _world.After(oneWay(), () =>
        {
            if (Process.HasEnded) call.Reply.TrySetResult(null);
            else
            {
                _calls.Add(call);
                Process.Post(_ => Serve(call, serve, oneWay), null);
            }
        });
        return call.Reply.Task;
    }

    /// <summary>Lets reminders that have come due run, beside the pump, which does so by itself.</summary>
    public void Pump() => Process.Post(_ => Watch(_pump.RunDueAsync(CancellationToken.None)), null);

    /// <summary>Ends it between two of its steps.</summary>
    public void Dispose()
    {
        Process.End();
        _host.Dispose();
        _stop.Dispose();
        foreach (var call in _calls) call.Reply.TrySetResult(null);
        _calls.Clear();
    }

    /// <summary>Has it take its leave of the others. It is to be ended a while later.</summary>
    public void Leave() => Process.Post(_ => _stop.Cancel(), null);

    private void Begin()
    {
        Watch(_host.FollowAsync(_stop.Token));
        if (_limits is not null) Watch(_limits.RunAsync(CancellationToken.None));
        Watch(_pump.RunAsync(CancellationToken.None));
    }

    // None of a node's own tasks may end by a fault.
    private static async void Watch(Task task)
    {
        try
        {
            await task;
        }
        catch (StoreUnavailableException)
        {
            // Only a pump that was asked for beside the node's own can end so.
        }
    }

    // Whatever goes wrong in it ends the run: a caller is never told of a fault.
    private async void Serve(PendingCall call, Func<Kms, ValueTask<Answer>> serve, Func<TimeSpan> oneWay)
    {
        Answer? answer;
        try
        {
            answer = await serve(Kms);
        }
        catch (StoreUnavailableException)
        {
            answer = null;
        }

        _calls.Remove(call);
        _world.After(oneWay(), () => call.Reply.TrySetResult(answer));
    }

    private sealed class PendingCall
    {
        public TaskCompletionSource<Answer?> Reply { get; } = new();
    }

    /// <summary>Ends the run when something is logged that nobody may ever read.</summary>
    private sealed class FaultLog<T>(World world, Process process) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (exception is null or StoreUnavailableException or OperationCanceledException) return;
            if (!process.HasEnded) world.Fail(exception);
        }
    }
}

/// <summary>What a call came to.</summary>
/// <param name="Refusal">Why it was refused, or null.</param>
/// <param name="Value">What it returned otherwise.</param>
internal sealed record Answer(RefusalCode? Refusal, object? Value);

/// <summary>What is the same for all nodes.</summary>
internal sealed record NodeSettings
{
    /// <summary>The host's bounds, and how nodes keep up with each other.</summary>
    public GrainHostOptions Host { get; init; } = new();

    /// <summary>How much accounts may have.</summary>
    public KmsLimits Limits { get; init; } = new();

    /// <summary>Services whose default master keys are made when they are first used.</summary>
    public IReadOnlyCollection<string> DefaultKeyServices { get; init; } = [];
}
