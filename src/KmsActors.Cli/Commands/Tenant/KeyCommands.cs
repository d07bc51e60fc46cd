using System.CommandLine;

namespace KmsActors.Cli;

/// <summary>kmsctl keys.</summary>
internal static class KeyCommands
{
    public static Command Create() => new("keys", "A tenant's keys")
    {
        CreateKeyCommand.Create(),
        ListKeysCommand.Create(),
        Describe(),
        SetDescription(),
        Simple("enable", "Lets a key be used again", "EnableKey", "It is enabled."),
        Simple("disable", "Lets nobody use a key", "DisableKey", "It is disabled."),
        ScheduleDeletion(),
        Simple("cancel-deletion", "Keeps a key that was to be deleted", "CancelKeyDeletion", "It stays."),
        ImportKeyCommand.Create(),
        Simple("delete-material", "Deletes the material that was imported", "DeleteKeyMaterial", "It is gone."),
        Rotate(),
        SetRotation(),
        Versions(),
    };

    private static Command Describe()
    {
        var key = Options.Key();
        return new Command("describe", "Shows a key") { key }.Runs(async call =>
        {
            var answer = await call.Tenant.CallAsync("DescribeKey", ("KeyId", call.Get(key)));
            call.Output.Item(answer, answer.Member("KeyMetadata"));
        });
    }

    private static Command SetDescription()
    {
        var key = Options.Key();
        var text = Options.Name("TEXT", "Up to 8192 characters");
        return new Command("set-description", "Describes a key") { key, text }.Runs(async call => call.Output.Done(
            await call.Tenant.CallAsync(
                "UpdateKeyDescription", ("KeyId", call.Get(key)), ("Description", call.Get(text))),
            "It is described."));
    }

    private static Command ScheduleDeletion()
    {
        var key = Options.Key();
        var days = Options.Number("--days", "When, from now: 7 to 30", 7, 30);
        days.Required = true;
        return new Command("schedule-deletion", "Has a key deleted some days from now; it is unusable until then")
        {
            key, days,
        }.Runs(async call => call.Output.Done(
            await call.Tenant.CallAsync(
                "ScheduleKeyDeletion", ("KeyId", call.Get(key)), ("PendingWindowInDays", $"{call.Get(days)}")),
            $"It is deleted in {call.Get(days)} days; cancel-deletion keeps it."));
    }

    private static Command Rotate()
    {
        var key = Options.Key();
        return new Command("rotate", "Makes a new version of an asymmetric key") { key }.Runs(async call =>
        {
            var answer = await call.Tenant.CallAsync("CreateKeyVersion", ("KeyId", call.Get(key)));
            call.Output.Item(answer, answer.Member("KeyVersion"));
        });
    }

    private static Command SetRotation()
    {
        var key = Options.Key();
        var interval = Options.Name("INTERVAL", "As in 30d, 7 to 730 days; or off");
        return new Command("set-rotation", "Has a symmetric key rotate by itself") { key, interval }.Runs(async call =>
        {
            var every = call.Get(interval);
            var isOff = every == "off";
            call.Output.Done(
                await call.Tenant.CallAsync(
                    "UpdateRotationPolicy",
                    ("KeyId", call.Get(key)),
                    ("EnableAutomaticRotation", isOff ? "false" : "true"),
                    ("RotationInterval", isOff ? null : every)),
                isOff ? "It rotates no more." : $"It rotates every {every}.");
        });
    }

    private static Command Versions()
    {
        var key = Options.Key();
        var limit = Options.Limit();
        return new Command("versions", "Lists a key's versions") { key, limit }.Runs(async call => call.Output.List(
            await call.Tenant.ListAsync(
                "ListKeyVersions", "KeyVersions", "KeyVersion", call.Get(limit), ("KeyId", call.Get(key))),
            "KeyVersionId",
            "CreationDate"));
    }

    private static Command Simple(string verb, string description, string action, string done)
    {
        var key = Options.Key();
        return new Command(verb, description) { key }.Runs(async call => call.Output.Done(
            await call.Tenant.CallAsync(action, ("KeyId", call.Get(key))), done));
    }
}
