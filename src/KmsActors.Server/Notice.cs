namespace KmsActors.Server;

/// <summary>
/// A server that is told to stop serves on for a while, as one that is not ready, and ends each connection with its
/// next answer: so that whoever balances calls sends them elsewhere by then, and none is on its way over a
/// connection that is being closed.
/// </summary>
internal sealed class Notice(ServerOptions options, TimeProvider time) : IHostedLifecycleService
{
    private volatile bool _isGiven;

    /// <summary>Whether it is going to stop.</summary>
    public bool IsGiven => _isGiven;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Comes before anything is stopped.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isGiven = true;
        await Task.Delay(TimeSpan.FromSeconds(options.NoticeSeconds), time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Serves a call.</summary>
    public Task ServeAsync(HttpContext http, RequestDelegate next)
    {
        if (_isGiven) http.Response.Headers.Connection = "close";
        return next(http);
    }
}
