namespace KmsActors.CrashTests;

/// <summary>Calls about an alias and the key it is to stand for.</summary>
internal static class AliasSteps
{
    public static Step Create(TrackedAlias alias, TrackedKey target)
    {
        var step = new Step("CreateAlias", ("AliasName", "alias/" + alias.Name), ("KeyId", target.KeyId));
        if (target.Now.State == KeyModel.PendingDeletion) return step.RefusedAs("Rejected.StateModifiedFailed");
        return alias.Target is null
            ? step.Changing(alias, target.KeyId)
            : step.RefusedAs("AliasAlreadyExists");
    }

    public static Step Update(TrackedAlias alias, TrackedKey target)
    {
        var step = new Step("UpdateAlias", ("AliasName", "alias/" + alias.Name), ("KeyId", target.KeyId));
        if (alias.Target is null) return step.RefusedAs("Forbidden.AliasNotFound");
        if (target.Now.State == KeyModel.PendingDeletion) return step.RefusedAs("Rejected.PendingDeletion");
        return alias.Target == target.KeyId ? step : step.Changing(alias, target.KeyId);
    }

    public static Step Delete(TrackedAlias alias)
    {
        var step = new Step("DeleteAlias", ("AliasName", "alias/" + alias.Name));
        return alias.Target is null ? step.RefusedAs("Forbidden.AliasNotFound") : step.Changing(alias, null);
    }
}
