using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Operations;

namespace KmsActors.Server;

/// <summary>
/// The first account's access key: from KMS_ROOT_ACCESS_KEY_ID and KMS_ROOT_ACCESS_KEY_SECRET, else made
/// on first run, kept in a private file and shown once.
/// </summary>
internal sealed partial record RootCredentials(string AccessKeyId, string AccessKeySecret)
{
    public const string IdSetting = "KMS_ROOT_ACCESS_KEY_ID";
    public const string SecretSetting = "KMS_ROOT_ACCESS_KEY_SECRET";

    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Finds or makes the credentials and sees to it that the root account has them.</summary>
    /// <exception cref="StartException">They are half given or malformed.</exception>
    public static async Task EnsureAsync(
        Kms kms, string account, IConfiguration configuration, DataDirectory data, CancellationToken cancellation)
    {
        var credentials = FromSettings(configuration) ?? FromFile(data) ?? Make(data);
        var context = new OperationContext(kms, account, new TurnContext("server", ""), cancellation);
        await new CreateAccount().RunAsync(context);

        // Written only when it is new: a root access key that was disabled stays so over a restart.
        var same = await AccessKeySignature.VerifyAsync(
            kms,
            credentials.AccessKeyId,
            static (secret, expected) => CryptographicOperations.FixedTimeEquals(secret, expected),
            Encoding.UTF8.GetBytes(credentials.AccessKeySecret),
            cancellation);
        if (same.Refusal?.Code == RefusalCode.AccessKeyDisabled) return;
        if (!same.Refused(out _) && same.Value is not null) return;
        var created = await new CreateAccessKey(credentials.AccessKeyId, credentials.AccessKeySecret).RunAsync(context);
        if (created.Refused(out _))
            throw new StartException($"{IdSetting}: '{credentials.AccessKeyId}' belongs to another account.");
    }

    /// <summary>Says nothing of the secret.</summary>
    public override string ToString() => AccessKeyId;

    private static RootCredentials? FromSettings(IConfiguration configuration)
    {
        var id = configuration[IdSetting];
        var secret = configuration[SecretSetting];
        if (string.IsNullOrEmpty(id) && string.IsNullOrEmpty(secret)) return null;
        if (!IsId(id))
            throw new StartException($"{IdSetting}: 1 to 128 letters, digits, '-', '_' or '.'.");
        if (!IsSecret(secret))
            throw new StartException($"{SecretSetting}: 8 to 128 printable ASCII characters without spaces.");
        return new RootCredentials(id, secret);
    }

    private static RootCredentials? FromFile(DataDirectory data)
    {
        if (!File.Exists(data.RootCredentials)) return null;
        try
        {
            var read = JsonSerializer.Deserialize(
                File.ReadAllBytes(data.RootCredentials), CredentialsJson.Default.RootCredentials);
            return IsId(read?.AccessKeyId) && IsSecret(read?.AccessKeySecret)
                ? read
                : throw new StartException($"{data.RootCredentials} has no credentials in it.");
        }
        catch (JsonException malformed)
        {
            throw new StartException($"{data.RootCredentials} is damaged.", malformed);
        }
    }

    private static bool IsId([NotNullWhen(true)] string? id) =>
        id?.Length is >= 1 and <= 128 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static bool IsSecret([NotNullWhen(true)] string? secret) =>
        secret?.Length is >= 8 and <= 128 && secret.All(c => c is >= '!' and <= '~');

    private static RootCredentials Make(DataDirectory data)
    {
        var made = new RootCredentials(
            "LTAI" + RandomNumberGenerator.GetString(Letters, 20), RandomNumberGenerator.GetString(Letters, 40));
        DataDirectory.WritePrivate(
            data.RootCredentials,
            JsonSerializer.SerializeToUtf8Bytes(made, CredentialsJson.Default.RootCredentials));
        Console.WriteLine(
            $"""
            The first account's credentials, shown this once and kept in {data.RootCredentials}:
              AccessKeyId     {made.AccessKeyId}
              AccessKeySecret {made.AccessKeySecret}
            """);
        return made;
    }

    [JsonSourceGenerationOptions(WriteIndented = true)]
    [JsonSerializable(typeof(RootCredentials))]
    private sealed partial class CredentialsJson : JsonSerializerContext;
}
