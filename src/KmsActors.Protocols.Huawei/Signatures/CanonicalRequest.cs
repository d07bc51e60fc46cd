using System.Security.Cryptography;
using System.Text;

namespace KmsActors.Protocols.Huawei;

/// <summary>
/// The text over which SDK-HMAC-SHA256 signs: method, path, query, the signed headers, their list, and the
/// hash of the body, a line each.
/// </summary>
internal static class CanonicalRequest
{
    private const string ContentHash = "x-sdk-content-sha256";

    /// <summary>
    /// The canonical request, once for each way in which the vendor's signers write the path; none if the
    /// request has not got what the client says to have signed, or has another body.
    /// </summary>
    public static IEnumerable<string> Of(HuaweiRequest request, SdkAuthorization authorization)
    {
        if (Headers(request, authorization) is not { } headers || PayloadHash(request) is not { } hash) return [];
        var rest = $"{Query(request.Target)}\n{headers}\n{string.Join(';', authorization.SignedHeaders)}\n{hash}";
        return Paths(request.Target).Distinct().Select(path => $"{request.Method}\n{path}\n{rest}");
    }

    /// <summary>
    /// A signer encodes the path that it is given: the one meant, or (Java, Node.js) what will be sent, so
    /// that what was escaped in it is escaped twice; and one (Python) takes an escaped '/' for a plain one.
    /// They differ only where a tag's key has such characters. The price is that somebody between could
    /// make of a key that looks escaped itself the one that it would be an escape of.
    /// </summary>
    private static IEnumerable<string> Paths(RequestTarget target) =>
    [
        Encode(target.Segments),
        Encode(target.RawSegments),
        Encode(RequestTarget.Split(PercentCoding.Decode(target.RawPath)!)),
    ];

    private static string Encode(IEnumerable<string> segments) =>
        segments.Aggregate(new StringBuilder("/"), static (path, segment) =>
            path.Append(PercentCoding.Encode(segment)).Append('/')).ToString();

    private static string Query(RequestTarget target) => string.Join('&', target.Query
        .OrderBy(parameter => parameter.Key, StringComparer.Ordinal)
        .ThenBy(parameter => parameter.Value, StringComparer.Ordinal)
        .Select(parameter => $"{PercentCoding.Encode(parameter.Key)}={PercentCoding.Encode(parameter.Value)}"));

    /// <summary>
    /// A line for each value; those of one header sorted, as by the one signer (Go) that takes several.
    /// </summary>
    private static string? Headers(HuaweiRequest request, SdkAuthorization authorization)
    {
        var lines = new StringBuilder();
        foreach (var name in authorization.SignedHeaders)
        {
            if (!request.Headers.TryGetValue(name, out var values) || values.Count == 0) return null;
            foreach (var value in values.Select(value => (value ?? "").Trim()).Order(StringComparer.Ordinal))
                lines.Append(name).Append(':').Append(value).Append('\n');
        }

        return lines.ToString();
    }

    /// <summary>
    /// The hash of the body, as the client wrote it if it sent one; null if it is of another body, or there
    /// are two, or it is the word UNSIGNED-PAYLOAD: a body that nobody signed could be anybody's.
    /// </summary>
    private static string? PayloadHash(HuaweiRequest request)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(request.Body.Written));
        return request.Headers[ContentHash] switch
        {
            [] => hash,
            [{ } given] when given.Equals(hash, StringComparison.OrdinalIgnoreCase) => given,
            _ => null,
        };
    }
}
