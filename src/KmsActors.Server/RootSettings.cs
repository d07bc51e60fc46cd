using System.Security.Cryptography;
using System.Text;
using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Server;

/// <summary>What the environment says of the first account's credentials.</summary>
/// <param name="AccessKeyId">The access key; null when it is made here.</param>
/// <param name="AccessKeySecret">Its secret.</param>
/// <param name="User">The user with the password.</param>
/// <param name="Password">The password; null when it says none.</param>
internal sealed record RootSettings(string? AccessKeyId, string? AccessKeySecret, string User, string? Password)
{
    public const string IdSetting = "KMS_ROOT_ACCESS_KEY_ID";
    public const string SecretSetting = "KMS_ROOT_ACCESS_KEY_SECRET";
    public const string UserSetting = "KMS_ROOT_USER";
    public const string PasswordSetting = "KMS_ROOT_PASSWORD";

    /// <summary>Reads the settings.</summary>
    /// <exception cref="StartException">They are half given or malformed.</exception>
    public static RootSettings Read(IConfiguration configuration, string account)
    {
        var id = NotEmpty(configuration[IdSetting]);
        var secret = NotEmpty(configuration[SecretSetting]);
        var user = NotEmpty(configuration[UserSetting]);
        var password = NotEmpty(configuration[PasswordSetting]);
        if ((id ?? secret) is not null)
        {
            if (!AccessKeyText.IsId(id))
                throw new StartException($"{IdSetting}: 1 to 128 letters, digits, '-', '_' or '.'.");
            if (!AccessKeyText.IsSecret(secret))
                throw new StartException($"{SecretSetting}: 8 to 128 printable ASCII characters without spaces.");
            if (user is not null && password is null)
                throw new StartException($"{UserSetting}: needs {PasswordSetting}, as the access key is given too.");
        }

        if (user is not null && !AccessRules.IsName(user))
            throw new StartException($"{UserSetting}: 1 to 64 letters, digits, '-', '_', '.', '@' or inner spaces.");
        if (password is not null && !IsPassword(password))
            throw new StartException($"{PasswordSetting}: 8 to 128 characters, and no control characters.");
        return new RootSettings(id, secret, user ?? account, password);
    }

    /// <summary>Says nothing of the secrets.</summary>
    public override string ToString() => $"{AccessKeyId} {User}";

    public static bool IsPassword(string password)
    {
        var bytes = Encoding.UTF8.GetBytes(password);
        var isGood = Passwords.IsGood(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return isGood;
    }

    private static string? NotEmpty(string? setting) => string.IsNullOrEmpty(setting) ? null : setting;
}
