using KmsActors.Grains.Hosting;

namespace KmsActors.Server;

/// <summary>Runs the reminder pump for as long as the server runs.</summary>
internal sealed class ReminderService(ReminderPump pump) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => pump.RunAsync(stoppingToken);
}
