using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace KmsActors.Server.Tests;

/// <summary>Finds private keys by how their usual forms begin. No answer may hold one.</summary>
internal static partial class PrivateKeys
{
    /// <summary>Whether the text is, or is Base64 or PEM of, something that has a private key in it.</summary>
    public static bool AreIn(string text)
    {
        if (text.Contains("PRIVATE KEY", StringComparison.Ordinal)) return true;
        var base64 = PemEncoding.TryFind(text, out var pem) ? text[pem.Base64Data] : text;
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length)
            && Beginning().IsMatch(Encoding.Latin1.GetString(bytes, 0, length));
    }

    // Version 0 and an algorithm id with the OID of RSA or of elliptic curves (PKCS#8); version 0 and a
    // modulus of 1024 bits or more (PKCS#1); version 1 and 32 bytes (SEC 1).
    [GeneratedRegex(
        @"\x02\x01\x00\x30.\x06(\x09\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01|\x07\x2A\x86\x48\xCE\x3D\x02\x01)"
        + @"|\x30\x82..\x02\x01\x00\x02(\x81|\x82.).\x00"
        + @"|\x30.\x02\x01\x01\x04\x20",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Beginning();
}
