using System.Security.Cryptography;
using System.Text;
using KmsActors.Hsa;
using KmsActors.Hsa.Pkcs11;

namespace KmsActors.Server;

/// <summary>Puts the hardware module beside the software appliance, if there is one.</summary>
internal static partial class HardwareModule
{
    /// <summary>What has the PIN, unless a file has it.</summary>
    public const string PinSetting = "KMS_HSM_PIN";

    // By the version of the root key.
    private const string RootKeyName = "token-root-key-";

    /// <summary>
    /// The appliance with the token that the options name, or the software appliance alone. It owns that one; thrown
    /// at, the caller still does.
    /// </summary>
    /// <exception cref="StartException">
    /// The token cannot be used, or is not the one of the database's keys. Nothing in it has changed then.
    /// </exception>
    public static async Task<IHsa> AddAsync(
        SoftwareHsa software,
        NodeStore store,
        HsmOptions options,
        string? pin,
        TimeProvider time,
        ILoggerFactory log,
        CancellationToken cancellation)
    {
        if (options.Token is not { } named)
        {
            if (!options.Required) ServedInSoftware(log.CreateLogger(typeof(HardwareModule)));
            return software;
        }

        Token? token = null;
        try
        {
            using (var bytes = LoadPin(options, pin))
                token = Token.Open(named, bytes.Span, time, log.CreateLogger<Token>());
            var version = software.RootKeyVersion;
            var isNew = !token.HasRootKey(version);
            var id = token.MakeRootKey(version);
            var known = await store.FirstAsync($"{RootKeyName}{version}", id, cancellation);
            // Another node may have made one of its own at the same moment: then both are there.
            if (!token.HasRootKey(version, known))
            {
                if (isNew) token.DestroyRootKey(version, id);
                throw new StartException($"The token {named.Label} is not the one of {store.Name}.");
            }

            return new Pkcs11Hsa(software, token);
        }
        catch (Exception failure)
        {
            token?.Dispose();
            if (failure is TokenException or HsaUnavailableException or CryptographicException
                or InvalidDataException or UnauthorizedAccessException or IOException)
            {
                throw new StartException(failure.Message, failure);
            }

            throw;
        }
    }

    private static SecretBytes LoadPin(HsmOptions options, string? pin)
    {
        if (pin is { Length: > 0 } == options.PinFile is not null)
            throw new StartException($"The token's PIN: either Kms:Hsm:PinFile or {PinSetting}.");
        return options.PinFile is { } file ? PinFile.Load(file) : new SecretBytes(Encoding.UTF8.GetBytes(pin!));
    }

    [LoggerMessage(310, LogLevel.Warning,
        "No hardware module (Kms:Hsm:Library): new keys of the protection level HSM are kept in software, too")]
    private static partial void ServedInSoftware(ILogger log);
}
