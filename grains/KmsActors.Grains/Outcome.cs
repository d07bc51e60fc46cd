namespace KmsActors.Grains;

/// <summary>
/// What a turn or an operation came to: a value, or the reason why it was refused. An expected refusal
/// is a value, never an exception.
/// </summary>
public readonly struct Outcome<T>
{
    private readonly T? _value;

    private Outcome(T? value, Refusal? refusal)
    {
        _value = value;
        Refusal = refusal;
    }

    /// <summary>Why it was refused, or null.</summary>
    public Refusal? Refusal { get; }

    /// <summary>The value. Asking for it after a refusal is a fault.</summary>
    public T Value
    {
        get
        {
            Invariant.That(Refusal is null, "a refused outcome has no value");
            return _value!;
        }
    }

    /// <summary>True, with the reason, when it was refused.</summary>
    public bool Refused([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Refusal? refusal)
    {
        refusal = Refusal;
        return refusal is not null;
    }

    /// <summary>Success.</summary>
    public static implicit operator Outcome<T>(T value) => new(value, null);

    /// <summary>Refusal.</summary>
    public static implicit operator Outcome<T>(Refusal refusal) => new(default, refusal);
}

/// <summary>The value of an outcome that has nothing to say but success.</summary>
public readonly record struct Done;
