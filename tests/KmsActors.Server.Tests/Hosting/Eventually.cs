using System.Diagnostics;

namespace KmsActors.Server.Tests;

/// <summary>Waits for what another thread is about to do.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Returns as soon as it holds.</summary>
    public static async Task TrueAsync(Func<Task<bool>> holds)
    {
        var waiting = Stopwatch.StartNew();
        while (!await holds())
        {
            Assert.True(waiting.Elapsed < Patience, "it never came true");
            await Task.Delay(20);
        }
    }
}
