using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using KmsActors.Protocols.Http;
using Microsoft.AspNetCore.Http;

namespace KmsActors.Protocols.Tencent;

/// <summary>
/// The common parameters (dialects, section 1). Region, RequestClient, Token and Version are signed like any other
/// and have no say: the region is in the host's name.
/// </summary>
internal static class CommonParameters
{
    // Unix seconds that a date can be made of, and as many digits as a number of 64 bits has.
    private const int LongestTimestamp = 11;
    private const int LongestNonce = 20;
    private const int LongestAction = 64;

    public static TencentError? Read(HttpRequest http, Parameters parameters, out TencentRequest? request)
    {
        request = null;
        if (!Has(parameters, "Action", out var action)) return TencentErrors.CommonMissing("Action");
        if (!Has(parameters, "SecretId", out var secretId)) return TencentErrors.CommonMissing("SecretId");
        if (!Has(parameters, "Timestamp", out var time)) return TencentErrors.CommonMissing("Timestamp");
        if (!Has(parameters, "Nonce", out var nonce)) return TencentErrors.CommonMissing("Nonce");
        if (!Has(parameters, "Signature", out var signature)) return TencentErrors.CommonMissing("Signature");

        if (action.Length > LongestAction) return TencentErrors.ActionUnknown;
        if (secretId.Length > NonceCache.LongestToken) return TencentErrors.OutOfRange("SecretId");
        if (!IsNumber(time, LongestTimestamp)) return TencentErrors.OutOfRange("Timestamp");
        if (!IsNumber(nonce, LongestNonce)) return TencentErrors.OutOfRange("Nonce");
        Has(parameters, "SignatureMethod", out var method);
        if (method is not (null or "HmacSHA1" or "HmacSHA256")) return TencentErrors.OutOfRange("SignatureMethod");

        request = new TencentRequest
        {
            Method = http.Method,
            Host = http.Headers.Host.ToString(),
            Action = action,
            SecretId = secretId,
            Timestamp = DateTimeOffset.UnixEpoch.AddSeconds(long.Parse(time, CultureInfo.InvariantCulture)),
            Signature = signature,
            IsSha256 = method == "HmacSHA256",
            Parameters = parameters,
        };
        return null;
    }

    private static bool IsNumber(string text, int longest) => text.Length <= longest && text.All(char.IsAsciiDigit);

    /// <summary>An empty common parameter is as good as none.</summary>
    private static bool Has(Parameters parameters, string name, [NotNullWhen(true)] out string? value)
    {
        value = parameters[name];
        if (value is { Length: 0 }) value = null;
        return value is not null;
    }
}
