namespace KmsActors.Grains;

/// <summary>How often the key may be used.</summary>
public sealed partial class CmkGrain
{
    /// <summary>Limits how often the key may be used, or (null) leaves that to the service.</summary>
    public Outcome<Done> SetRate(Rate? rate)
    {
        if (Forbids(KeyCommand.Read) is { } refusal) return refusal;
        if (rate?.IsValid == false) return Refusal.Invalid("Rate");
        if (State.Rate == rate) return default(Done);
        State = State with { Rate = rate };
        Audit(AuditEvent.KeyRateChanged);
        return default(Done);
    }
}
