using KmsActors.Benchmarks.Processes;

namespace KmsActors.Benchmarks.Scenarios;

/// <summary>Data directories made ahead.</summary>
internal static class Stores
{
    /// <summary>One with so many keys of the first account.</summary>
    public static async Task<(string Data, string[] Keys)> OfRootAsync(Lab lab, int keys)
    {
        var data = lab.NewDirectory();
        await using var filler = await StoreFiller.OpenAsync(data);
        await filler.CreateAccountAsync(ServerProcess.RootAccount);
        return (data, await filler.CreateKeysAsync(ServerProcess.RootAccount, keys));
    }
}
