using KmsActors.Grains;
using KmsActors.Hsa;

namespace KmsActors.Operations;

/// <summary>What the HSA knows of a CMK.</summary>
internal static class KeyMaterial
{
    /// <summary>The HSA's word for a kind of key.</summary>
    public static KeyType TypeOf(KeySpec spec) => spec switch
    {
        KeySpec.Aes256 => KeyType.Aes256,
        KeySpec.Sm4 => KeyType.Sm4,
        KeySpec.Rsa2048 => KeyType.Rsa2048,
        KeySpec.Rsa3072 => KeyType.Rsa3072,
        KeySpec.EcP256 => KeyType.EcP256,
        KeySpec.EcP256K => KeyType.EcP256K,
        KeySpec.EcSm2 => KeyType.EcSm2,
        _ => throw new InvariantException($"the HSA has no type for {spec}"),
    };

    /// <summary>What the HSA needs to know of a version.</summary>
    public static KeyBinding BindingOf(
        string owner, string keyId, string versionId, KeySpec spec, ProtectionLevel level) =>
        new(owner, keyId, versionId, TypeOf(spec)) { Protection = ProtectionOf(level) };

    /// <summary>The HSA's word for a level of protection.</summary>
    public static KeyProtection ProtectionOf(ProtectionLevel level) => level switch
    {
        ProtectionLevel.Software => KeyProtection.Software,
        ProtectionLevel.Hsm => KeyProtection.Hsm,
        _ => throw new InvariantException($"the HSA has no protection for {level}"),
    };

    /// <summary>Why there can be no new material of this kind at this level, or null if there can.</summary>
    public static Refusal? ForbidsMaterial(this OperationContext context, KeySpec spec, ProtectionLevel level) =>
        context.Kms.Hsa.Supports(TypeOf(spec), ProtectionOf(level))
            ? null
            : new Refusal(RefusalCode.ProtectionNotSupported);

    /// <summary>Makes a new version, for a turn to take in.</summary>
    public static async ValueTask<Outcome<NewKeyVersion>> MakeVersionAsync(
        this OperationContext context, string keyId, KeySpec spec, ProtectionLevel level)
    {
        if (context.ForbidsMaterial(spec, level) is { } forbidden) return forbidden;
        var binding = BindingOf(context.Owner, keyId, context.Kms.NewId(), spec, level);
        var made = await context.WaitForAsync(cancellation =>
            context.Kms.Hsa.GenerateKeyAsync(binding, cancellation));
        return made.Refused(out var refusal) ? refusal : new NewKeyVersion(binding.VersionId, made.Value);
    }
}
