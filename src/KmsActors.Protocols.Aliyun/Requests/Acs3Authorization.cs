using System.Diagnostics.CodeAnalysis;
using KmsActors.Protocols.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace KmsActors.Protocols.Aliyun;

/// <summary>What an ACS3 signature covers besides the query.</summary>
/// <param name="SignedHeaders">The names as the client listed them, lower-case, joined with ';'.</param>
/// <param name="Signature">In hexadecimal.</param>
/// <param name="Headers">The request's headers.</param>
/// <param name="BodyHash">SHA-256 of the body as it came.</param>
internal sealed record Acs3Signed(
    string SignedHeaders, string Signature, IHeaderDictionary Headers, byte[] BodyHash);

/// <summary>
/// Reads <c>Authorization: ACS3-HMAC-SHA256 Credential=…,SignedHeaders=…,Signature=…</c> and the x-acs-*
/// headers which stand for the common parameters.
/// </summary>
internal static class Acs3Authorization
{
    private const string Algorithm = "ACS3-HMAC-SHA256 ";

    /// <summary>True for any algorithm of ACS3: all its clients want JSON, of a refusal too.</summary>
    public static bool IsOffered(StringValues authorization) =>
        authorization.Count > 0 && authorization[0]!.StartsWith("ACS3-", StringComparison.Ordinal);

    public static AliyunError? Read(
        HttpRequest http, Parameters parameters, byte[] bodyHash, out AliyunRequest? request)
    {
        request = null;
        IHeaderDictionary headers = http.Headers;
        if (!TryHeader(headers, "x-acs-action", out string? action))
            return AliyunErrors.MissingParameter("x-acs-action");
        if (!TryHeader(headers, "x-acs-version", out string? version))
            return AliyunErrors.MissingParameter("x-acs-version");
        if (!TrySplit(headers.Authorization, out string? keyId, out string? signed, out string? signature))
            return AliyunErrors.IncompleteSignature;
        if (!TryHeader(headers, "x-acs-date", out string? date)) return AliyunErrors.IllegalTimestamp;

        if (version != RequestReader.Version) return AliyunErrors.InvalidParameter("x-acs-version");
        if (keyId.Length > RequestReader.LongestToken) return AliyunErrors.InvalidParameter("AccessKeyId");
        TryHeader(headers, "x-acs-signature-nonce", out string? nonce);
        if (nonce?.Length > RequestReader.LongestToken)
            return AliyunErrors.InvalidParameter("x-acs-signature-nonce");
        if (!TimestampWindow.TryParse(date, out DateTimeOffset timestamp))
            return AliyunErrors.TimestampFormat;

        request = new AliyunRequest
        {
            Method = http.Method,
            Action = action,
            AccessKeyId = keyId,
            Timestamp = timestamp,
            Nonce = nonce,
            Acs3 = new(signed, signature, headers, bodyHash),
            Parameters = parameters,
        };
        return null;
    }

    /// <summary>A header that came twice is no header: nobody could say which of the two is meant.</summary>
    private static bool TryHeader(
        IHeaderDictionary headers, string name, [NotNullWhen(true)] out string? value)
    {
        StringValues values = headers[name];
        value = values.Count == 1 ? values[0]!.Trim() : null;
        if (value is { Length: 0 }) value = null;
        return value is not null;
    }

    private static bool TrySplit(
        StringValues authorization,
        [NotNullWhen(true)] out string? credential,
        [NotNullWhen(true)] out string? signedHeaders,
        [NotNullWhen(true)] out string? signature)
    {
        credential = signedHeaders = signature = null;
        ReadOnlySpan<char> text = authorization.Count == 1 ? authorization[0] : default;
        if (!text.StartsWith(Algorithm, StringComparison.Ordinal)) return false;

        text = text[Algorithm.Length..];
        foreach (Range range in text.Split(','))
        {
            ReadOnlySpan<char> part = text[range].Trim();
            if (!Take(part, "Credential=", ref credential)
                && !Take(part, "SignedHeaders=", ref signedHeaders)
                && !Take(part, "Signature=", ref signature))
                return false;
        }

        return credential is not null && signedHeaders is not null && signature is not null;
    }

    private static bool Take(ReadOnlySpan<char> part, string name, ref string? value)
    {
        if (!part.StartsWith(name, StringComparison.Ordinal)) return false;
        if (value is not null || part.Length == name.Length) return false;
        value = part[name.Length..].ToString();
        return true;
    }
}
