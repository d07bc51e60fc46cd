using System.CommandLine;
using System.Text.Json;

namespace KmsActors.Cli;

/// <summary>kmsctl root-key.</summary>
internal static class RootKeyCommands
{
    public static Command Create() => new("root-key", "The key under which everything is wrapped, and its rotation")
    {
        new Command("show", "Shows the root key's versions, and how much needs each").Runs(
            async call => Show(call, await call.Admin.GetAsync("root-key"))),
        new Command("rotate", "Makes another version; everything is wrapped anew by the job rewrap").Runs(
            async call => Show(call, await call.Admin.PostAsync("root-key/versions"))),
    };

    private static void Show(Call call, JsonElement rootKey)
    {
        var current = rootKey.Shown("current");
        call.Output.Rows(
            rootKey,
            ["version", "made", "needed by", "state"],
            rootKey.Member("versions").EnumerateArray().Select(version => new[]
            {
                version.Shown("version"),
                version.Shown("madeAt"),
                version.Shown("neededBy"),
                version.Shown("version") == current ? "wraps" : "",
            }));
    }
}
