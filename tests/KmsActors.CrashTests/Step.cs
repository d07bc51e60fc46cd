namespace KmsActors.CrashTests;

/// <summary>One call, with all that the model says of its outcome before it is made.</summary>
/// <param name="Action">What to call.</param>
/// <param name="Parameters">With what.</param>
internal sealed record Step(string Action, params (string Name, string Value)[] Parameters)
{
    /// <summary>The code with which it must be refused; null when it must succeed.</summary>
    public string? Refusal { get; init; }

    /// <summary>Whether its success is a commit: exactly one audit row, under its request id.</summary>
    public bool Changes { get; init; }

    /// <summary>Takes the answer into the model; what it returns is a complaint about it.</summary>
    public Func<Answer, string?>? Answered { get; init; }

    /// <summary>Takes into the model that no answer came and the change may or may not have been made.</summary>
    public Action? Unanswered { get; init; }

    /// <summary>A call that must be refused.</summary>
    public Step RefusedAs(string code) => this with { Refusal = code, Changes = false };

    /// <summary>A call that changes what is known of a key.</summary>
    public Step Changing(TrackedKey key, Func<KeyModel, KeyModel> change) => this with
    {
        Changes = true,
        Answered = _ =>
        {
            key.Now = change(key.Now);
            return null;
        },
        Unanswered = () => key.Maybe = change(key.Now),
    };

    /// <summary>A call that makes an alias stand for another key, or for none.</summary>
    public Step Changing(TrackedAlias alias, string? target) => this with
    {
        Changes = true,
        Answered = _ =>
        {
            alias.Target = target;
            return null;
        },
        Unanswered = () => (alias.InDoubt, alias.MaybeTarget) = (true, target),
    };
}
