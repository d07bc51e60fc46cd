using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace KmsActors.Cli;

/// <summary>An access key; the secret is zeroed in the end.</summary>
internal sealed class AccessKey : IDisposable
{
    private const int Longest = 256;

    private AccessKey(string id, byte[] secret)
    {
        Id = id;
        Secret = secret;
    }

    /// <summary>Who.</summary>
    public string Id { get; }

    /// <summary>What signs.</summary>
    public byte[] Secret { get; }

    /// <summary>Takes the secret over.</summary>
    /// <exception cref="CliException">One of them is malformed.</exception>
    public static AccessKey Of(string id, byte[] secret)
    {
        if (id.Length is < 1 or > Longest || !id.All(IsOfId))
            throw new CliException("The access key's id is malformed.");
        if (secret.Length is < 1 or > Longest) throw new CliException("The access key's secret is malformed.");
        return new AccessKey(id, secret);
    }

    /// <summary>Reads a file like the server's root-credentials.json: AccessKeyId and AccessKeySecret.</summary>
    /// <exception cref="CliException">They are not there.</exception>
    public static AccessKey Read(string path)
    {
        var file = Files.Read(path, Files.MostConfiguration);
        try
        {
            using var document = JsonDocument.Parse(file);
            if (document.RootElement.Text("AccessKeyId") is not { } id
                || document.RootElement.Text("AccessKeySecret") is not { } secret)
            {
                throw new CliException($"{path} has no AccessKeyId and AccessKeySecret in it.");
            }

            return Of(id, Encoding.UTF8.GetBytes(secret));
        }
        catch (JsonException malformed)
        {
            throw new CliException($"{path} is no JSON.", malformed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(file);
        }
    }

    private static bool IsOfId(char each) => char.IsAsciiLetterOrDigit(each) || each is '-' or '_' or '.';

    /// <summary>Says nothing of the secret.</summary>
    public override string ToString() => Id;

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(Secret);
}
