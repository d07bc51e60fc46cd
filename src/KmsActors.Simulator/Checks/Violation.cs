namespace KmsActors.Simulator;

/// <summary>The service did what it must never do.</summary>
internal sealed class Violation(string rule, string what) : Exception($"{rule}: {what}")
{
    /// <summary>Which rule it broke, in a few words that are the same whatever the run.</summary>
    public string Rule { get; } = rule;
}

/// <summary>The rules, by their names.</summary>
internal static class Rules
{
    public const string Early = "deleted before its date";
    public const string Late = "not deleted in time";
    public const string OldRight = "served by a right that was taken away";
    public const string WrongRefusal = "refused without a reason";
    public const string LostWrite = "an acknowledged write is not there";
    public const string LeftBehind = "a refused call left something";
    public const string Transition = "a change that its audit record does not explain";
    public const string Listing = "a listing does not say what is so";
    public const string Reminder = "a reminder is not as the state has it";
    public const string Alias = "an alias without its key";
    public const string Quota = "a quota was passed";
    public const string Ciphertext = "a ciphertext does not decrypt";
    public const string Audit = "not one audit record for each change";
    public const string Fault = "a node broke down";
}
