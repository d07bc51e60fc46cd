using System.Security.Cryptography;

namespace KmsActors.Grains;

/// <summary>Imported material, unwrapped and wrapped again by the HSA.</summary>
/// <param name="VersionId">The version for which it was wrapped.</param>
/// <param name="WrappedMaterial">The material as it is stored.</param>
/// <param name="Fingerprint">Tells whether two imports are of the same material.</param>
/// <param name="Expiry">When it expires, UTC; null for never.</param>
public sealed record ImportedMaterial(
    string VersionId, byte[] WrappedMaterial, byte[] Fingerprint, DateTimeOffset? Expiry);

/// <summary>Material that its owner brings and takes away: seed 001, 4.3 and 4.8.</summary>
public sealed partial class CmkGrain
{
    /// <summary>
    /// Gives the key its material, or the same material another expiry. A key that waited for it becomes
    /// Enabled; a disabled key stays disabled, because nobody asked to enable it.
    /// </summary>
    public Outcome<Done> ImportMaterial(ImportedMaterial material)
    {
        if (Forbids(KeyCommand.ImportMaterial) is { } refusal) return refusal;
        Invariant.That(State.Primary.Id == material.VersionId, "the material was wrapped for this version");
        if (material.Expiry <= Now) return Refusal.Invalid(nameof(material.Expiry));
        if (State.Primary.Fingerprint is { } before
            && !CryptographicOperations.FixedTimeEquals(before, material.Fingerprint))
        {
            return new Refusal(RefusalCode.KeyMaterialDiffers);
        }

        State = State with
        {
            KeyState = State.StateAt(Now) == KeyState.PendingImport ? KeyState.Enabled : State.KeyState,
            Versions = [State.Primary with
            {
                WrappedMaterial = material.WrappedMaterial,
                Fingerprint = material.Fingerprint,
            }],
            MaterialExpiry = material.Expiry,
        };
        Plan(Reminder.ExpireMaterial);
        Audit(AuditEvent.MaterialImported);
        return default(Done);
    }

    /// <summary>
    /// Erases imported material: the key waits for import, except that a pending deletion stays as it is,
    /// date and all (seed 001, 4.8).
    /// </summary>
    public Outcome<Done> DeleteMaterial()
    {
        if (Forbids(KeyCommand.DeleteMaterial) is { } refusal) return refusal;
        if (State.Primary.WrappedMaterial is null) return default(Done);
        EraseMaterial();
        Audit(AuditEvent.MaterialDeleted);
        return default(Done);
    }

    private void EraseMaterial()
    {
        State = State with
        {
            KeyState = State.KeyState == KeyState.PendingDeletion ? KeyState.PendingDeletion : KeyState.PendingImport,
            Versions = [State.Primary with { WrappedMaterial = null }],
            MaterialExpiry = null,
        };
        Plan(Reminder.ExpireMaterial);
    }
}
