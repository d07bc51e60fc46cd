using System.Diagnostics.CodeAnalysis;
using System.Text;
using KmsActors.Protocols.Http;
using Microsoft.AspNetCore.Http;

namespace KmsActors.Protocols.Aliyun;

/// <summary>The common parameters of seed 001, 1.3.</summary>
internal static class RpcCommon
{
    public static AliyunError? Read(HttpRequest http, Parameters parameters, out AliyunRequest? request)
    {
        request = null;
        if (!Has(parameters, "Action", out string? action)) return AliyunErrors.MissingParameter("Action");
        if (!Has(parameters, "Version", out string? version)) return AliyunErrors.MissingParameter("Version");
        if (!Has(parameters, "AccessKeyId", out string? keyId))
            return AliyunErrors.MissingParameter("AccessKeyId");
        if (!parameters.TryGetUtf8("Signature", out ReadOnlySpan<byte> signature) || signature.IsEmpty)
            return AliyunErrors.MissingParameter("Signature");
        if (!parameters.TryGetUtf8("SignatureMethod", out ReadOnlySpan<byte> method) || method.IsEmpty)
            return AliyunErrors.MissingParameter("SignatureMethod");
        if (!parameters.TryGetUtf8("SignatureVersion", out ReadOnlySpan<byte> scheme) || scheme.IsEmpty)
            return AliyunErrors.MissingParameter("SignatureVersion");
        if (!Has(parameters, "Timestamp", out string? time)) return AliyunErrors.IllegalTimestamp;

        if (version != RequestReader.Version) return AliyunErrors.InvalidParameter("Version");
        if (keyId.Length > RequestReader.LongestToken) return AliyunErrors.InvalidParameter("AccessKeyId");
        bool isSha256 = method.SequenceEqual("HMAC-SHA256"u8);
        if (!isSha256 && !method.SequenceEqual("HMAC-SHA1"u8))
            return AliyunErrors.InvalidParameter("SignatureMethod");
        if (!scheme.SequenceEqual("1.0"u8)) return AliyunErrors.InvalidParameter("SignatureVersion");
        if (parameters.TryGetUtf8("Format", out ReadOnlySpan<byte> format)
            && !Ascii.EqualsIgnoreCase(format, "JSON") && !Ascii.EqualsIgnoreCase(format, "XML"))
            return AliyunErrors.InvalidParameter("Format");
        Has(parameters, "SignatureNonce", out string? nonce);
        if (nonce?.Length > RequestReader.LongestToken)
            return AliyunErrors.InvalidParameter("SignatureNonce");
        if (!TimestampWindow.TryParse(time, out DateTimeOffset timestamp))
            return AliyunErrors.TimestampFormat;

        request = new AliyunRequest
        {
            Method = http.Method,
            Action = action,
            AccessKeyId = keyId,
            Timestamp = timestamp,
            Nonce = nonce,
            IsRpcSha256 = isSha256,
            Parameters = parameters,
        };
        return null;
    }

    /// <summary>An empty common parameter is as good as none.</summary>
    private static bool Has(Parameters parameters, string name, [NotNullWhen(true)] out string? value)
    {
        value = parameters[name];
        if (value is { Length: 0 }) value = null;
        return value is not null;
    }
}
