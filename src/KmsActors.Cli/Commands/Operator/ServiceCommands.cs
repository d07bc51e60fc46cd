using System.CommandLine;

namespace KmsActors.Cli;

/// <summary>kmsctl status and default-keys.</summary>
internal static class ServiceCommands
{
    public static Command Status() => new Command("status", "Shows what the service says of itself").Runs(
        async call => call.Output.Item(await call.Admin.GetAsync("service")));

    public static Command DefaultKeys()
    {
        var account = Options.Account();
        var service = Options.Name("SERVICE", "One of the services that status lists");
        return new("default-keys", "The keys that the operator's services encrypt an account's data with")
        {
            new Command("create", "Makes an account's default key of a service") { account, service }.Runs(
                async call => call.Output.Item(await call.Admin.PutAsync(
                    AdminClient.Account(call.Get(account), "default-keys", call.Get(service))))),
        };
    }
}
