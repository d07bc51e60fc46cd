using System.Security.Cryptography;
using System.Text;
using KmsActors.Hsa;
using KmsActors.Hsa.Pkcs11;

namespace KmsActors.Server;

/// <summary>The hardware module, if there is one.</summary>
internal static partial class HardwareModule
{
    /// <summary>What has the PIN, unless a file has it.</summary>
    public const string PinSetting = "KMS_HSM_PIN";

    // By the version of the root key.
    private const string RootKeyName = "token-root-key-";
    private const string ServiceName = "service-id";
    private const int ServiceBytes = 8;

    /// <summary>The token that the options name, logged in to; null if they name none.</summary>
    /// <exception cref="StartException">The token cannot be used. Nothing in it has changed then.</exception>
    public static async Task<Token?> OpenAsync(
        HsmOptions options,
        NodeStore store,
        string? pin,
        TimeProvider time,
        ILoggerFactory log,
        CancellationToken cancellation)
    {
        if (options.Token is not { } named)
        {
            if (!options.Required) ServedInSoftware(log.CreateLogger(typeof(HardwareModule)));
            return null;
        }

        // Other services may have keys in the same token.
        var service = await store.FirstAsync(
            ServiceName, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(ServiceBytes)), cancellation);
        try
        {
            using var bytes = LoadPin(options, pin);
            return Token.Open(named with { Service = service }, bytes.Span, time, log.CreateLogger<Token>());
        }
        catch (Exception failure) when (failure is TokenException or HsaUnavailableException or CryptographicException
            or InvalidDataException or UnauthorizedAccessException or IOException)
        {
            throw new StartException(failure.Message, failure);
        }
    }

    /// <summary>
    /// Sees to it that the token has a root key of a version, and that it is the one that all nodes know.
    /// </summary>
    /// <exception cref="StartException">The token is another. Nothing in it has changed then.</exception>
    /// <exception cref="HsaUnavailableException">The token is away.</exception>
    public static async Task EnsureRootKeyAsync(
        Token token, NodeStore store, long version, CancellationToken cancellation)
    {
        var isNew = !token.HasRootKey((uint)version);
        var id = token.MakeRootKey((uint)version);
        var known = await store.FirstAsync($"{RootKeyName}{version}", id, cancellation);
        // Another node may have made one of its own at the same moment: then both are there.
        if (token.HasRootKey((uint)version, known)) return;
        if (isNew) token.DestroyRootKey((uint)version, id);
        throw new StartException($"The token that Kms:Hsm names is not the one of {store.Name}.");
    }

    /// <summary>Sees to it that a database is of the service whose keys the token is open for.</summary>
    /// <exception cref="RootKeyException">It is another's.</exception>
    public static async Task RequireServiceAsync(Token? token, NodeStore store, CancellationToken cancellation)
    {
        if (token is null) return;
        var service = await store.GetMetaAsync(ServiceName, cancellation);
        if (service is null || Encoding.ASCII.GetString(service) != token.Service)
            throw new RootKeyException($"The keys of {store.Name} are another service's in the token.");
    }

    private static SecretBytes LoadPin(HsmOptions options, string? pin)
    {
        if (pin is { Length: > 0 } == options.PinFile is not null)
            throw new StartException($"The token's PIN: either Kms:Hsm:PinFile or {PinSetting}.");
        return options.PinFile is { } file ? PinFile.Load(file) : new SecretBytes(Encoding.UTF8.GetBytes(pin!));
    }

    [LoggerMessage(330, LogLevel.Warning,
        "No hardware module (Kms:Hsm:Library): new keys of the protection level HSM are kept in software, too")]
    private static partial void ServedInSoftware(ILogger log);
}
