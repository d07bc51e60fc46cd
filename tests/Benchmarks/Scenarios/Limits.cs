namespace KmsActors.Benchmarks.Scenarios;

/// <summary>What rate limits are for, how exact they are, and what they cost.</summary>
internal static class Limits
{
    public static async Task RunAsync(Lab lab)
    {
        await LimitIsolation.RunAsync(lab);
        await LimitAccuracy.RunAsync(lab);
        await LimitMemory.RunAsync(lab);
        Console.WriteLine("   the CPU of a call that is refused for its limit is among those of 'refused'");
    }
}
