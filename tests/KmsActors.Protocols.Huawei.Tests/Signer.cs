using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace KmsActors.Protocols.Huawei.Tests;

/// <summary>How the path is written in what is signed.</summary>
internal enum SignedPath
{
    /// <summary>What is meant, encoded.</summary>
    Meant,

    /// <summary>What will be sent, encoded once more.</summary>
    Sent,

    /// <summary>What is meant, encoded, with an escaped '/' as if it stood there plainly.</summary>
    Flattened,
}

/// <summary>A client's signer, which shares nothing with what is under test.</summary>
internal sealed record Signer
{
    public const string AccessKeyId = "testid";
    public const string Now = "20260101T120000Z";

    public static readonly byte[] Secret = "testsecret"u8.ToArray();

    public static readonly FakeTimeProvider Clock = new(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));

    public string Method { get; init; } = "POST";

    public string Target { get; init; } = Calls.Root + "list-keys";

    public byte[] Body { get; init; } = [];

    /// <summary>All of them are signed, as the vendor's clients do.</summary>
    public (string Name, string Value)[] Headers { get; init; } = [("host", "kms.example"), ("x-sdk-date", Now)];

    public SignedPath Path { get; init; }

    public string Authorization()
    {
        string names = string.Join(';', Names());
        return $"SDK-HMAC-SHA256 Access={AccessKeyId}, SignedHeaders={names}, Signature={Signature(names)}";
    }

    /// <summary>The request as it arrives.</summary>
    public HuaweiRequest Request(string? authorization = null) =>
        Calls.Request(Method, Target, Body, [.. Headers, ("Authorization", authorization ?? Authorization())]);

    private IEnumerable<string> Names() =>
        Headers.Select(header => header.Name.ToLowerInvariant()).Distinct().Order(StringComparer.Ordinal);

    private string Signature(string names)
    {
        string[] parts = Target.Split('?', 2);
        string payload = Headers.FirstOrDefault(h => h.Name == "X-Sdk-Content-Sha256").Value
            ?? Convert.ToHexStringLower(SHA256.HashData(Body));
        string canonical = string.Join('\n',
            Method, CanonicalPath(parts[0]), CanonicalQuery(parts.ElementAtOrDefault(1) ?? ""), CanonicalHeaders(), names, payload);
        string date = Headers.FirstOrDefault(h => h.Name == "x-sdk-date").Value;
        string text = $"SDK-HMAC-SHA256\n{date}\n{Convert.ToHexStringLower(SHA256.HashData(Calls.Bytes(canonical)))}";
        return Convert.ToHexStringLower(HMACSHA256.HashData(Secret, Calls.Bytes(text)));
    }

    private string CanonicalPath(string path)
    {
        IEnumerable<string> segments = Path switch
        {
            SignedPath.Meant => path.Split('/').Select(Uri.UnescapeDataString),
            SignedPath.Sent => path.Split('/'),
            _ => Uri.UnescapeDataString(path).Split('/'),
        };
        string encoded = string.Join('/', segments.Select(Encode));
        return encoded.EndsWith('/') ? encoded : encoded + "/";
    }

    private static string CanonicalQuery(string query) => string.Join('&', query
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(piece => piece.Split('=', 2).Select(half => Uri.UnescapeDataString(half.Replace('+', ' '))).ToArray())
        .OrderBy(pair => pair[0], StringComparer.Ordinal)
        .ThenBy(pair => pair.ElementAtOrDefault(1) ?? "", StringComparer.Ordinal)
        .Select(pair => $"{Encode(pair[0])}={Encode(pair.ElementAtOrDefault(1) ?? "")}"));

    private string CanonicalHeaders() => string.Concat(Headers
        .OrderBy(header => header.Name.ToLowerInvariant(), StringComparer.Ordinal)
        .ThenBy(header => header.Value.Trim(), StringComparer.Ordinal)
        .Select(header => $"{header.Name.ToLowerInvariant()}:{header.Value.Trim()}\n"));

    private static string Encode(string text) => string.Concat(Encoding.UTF8.GetBytes(text).Select(
        b => char.IsAsciiLetterOrDigit((char)b) || "-_.~".Contains((char)b) ? $"{(char)b}" : $"%{b:X2}"));
}
