using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Operations;

namespace KmsActors.Server;

/// <summary>
/// The first account's access key and password: from the environment, else made on first run, kept in a private
/// file and shown once. Where the access key is given and no password is, there is none.
/// </summary>
internal sealed partial record RootCredentials(string AccessKeyId, string AccessKeySecret, string? Password = null)
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    // Of a root user that is not the account itself, who needs none.
    private static readonly AttachedPolicy AllRights = new()
    {
        Name = "root",
        Statements = [new PolicyStatement { Effect = PolicyEffect.Allow, Actions = ["*"] }],
    };

    /// <summary>Finds or makes the credentials and sees to it that the root account has them.</summary>
    /// <exception cref="StartException">They are half given or malformed, or cannot be had.</exception>
    public static async Task EnsureAsync(
        Kms kms, string account, IConfiguration configuration, DataDirectory data, CancellationToken cancellation)
    {
        var settings = RootSettings.Read(configuration, account);
        var credentials = settings is { AccessKeyId: { } id, AccessKeySecret: { } secret }
            ? new RootCredentials(id, secret, settings.Password)
            : FromFile(data, settings) ?? Make(data, settings);
        var context = new OperationContext(kms, account, new TurnContext("server", ""), cancellation);
        var created = await new CreateAccount().RunAsync(context);
        if (created.Refused(out _) && (await new DescribeAccount().RunAsync(context)).Refused(out _))
            throw new StartException($"Kms:RootAccount: {account} was deleted, and no number is given again.");
        var text = $"{credentials.AccessKeyId}\n{credentials.AccessKeySecret}\n{settings.User}\n{credentials.Password}";
        if (await AppliedCredentials.AreAsync(context, text)) return;
        await credentials.EnsureAccessKeyAsync(context);
        if (credentials.Password is { } password) await EnsureUserAsync(context, settings.User, password);
        Require(await AppliedCredentials.NoteAsync(context, text));
    }

    /// <summary>Says nothing of the secrets.</summary>
    public override string ToString() => AccessKeyId;

    /// <summary>Written only when it is new: a root access key that was disabled stays so.</summary>
    private async Task EnsureAccessKeyAsync(OperationContext context)
    {
        var same = await AccessKeySignature.VerifyAsync(
            context.Kms,
            AccessKeyId,
            static (secret, expected) => CryptographicOperations.FixedTimeEquals(secret, expected),
            Encoding.UTF8.GetBytes(AccessKeySecret),
            context.Cancellation);
        if (same.Refusal?.Code == RefusalCode.AccessKeyDisabled) return;
        // An earlier version did not note which access keys an account has.
        var isNoted = (await new DescribeAccount().RunAsync(context)).Value.AccessKeys.Contains(AccessKeyId);
        var isOwn = !same.Refused(out _) && same.Value == new Principal(context.Account, null);
        if (isOwn && isNoted) return;
        var put = await new PutAccessKey(AccessKeyId, AccessKeySecret).RunAsync(context);
        if (!put.Refused(out var refusal)) return;
        throw new StartException(refusal.Code == RefusalCode.AccessKeyExists
            ? $"{RootSettings.IdSetting}: '{AccessKeyId}' belongs to another account or user."
            : $"{RootSettings.IdSetting}: it cannot be set up ({refusal.Code}).");
    }

    /// <summary>As with the access key: another password follows, the same one changes nothing.</summary>
    private static async Task EnsureUserAsync(OperationContext context, string user, string password)
    {
        var bytes = Encoding.UTF8.GetBytes(password);
        try
        {
            var check = new CheckUserPassword(user, bytes);
            var same = await check.RunAsync(context);
            if (same.Refusal?.Code == RefusalCode.UserNotFound)
            {
                var made = await new CreateUser(user) { Password = bytes }.RunAsync(context);
                // Of nodes that start at once one makes it, and the others find it made.
                if (made.Refusal?.Code != RefusalCode.UserExists) Require(made);
                same = await check.RunAsync(context);
            }

            if (!Require(same)) Require(await new SetUserPassword(user, bytes).RunAsync(context));
            if (Principal.Of(context.Account, user).User is not null)
                Require(await new SetUserPolicies(user, [AllRights]).RunAsync(context));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static T Require<T>(Outcome<T> outcome) => outcome.Refused(out var refusal)
        ? throw new StartException($"{RootSettings.UserSetting}: it cannot be set up ({refusal.Code}).")
        : outcome.Value;

    /// <summary>The credentials as made here before. An earlier version made no password.</summary>
    private static RootCredentials? FromFile(DataDirectory data, RootSettings settings)
    {
        if (!File.Exists(data.RootCredentials)) return null;
        var read = Read(data);
        if (settings.Password is { } given) return read with { Password = given };
        if (read.Password is not null) return read;
        var completed = read with { Password = NewPassword() };
        completed.Write(data);
        Console.WriteLine(
            $"""
            The first account's password, shown this once and kept in {data.RootCredentials}:
              User            {settings.User}
              Password        {completed.Password}
            """);
        return completed;
    }

    private static RootCredentials Read(DataDirectory data)
    {
        try
        {
            var read = JsonSerializer.Deserialize(
                File.ReadAllBytes(data.RootCredentials), CredentialsJson.Default.RootCredentials);
            return read is not null
                && AccessKeyText.IsId(read.AccessKeyId)
                && AccessKeyText.IsSecret(read.AccessKeySecret)
                && (read.Password is null || RootSettings.IsPassword(read.Password))
                    ? read
                    : throw new StartException($"{data.RootCredentials} has no credentials in it.");
        }
        catch (JsonException malformed)
        {
            throw new StartException($"{data.RootCredentials} is damaged.", malformed);
        }
    }

    private static RootCredentials Make(DataDirectory data, RootSettings settings)
    {
        var made = new RootCredentials(
            AccessKeyText.NewId(),
            AccessKeyText.NewSecret(),
            settings.Password is null ? NewPassword() : null);
        made.Write(data);
        Console.WriteLine(
            $"""
            The first account's credentials, shown this once and kept in {data.RootCredentials}:
              AccessKeyId     {made.AccessKeyId}
              AccessKeySecret {made.AccessKeySecret}
            """);
        if (made.Password is not null)
        {
            Console.WriteLine(
                $"""
                  User            {settings.User}
                  Password        {made.Password}
                """);
        }

        return made with { Password = settings.Password ?? made.Password };
    }

    private static string NewPassword() => RandomNumberGenerator.GetString(Letters, 24);

    private void Write(DataDirectory data) => DataDirectory.WritePrivate(
        data.RootCredentials, JsonSerializer.SerializeToUtf8Bytes(this, CredentialsJson.Default.RootCredentials));

    [JsonSourceGenerationOptions(
        WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(RootCredentials))]
    private sealed partial class CredentialsJson : JsonSerializerContext;
}
