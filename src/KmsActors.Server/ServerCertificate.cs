using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace KmsActors.Server;

/// <summary>
/// The certificate that the server makes for itself when it is given none. Beside it lies its public part, for
/// clients that are to trust it.
/// </summary>
internal static class ServerCertificate
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(730);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    /// <summary>The stored one, or a new one when there is none or it ends soon.</summary>
    /// <exception cref="StartException">The stored one cannot be read.</exception>
    public static X509Certificate2 LoadOrMake(string path, DateTimeOffset now)
    {
        if (File.Exists(path))
        {
            var stored = Load(path);
            if (stored.NotAfter.ToUniversalTime() > (now + RenewBefore).UtcDateTime)
            {
                WritePublicPart(path, stored);
                return stored;
            }

            stored.Dispose();
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=KmsActors", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddDnsName(Environment.MachineName);
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var made = request.CreateSelfSigned(now.AddDays(-1), now + Lifetime);
        var pkcs12 = made.Export(X509ContentType.Pfx);
        try
        {
            DataDirectory.WritePrivate(path, pkcs12);
            WritePublicPart(path, made);
            return X509CertificateLoader.LoadPkcs12(pkcs12, null);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs12);
        }
    }

    private static void WritePublicPart(string path, X509Certificate2 certificate) => DataDirectory.WritePrivate(
        Path.ChangeExtension(path, ".pem"), Encoding.ASCII.GetBytes(certificate.ExportCertificatePem() + "\n"));

    private static X509Certificate2 Load(string path)
    {
        try
        {
            return X509CertificateLoader.LoadPkcs12FromFile(path, null);
        }
        catch (CryptographicException damaged)
        {
            throw new StartException($"The certificate {path} cannot be read: {damaged.Message}", damaged);
        }
    }
}
