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

try
{
    await using var server = await KmsServer.OpenAsync(args, TimeProvider.System);
    await server.StartAsync();
    await server.App.WaitForShutdownAsync();
    return 0;
}
catch (Exception failure) when (failure is StartException or StoreUnavailableException)
{
    await Console.Error.WriteLineAsync(failure.Message);
    return 1;
}
