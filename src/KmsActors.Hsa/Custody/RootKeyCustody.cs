using System.Buffers.Binary;
using System.Security.Cryptography;

namespace KmsActors.Hsa;

/// <summary>
/// What keeps the root key while nobody uses it: seals its versions for the database, and opens them when the service
/// starts. Something sealed: how (1 byte), what that needs to be opened again, a blob under the sealing key that has
/// the number of the version it seals.
/// </summary>
/// <threadsafety>None: it is for one caller at a time.</threadsafety>
public abstract class RootKeyCustody : IDisposable
{
    private const int HowSize = 1;

    private protected RootKeyCustody()
    {
    }

    private protected enum How : byte
    {
        KeyFile = 1,
        Passphrase = 2,
        Token = 3,
    }

    /// <summary>What it is, for messages.</summary>
    public abstract string Name { get; }

    /// <summary>Its mark on what it has sealed.</summary>
    private protected abstract How Mark { get; }

    /// <summary>Bytes of what it needs to know to open something again, besides itself.</summary>
    private protected virtual int ParametersSize => 0;

    /// <summary>Seals a version of the root key.</summary>
    /// <param name="version">Its number.</param>
    /// <param name="key">32 bytes.</param>
    public byte[] Seal(uint version, ReadOnlySpan<byte> key)
    {
        byte[] parameters = new byte[ParametersSize];
        using RootKey sealing = new(version, MakeCipher(parameters));
        return [(byte)Mark, .. parameters, .. sealing.Wrap(Domain.RootKeyVersion(), key)];
    }

    /// <summary>Opens a version of the root key; the caller disposes it.</summary>
    /// <exception cref="RootKeySealedException">Something else has sealed it.</exception>
    public SecretBytes Open(uint version, ReadOnlySpan<byte> sealedKey)
    {
        if (sealedKey.Length < HowSize + ParametersSize)
            throw new RootKeySealedException("The sealed root key is damaged.");
        if (sealedKey[0] != (byte)Mark)
            throw new RootKeySealedException($"It is sealed by {NameOf((How)sealedKey[0])}, not by {Name}.");
        try
        {
            using RootKey sealing = new(version, OpenCipher(sealedKey.Slice(HowSize, ParametersSize)));
            return sealing.Unwrap(Domain.RootKeyVersion(), sealedKey[(HowSize + ParametersSize)..]);
        }
        catch (CryptographicException e)
        {
            throw new RootKeySealedException($"It is sealed by another {NameOf(Mark)} than this one.", e);
        }
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>A cipher to seal with, and how to have it again.</summary>
    private protected abstract IMessageCipher MakeCipher(Span<byte> parameters);

    /// <summary>The cipher that was made so. Disposed by who asks.</summary>
    private protected abstract IMessageCipher OpenCipher(ReadOnlySpan<byte> parameters);

    private static string NameOf(How how) => how switch
    {
        How.KeyFile => "key file",
        How.Passphrase => "passphrase",
        How.Token => "token",
        _ => "kind of seal that a newer program has made",
    };
}

/// <summary>The root key in the clear is in a file, whose key seals it: see <see cref="RootKeyFile"/>.</summary>
/// <param name="key">The file's 32 bytes; its owner from now on is this.</param>
public sealed class KeyFileCustody(SecretBytes key) : RootKeyCustody
{
    /// <inheritdoc/>
    public override string Name => "a key file";

    /// <summary>Whether a database that is older than versions of the root key has this as its only one.</summary>
    /// <param name="checkValue">What the database says of it.</param>
    public bool IsRootKeyOf(string checkValue) => RootKeyRing.CheckValueOf(key.Span) == checkValue;

    /// <summary>The file's key as the first version of such a database's root key, sealed.</summary>
    public byte[] SealAsFirst() => Seal(1, key.Span);

    /// <inheritdoc/>
    public override void Dispose() => key.Dispose();

    private protected override How Mark => How.KeyFile;

    private protected override IMessageCipher MakeCipher(Span<byte> parameters) => new Xaes256Gcm(key.Span);

    private protected override IMessageCipher OpenCipher(ReadOnlySpan<byte> parameters) => new Xaes256Gcm(key.Span);
}

/// <summary>
/// A key derived from a passphrase seals the root key: PBKDF2-HMAC-SHA512, with as many iterations as take a second or
/// so, since it is done at a start only.
/// </summary>
/// <param name="passphrase">16 to 1024 bytes; its owner from now on is this.</param>
/// <param name="iterations">How often; what was sealed with another number opens as well.</param>
public sealed class PassphraseCustody(SecretBytes passphrase, int iterations = PassphraseCustody.CurrentIterations)
    : RootKeyCustody
{
    /// <summary>Five times OWASP's recommendation for logins, of which there are more.</summary>
    public const int CurrentIterations = 1_050_000;

    /// <summary>The fewest bytes of a passphrase.</summary>
    public const int LeastBytes = 16;

    /// <summary>The most bytes of a passphrase.</summary>
    public const int MostBytes = 1024;

    private const int SaltSize = 16;

    // What a stranger might have put into a database must not keep a start busy for hours.
    private const int MostIterations = 100_000_000;

    private (byte[] Parameters, SecretBytes Key)? _derived;

    /// <inheritdoc/>
    public override string Name => "a passphrase";

    /// <inheritdoc/>
    public override void Dispose()
    {
        _derived?.Key.Dispose();
        passphrase.Dispose();
    }

    private protected override How Mark => How.Passphrase;

    private protected override int ParametersSize => SaltSize + sizeof(int);

    private protected override IMessageCipher MakeCipher(Span<byte> parameters)
    {
        if (_derived is { } known && IterationsOf(known.Parameters) == iterations)
        {
            known.Parameters.CopyTo(parameters);
        }
        else
        {
            RandomNumberGenerator.Fill(parameters[..SaltSize]);
            BinaryPrimitives.WriteInt32BigEndian(parameters[SaltSize..], iterations);
        }

        return OpenCipher(parameters);
    }

    private protected override IMessageCipher OpenCipher(ReadOnlySpan<byte> parameters)
    {
        if (IterationsOf(parameters) is < 1 or > MostIterations)
            throw new CryptographicException("The number of iterations is out of range.");
        if (_derived is not { } known || !parameters.SequenceEqual(known.Parameters))
        {
            SecretBytes derived = SecretBytes.OfLength(RootKeyRing.KeySize);
            Rfc2898DeriveBytes.Pbkdf2(
                passphrase.Span, parameters[..SaltSize], derived.Writable, IterationsOf(parameters),
                HashAlgorithmName.SHA512);
            _derived?.Key.Dispose();
            _derived = known = (parameters.ToArray(), derived);
        }

        return new Xaes256Gcm(known.Key.Span);
    }

    private static int IterationsOf(ReadOnlySpan<byte> parameters) =>
        BinaryPrimitives.ReadInt32BigEndian(parameters[SaltSize..]);
}

/// <summary>The root key is not sealed by what should open it. The message says by what, and no secret.</summary>
public sealed class RootKeySealedException : Exception
{
    /// <summary>With the reason.</summary>
    public RootKeySealedException(string message) : base(message)
    {
    }

    /// <summary>With the reason and its cause.</summary>
    public RootKeySealedException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>Without a reason.</summary>
    public RootKeySealedException()
    {
    }
}
