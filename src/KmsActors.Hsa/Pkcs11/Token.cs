using KmsActors.Hsa.Pkcs11.Cryptoki;
using Microsoft.Extensions.Logging;

namespace KmsActors.Hsa.Pkcs11;

/// <summary>
/// A token that is logged in to. While it is away, calls throw <see cref="HsaUnavailableException"/>, and it is reached
/// for again by itself. One process opens a library once.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
public sealed class Token : IDisposable
{
    private readonly HashSet<MechanismType> _mechanisms;
    private readonly string _prefix;

    private Token(SessionPool sessions, TokenOptions options, ILogger log)
    {
        Sessions = sessions;
        OpenKeys = new OpenKeys(sessions, options.MostOpenKeys);
        Service = options.Service;
        _prefix = options.Service.Length == 0 ? "kmsactors-" : $"kmsactors-{options.Service}-";
        RootKeys = new TokenRootKeys(sessions, _prefix, log);
        _mechanisms = sessions.Mechanisms();
    }

    /// <summary>Whose keys in it are meant.</summary>
    public string Service { get; }

    internal SessionPool Sessions { get; }

    internal OpenKeys OpenKeys { get; }

    internal TokenRootKeys RootKeys { get; }

    /// <summary>Loads the library and logs in; changes nothing in the token.</summary>
    /// <param name="options">Which token.</param>
    /// <param name="pin">The user's PIN; copied, so the caller zeroes its own. Tried once.</param>
    /// <param name="time">For how long to wait before a lost token is reached for again.</param>
    /// <param name="log">Losses and returns.</param>
    /// <exception cref="TokenException">It cannot be opened; the message says why.</exception>
    public static Token Open(TokenOptions options, ReadOnlySpan<byte> pin, TimeProvider time, ILogger log)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(
            options.MostOpenKeys, TokenOptions.FewestOpenKeys, nameof(options));
        KeyMemory copy = KeyMemory.CopyOf(pin);
        SessionPool? sessions = null;
        try
        {
            sessions = new SessionPool(Module.Load(options.Library), options.Label, copy, time, log);
            return new Token(sessions, options, log);
        }
        catch (Exception refused)
        {
            sessions?.Dispose();
            copy.Dispose();
            if (refused is CryptokiException or HsaUnavailableException)
            {
                throw new TokenException(
                    $"The token {options.Label} of {options.Library} cannot be used: {refused.Message}", refused);
            }

            throw;
        }
    }

    /// <summary>Whether keys of a type can be in it.</summary>
    public bool Supports(KeyType type) => _mechanisms.Contains(MechanismType.AesKeyWrapPad) && type switch
    {
        KeyType.Aes256 => HasAll(
            MechanismType.AesKeyGen, MechanismType.AesEcb, MechanismType.AesEcbEncryptData, MechanismType.AesGcm),
        KeyType.Rsa2048 or KeyType.Rsa3072 => HasAll(
            MechanismType.RsaPkcsKeyPairGen,
            MechanismType.RsaPkcsOaep,
            MechanismType.RsaPkcs,
            MechanismType.RsaPkcsPss),
        KeyType.EcP256 or KeyType.EcP256K => HasAll(MechanismType.EcKeyPairGen, MechanismType.Ecdsa),
        // Vendors' mechanisms for SM2 and SM4 have no numbers in the standard, and no token at hand has any.
        _ => false,
    };

    /// <summary>
    /// The hexadecimal id of the token's root key of a version, which is made if there is none; one that is made
    /// by several at once is one for all of them from then on.
    /// </summary>
    /// <exception cref="HsaUnavailableException">The token is away.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The token refuses.</exception>
    public string MakeRootKey(uint version) => Convert.ToHexStringLower(RootKeys.Make(version));

    /// <summary>Whether it has a root key of a version, of this hexadecimal id or, without, of any.</summary>
    /// <exception cref="HsaUnavailableException">The token is away.</exception>
    public bool HasRootKey(uint version, string? id = null) =>
        RootKeys.Exists(version, id is null ? null : Convert.FromHexString(id));

    /// <summary>
    /// Destroys the root keys of a version, or the one of this hexadecimal id. What they have wrapped is lost for good.
    /// </summary>
    /// <exception cref="HsaUnavailableException">The token is away.</exception>
    public void DestroyRootKey(uint version, string? id = null) =>
        RootKeys.Destroy(version, id is null ? null : Convert.FromHexString(id));

    /// <summary>
    /// The id of a key of this name for <see cref="OpenSealKey"/>, which is made if there is none.
    /// </summary>
    /// <exception cref="HsaUnavailableException">The token is away.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The token refuses.</exception>
    internal byte[] MakeSealKey(string name) => TokenSealKey.Make(this, _prefix + name);

    /// <summary>
    /// XAES-256-GCM by a key that stays in the token; null if there is none of this name and id. Messages of
    /// <see cref="Envelope.MostPlaintext"/> bytes at most.
    /// </summary>
    /// <exception cref="HsaUnavailableException">The token is away.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The token refuses.</exception>
    internal IMessageCipher? OpenSealKey(string name, ReadOnlySpan<byte> id) =>
        TokenSealKey.TryOpen(this, _prefix + name, id.ToArray());

    /// <summary>Calls under way finish if they can. All session objects end.</summary>
    public void Dispose() => Sessions.Dispose();

    private bool HasAll(params ReadOnlySpan<MechanismType> mechanisms)
    {
        foreach (MechanismType mechanism in mechanisms)
        {
            if (!_mechanisms.Contains(mechanism))
                return false;
        }

        return true;
    }
}
