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

    /// <summary>Makes a new version, for a turn to take in.</summary>
    public static async ValueTask<Outcome<NewKeyVersion>> MakeVersionAsync(
        this OperationContext context, string keyId, KeySpec spec)
    {
        var binding = new KeyBinding(context.Owner, keyId, context.Kms.NewId(), TypeOf(spec));
        var made = await context.WaitForAsync(cancellation =>
            context.Kms.Hsa.GenerateKeyAsync(binding, cancellation));
        return made.Refused(out var refusal) ? refusal : new NewKeyVersion(binding.VersionId, made.Value);
    }
}
