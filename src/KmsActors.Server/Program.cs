using System.Runtime.InteropServices;
using KmsActors.Grains.Hosting;
using KmsActors.Server;

if (args is ["--help"] or ["-h"])
{
    Console.WriteLine(CommandLine.Help);
    return 0;
}

if (CommandLine.ErrorIn(args) is { } error)
{
    await Console.Error.WriteLineAsync(error);
    await Console.Error.WriteLineAsync("Try --help.");
    return 2;
}

// Whoever ends it while it starts anew means it.
var isEnded = false;
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Volatile.Write(ref isEnded, true));
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Volatile.Write(ref isEnded, true));
try
{
    bool isRestored;
    do
    {
        await using var server = await KmsServer.OpenAsync(args, TimeProvider.System);
        await server.StartAsync();
        await server.App.WaitForShutdownAsync();
        isRestored = server.IsRestored;
    }
    while (isRestored && !Volatile.Read(ref isEnded));
    return 0;
}
catch (Exception failure) when (failure is StartException or StoreUnavailableException)
{
    await Console.Error.WriteLineAsync(failure.Message);
    return 1;
}
