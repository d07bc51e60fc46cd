using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace KmsActors.Cli;

/// <summary>Which server, and how to talk to it.</summary>
/// <param name="Address">Scheme, host and port.</param>
/// <param name="Trust">The certificate to trust; null for what the system trusts.</param>
/// <param name="Timeout">How long one request may take.</param>
/// <param name="Retries">Whether to wait and come again when throttled.</param>
internal sealed record ServiceOptions(Uri Address, TrustedCertificate? Trust, TimeSpan Timeout, bool Retries);

/// <summary>
/// What to trust instead of what the system does: the server's own certificate, or that of whoever signed it. Name and
/// dates count as ever.
/// </summary>
/// <param name="Path">Where it was read from.</param>
/// <param name="Certificates">All that the file has.</param>
internal sealed record TrustedCertificate(string Path, X509Certificate2Collection Certificates)
{
    /// <summary>Reads a PEM file.</summary>
    /// <exception cref="CliException">It has none.</exception>
    public static TrustedCertificate Read(string path)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(System.Text.Encoding.UTF8.GetString(Files.Read(path, Files.MostConfiguration)));
        }
        catch (CryptographicException damaged)
        {
            throw new CliException($"{path}: {damaged.Message}", damaged);
        }

        return certificates.Count > 0
            ? new TrustedCertificate(path, certificates)
            : throw new CliException($"{path} has no certificate in it.");
    }

    /// <summary>Trusts nothing else.</summary>
    public X509ChainPolicy ToChainPolicy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(Certificates);
        return policy;
    }
}
