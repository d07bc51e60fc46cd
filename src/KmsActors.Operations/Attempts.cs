using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>
/// Turns over grains of which one first has to look which they are: somebody else may change that in between.
/// </summary>
internal static class Attempts
{
    // Each is in vain only as often as somebody else is faster.
    private const int Most = 16;

    /// <summary>Makes attempts until one is not in vain; Unavailable when there were too many.</summary>
    /// <param name="attempt">False if what it had looked at had changed by the time of its turn.</param>
    public static async ValueTask<Outcome<Done>> MakeAsync(Func<ValueTask<Outcome<bool>>> attempt)
    {
        for (var i = 0; i < Most; i++)
        {
            var outcome = await attempt();
            if (outcome.Refused(out var refusal)) return refusal;
            if (outcome.Value) return default(Done);
        }

        return new Refusal(RefusalCode.Unavailable);
    }
}
