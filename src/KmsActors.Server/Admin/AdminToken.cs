using System.Security.Cryptography;
using System.Text;
using KmsActors.Operations;

namespace KmsActors.Server;

/// <summary>
/// The operator's credential: from the environment, else made on first run, kept in a private file and shown once.
/// Here only its hash stays.
/// </summary>
internal sealed class AdminToken
{
    public const string Setting = "KMS_ADMIN_TOKEN";

    private const string Scheme = "Bearer ";
    private const int Shortest = 32;
    private const int Longest = 256;

    private readonly byte[] _hash;

    private AdminToken(string token) => _hash = HashOf(token);

    /// <summary>Finds or makes the token.</summary>
    /// <exception cref="StartException">It is none.</exception>
    public static AdminToken LoadOrMake(IConfiguration configuration, DataDirectory data)
    {
        if (configuration[Setting] is { Length: > 0 } given)
        {
            return IsToken(given)
                ? new AdminToken(given)
                : throw new StartException($"{Setting}: 32 to 256 printable ASCII characters without spaces.");
        }

        try
        {
            return File.Exists(data.AdminToken) ? Load(data) : Make(data);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"{data.AdminToken} cannot be used: {failure.Message}", failure);
        }
    }

    /// <summary>Whether the header Authorization has this token, found out in fixed time.</summary>
    public bool IsIn(string? authorization) =>
        authorization is { Length: <= Longest * 2 }
        && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(HashOf(authorization[Scheme.Length..]), _hash);

    private static AdminToken Load(DataDirectory data)
    {
        var stored = File.ReadAllText(data.AdminToken).TrimEnd('\n');
        return IsToken(stored)
            ? new AdminToken(stored)
            : throw new StartException($"{data.AdminToken} has no token in it.");
    }

    private static AdminToken Make(DataDirectory data)
    {
        var token = AccessKeyText.NewSecret();
        DataDirectory.WritePrivate(data.AdminToken, Encoding.ASCII.GetBytes(token + "\n"));
        Console.WriteLine(
            $"""
            The operator's token for /admin, shown this once and kept in {data.AdminToken}:
              Token           {token}
            """);
        return new AdminToken(token);
    }

    private static bool IsToken(string text) =>
        text.Length is >= Shortest and <= Longest && text.All(c => c is >= '!' and <= '~');

    private static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
