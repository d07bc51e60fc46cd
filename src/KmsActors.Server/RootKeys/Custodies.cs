using KmsActors.Hsa;
using KmsActors.Hsa.Pkcs11;

namespace KmsActors.Server;

/// <summary>Makes what keeps the root key ready, as the settings say.</summary>
internal static class Custodies
{
    /// <summary>What the settings name; the caller disposes it.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="token">The token, if there is one.</param>
    /// <param name="data">Where the key file is that is named by none.</param>
    /// <param name="mayMake">Whether that file may be made.</param>
    /// <exception cref="StartException">It cannot be used.</exception>
    public static RootKeyCustody Open(RootKeyOptions options, Token? token, DataDirectory data, bool mayMake)
    {
        try
        {
            return options switch
            {
                { InToken: true } => new TokenCustody(token!),
                { PassphraseFile: { } path } => new PassphraseCustody(PassphraseFile.Load(path)),
                { SecretFile: { } path } => new KeyFileCustody(RootKeyFile.LoadMounted(path)),
                { File: { } path } => new KeyFileCustody(RootKeyFile.Load(path)),
                _ => new KeyFileCustody(
                    mayMake ? RootKeyFile.LoadOrCreate(data.RootKey) : RootKeyFile.Load(data.RootKey)),
            };
        }
        catch (Exception failure)
            when (failure is InvalidDataException or UnauthorizedAccessException or IOException)
        {
            throw new StartException(failure.Message, failure);
        }
    }

    /// <summary>What the settings name, for messages.</summary>
    public static string NameOf(RootKeyOptions options, DataDirectory data) =>
        options.InToken ? "The token" : options.PassphraseFile ?? options.SecretFile ?? options.File ?? data.RootKey;
}
