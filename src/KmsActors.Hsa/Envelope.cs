using System.Security.Cryptography;

namespace KmsActors.Hsa;

/// <summary>How a plaintext was given, so that it goes back the same way. The numbers are stored.</summary>
public enum PlaintextForm
{
    /// <summary>Bytes.</summary>
    Bytes = 0,

    /// <summary>Text that is not Base64 where Base64 was asked for; it goes back as that text.</summary>
    VerbatimText = 1,
}

/// <summary>What an envelope says of itself. True only once it has been decrypted.</summary>
/// <param name="KeyId">The CMK's id, a lower-case UUID.</param>
/// <param name="VersionId">The key version's id, a lower-case UUID.</param>
/// <param name="Form">How the plaintext was given.</param>
public readonly record struct EnvelopeHeader(string KeyId, string VersionId, PlaintextForm Form);

/// <summary>
/// The one format of symmetric ciphertexts, for every protocol: magic (4 bytes), format, suite, form, zero
/// (1 each), key id, key version id, account binding (16 each), zeros (44), nonce (24), tag (16), ciphertext.
/// All that stands before the nonce is associated data, followed by the canonical encryption context. Suite 1
/// is XAES-256-GCM, suite 2 the same in kind with SM4.
/// </summary>
/// <remarks>
/// Huawei bounds Base64 ciphertexts of 1 to 4096 bytes at 188 to 5648 characters (seed 003, decrypt-data):
/// both bounds are met exactly by an overhead of 140 bytes.
/// </remarks>
public static class Envelope
{
    /// <summary>Bytes that an envelope is longer than its plaintext.</summary>
    public const int Overhead = 140;

    /// <summary>The longest plaintext, in bytes: Aliyun's limit, the highest of the protocols'.</summary>
    public const int MostPlaintext = 6144;

    internal const int HeaderSize = 100;
    internal const int NonceAt = HeaderSize;
    internal const int TagAt = NonceAt + IMessageCipher.NonceSize;
    internal const int SuiteAt = 5;
    internal const int FormAt = 6;
    private const int KeyIdAt = 8;
    private const int VersionIdAt = KeyIdAt + Uuid.Size;
    private const int AccountAt = VersionIdAt + Uuid.Size;
    private const int AccountSize = 16;
    private const int ReservedAt = AccountAt + AccountSize;
    private const byte AesSuite = 1;
    private const byte Sm4Suite = 2;

    /// <summary>Magic, format 1.</summary>
    private static ReadOnlySpan<byte> Start => "KMSA\x01"u8;

    /// <summary>
    /// Reads the header of an envelope that <paramref name="account"/> may own. False when it cannot be one:
    /// wrong length, unknown format, or another account's. The rest is for decryption to authenticate.
    /// </summary>
    /// <param name="envelope">Any bytes whatever.</param>
    /// <param name="account">The caller's account number.</param>
    /// <param name="header">What it says of itself.</param>
    public static bool TryReadHeader(ReadOnlySpan<byte> envelope, string account, out EnvelopeHeader header)
    {
        header = default;
        if (!IsPossibleLength(envelope.Length)
            || !envelope.StartsWith(Start)
            || envelope[SuiteAt] is not (AesSuite or Sm4Suite)
            || envelope[FormAt] > (byte)PlaintextForm.VerbatimText
            || envelope[FormAt + 1] != 0
            || envelope[ReservedAt..HeaderSize].ContainsAnyExcept((byte)0))
            return false;

        Span<byte> binding = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Domain.Account(account), binding);
        if (!CryptographicOperations.FixedTimeEquals(
            binding[..AccountSize], envelope.Slice(AccountAt, AccountSize)))
            return false;

        header = new EnvelopeHeader(
            Uuid.Read(envelope.Slice(KeyIdAt, Uuid.Size)),
            Uuid.Read(envelope.Slice(VersionIdAt, Uuid.Size)),
            (PlaintextForm)envelope[FormAt]);
        return true;
    }

    internal static bool IsPossibleLength(int length) =>
        length is >= Overhead and <= Overhead + MostPlaintext;

    /// <summary>
    /// The header of all envelopes of a key version, in form <see cref="PlaintextForm.Bytes"/>.
    /// </summary>
    /// <exception cref="ArgumentException">An id is not a lower-case UUID, or the type no symmetric one.</exception>
    internal static byte[] MakeHeader(KeyBinding binding)
    {
        byte[] header = new byte[HeaderSize];
        Start.CopyTo(header);
        header[SuiteAt] = binding.Type switch
        {
            KeyType.Aes256 => AesSuite,
            KeyType.Sm4 => Sm4Suite,
            _ => throw new ArgumentException("Keys of this type make no envelopes.", nameof(binding)),
        };
        Uuid.Write(binding.KeyId, header.AsSpan(KeyIdAt, Uuid.Size));
        Uuid.Write(binding.VersionId, header.AsSpan(VersionIdAt, Uuid.Size));
        byte[] account = SHA256.HashData(Domain.Account(binding.Account));
        account.AsSpan(0, AccountSize).CopyTo(header.AsSpan(AccountAt));
        return header;
    }
}
