namespace KmsActors.Server;

/// <summary>The operator's API on a listener of its own, for as long as the server runs.</summary>
internal sealed class AdminListener(WebApplication admin) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => admin.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => admin.StopAsync(cancellationToken);
}
