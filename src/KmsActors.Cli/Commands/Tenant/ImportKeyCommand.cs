using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;

namespace KmsActors.Cli;

/// <summary>kmsctl keys import: the whole of bring-your-own-key.</summary>
internal static class ImportKeyCommand
{
    // AES-256's 32 bytes are the most there is; more is some other file, and is not sent anywhere.
    private const int MostMaterial = 64;

    private static readonly Dictionary<string, (string Word, RSAEncryptionPadding Padding)> Wrappings = new()
    {
        ["rsa-oaep-sha256"] = ("RSAES_OAEP_SHA_256", RSAEncryptionPadding.OaepSHA256),
        ["rsa-oaep-sha1"] = ("RSAES_OAEP_SHA_1", RSAEncryptionPadding.OaepSHA1),
        ["rsa-pkcs1"] = ("RSAES_PKCS1_V1_5", RSAEncryptionPadding.Pkcs1),
    };

    public static Command Create()
    {
        var key = Options.Key();
        var file = Options.Name("FILE", "The raw material, 32 bytes (SM4: 16); - for standard input");
        var expires = Options.Text(
            "--expires", "DATE", "When the service forgets it, as in 2027-01-31 or 2027-01-31T12:00:00Z");
        var wrap = new Option<string>("--wrap")
        {
            Description = "How it goes over the wire; wrapping with SM2 is not offered",
            DefaultValueFactory = _ => "rsa-oaep-sha256",
        };
        wrap.AcceptOnlyFromAmong([.. Wrappings.Keys]);
        return new Command("import", "Imports material into a key of origin EXTERNAL") { key, file, expires, wrap }
            .Runs(async call =>
            {
                var expiry = UnixSeconds(call.Get(expires));
                var material = await Files.ReadAsync(call, call.Get(file), MostMaterial);
                try
                {
                    await ImportAsync(call, call.Get(key), material, expiry, call.Get(wrap));
                }
                finally
                {
                    CryptographicOperations.ZeroMemory(material);
                }
            });
    }

    private static async Task ImportAsync(Call call, string key, byte[] material, string? expiry, string wrap)
    {
        var (word, padding) = Wrappings[wrap];
        var parameters = await call.Tenant.CallAsync(
            "GetParametersForImport", ("KeyId", key), ("WrappingAlgorithm", word), ("WrappingKeySpec", "RSA_2048"));
        var answer = await call.Tenant.CallAsync(
            "ImportKeyMaterial",
            ("KeyId", key),
            ("EncryptedKeyMaterial", Wrap(material, parameters.Required("PublicKey"), padding)),
            ("ImportToken", parameters.Required("ImportToken")),
            ("KeyMaterialExpireUnix", expiry));
        call.Output.Done(answer, "It is imported.");
    }

    private static string Wrap(byte[] material, string publicKey, RSAEncryptionPadding padding)
    {
        using var rsa = RSA.Create();
        try
        {
            rsa.ImportSubjectPublicKeyInfo(Convert.FromBase64String(publicKey), out _);
            return Convert.ToBase64String(rsa.Encrypt(material, padding));
        }
        catch (Exception damaged) when (damaged is CryptographicException or FormatException)
        {
            throw new CliException(ExitCode.Unreachable, "The service's public key is none.", damaged);
        }
    }

    private static string? UnixSeconds(string? date)
    {
        if (date is null) return null;
        var isTime = DateTimeOffset.TryParse(
            date,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time);
        return isTime
            ? time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)
            : throw new CliException($"'{date}' is no date.");
    }
}
