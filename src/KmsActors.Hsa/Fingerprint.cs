using System.Security.Cryptography;

namespace KmsActors.Hsa;

/// <summary>
/// What imported material is known again by: derived from it for its key, by <see cref="IMessageCipher.Derive"/>, so
/// that it is the same whoever derives it and wherever.
/// </summary>
internal static class Fingerprint
{
    /// <summary>The label of the derivation.</summary>
    public const byte Label = (byte)'F';

    /// <summary>Bytes of it.</summary>
    public const int Size = 2 * CmacKdf.BlockSize;

    /// <summary>The context of the derivation, <see cref="IMessageCipher.ContextSize"/> bytes.</summary>
    public static byte[] ContextOf(KeyBinding binding) =>
        SHA256.HashData(Domain.Fingerprint(binding.Account, binding.KeyId))[..IMessageCipher.ContextSize];
}
