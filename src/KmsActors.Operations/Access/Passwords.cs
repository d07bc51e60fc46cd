using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using KmsActors.Grains;
using KmsActors.Hsa;

namespace KmsActors.Operations;

/// <summary>
/// Hashes and verifies passwords: PBKDF2-HMAC-SHA512, which is meant to take a while. So that logging in
/// leaves processors for everybody else, only some are hashed at once, and who waits too long is sent away.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore nobody asks for a wait handle holds nothing.")]
public sealed class Passwords(IHsa hsa, TimeProvider time, int iterations = Passwords.CurrentIterations)
{
    /// <summary>OWASP's recommendation for PBKDF2-HMAC-SHA512. A login makes an older hash of fewer anew.</summary>
    public const int CurrentIterations = 210_000;

    /// <summary>The fewest characters of a password.</summary>
    public const int LeastCharacters = 8;

    /// <summary>The most characters of a password.</summary>
    public const int MostCharacters = 128;

    /// <summary>The most bytes that so many characters are in UTF-8.</summary>
    public const int MostBytes = 4 * MostCharacters;

    private const int SaltBytes = 16;
    private const int HashBytes = 64;

    // What is verified for a user that there is not: the same work for the same answer.
    private static readonly PasswordHash Nobodys = new()
    {
        Iterations = CurrentIterations,
        Salt = new byte[SaltBytes],
        Hash = new byte[HashBytes],
    };

    private readonly SemaphoreSlim _slots = new(Math.Max(1, Environment.ProcessorCount / 2));

    /// <summary>
    /// Whether it can be a password: 8 to 128 Unicode characters in UTF-8, none of them a control character.
    /// </summary>
    public static bool IsGood(ReadOnlySpan<byte> password)
    {
        var characters = 0;
        while (!password.IsEmpty)
        {
            var decoded = Rune.DecodeFromUtf8(password, out var rune, out var length);
            if (decoded != System.Buffers.OperationStatus.Done || Rune.IsControl(rune)) return false;
            if (++characters > MostCharacters) return false;
            password = password[length..];
        }

        return characters >= LeastCharacters;
    }

    /// <summary>What is to be kept of a password; Unavailable when too many are being hashed.</summary>
    public ValueTask<Outcome<PasswordHash>> HashAsync(
        ReadOnlyMemory<byte> password, CancellationToken cancellation) =>
        InSlotAsync(() => Hash(password.Span), cancellation);

    /// <summary>
    /// Whether it is the password. As much work whatever the answer, and when there is none to compare with.
    /// </summary>
    public ValueTask<Outcome<PasswordVerdict>> VerifyAsync(
        ReadOnlyMemory<byte> password, PasswordHash? expected, CancellationToken cancellation) =>
        InSlotAsync(() => Verify(password.Span, expected), cancellation);

    private async ValueTask<Outcome<T>> InSlotAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        var slot = await Patience.WaitForAsync(
            time, async either => { await _slots.WaitAsync(either); return default(Done); }, cancellation);
        if (slot.Refused(out var refusal)) return refusal;
        try
        {
            return work();
        }
        finally
        {
            _slots.Release();
        }
    }

    private PasswordHash Hash(ReadOnlySpan<byte> password)
    {
        var salt = new byte[SaltBytes];
        hsa.GenerateRandom(salt);
        var hash = Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA512, HashBytes);
        return new PasswordHash { Iterations = iterations, Salt = salt, Hash = hash };
    }

    private PasswordVerdict Verify(ReadOnlySpan<byte> password, PasswordHash? expected)
    {
        var compared = expected ?? Nobodys with { Iterations = iterations };
        Span<byte> derived = stackalloc byte[HashBytes];
        Rfc2898DeriveBytes.Pbkdf2(password, compared.Salt, derived, compared.Iterations, HashAlgorithmName.SHA512);
        var isRight = CryptographicOperations.FixedTimeEquals(derived, compared.Hash) && expected is not null;
        var missing = iterations - compared.Iterations;
        if (!isRight && missing > 0)
            Rfc2898DeriveBytes.Pbkdf2(password, compared.Salt, derived, missing, HashAlgorithmName.SHA512);
        CryptographicOperations.ZeroMemory(derived);
        return new PasswordVerdict(isRight, isRight && missing > 0 ? Hash(password) : null);
    }
}

/// <summary>What came of verifying a password.</summary>
/// <param name="IsRight">Whether it is the one.</param>
/// <param name="Rehashed">Its hash made anew, when the one it was compared with was of fewer iterations.</param>
public sealed record PasswordVerdict(bool IsRight, PasswordHash? Rehashed);
