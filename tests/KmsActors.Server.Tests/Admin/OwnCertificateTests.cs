using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace KmsActors.Server.Tests.Admin;

/// <summary>A certificate of the operator's is that of all listeners.</summary>
public sealed class OwnCertificateTests(OwnCertificateTests.CertifiedServer server)
    : IClassFixture<OwnCertificateTests.CertifiedServer>
{
    // The client trusts it and no other.
    [Fact]
    public async Task AdminListener_HasTheCertificateThatIsGiven() =>
        Assert.Equal("cn-hangzhou", (await server.Operator.GetAsync("service"))["region"]);

    /// <summary>A server with a certificate of the operator's.</summary>
    public sealed class CertifiedServer : AdminServer
    {
        protected override IEnumerable<string> MoreOptions =>
            [.. base.MoreOptions, $"--Kestrel:Certificates:Default:Path={Certificate()}"];

        private string Certificate()
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=the operator's own", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            var path = Path.Combine(Data, "own.pfx");
            File.WriteAllBytes(path, made.Export(X509ContentType.Pfx));
            File.WriteAllText(Path.Combine(Data, "certificate.pem"), made.ExportCertificatePem());
            return path;
        }
    }
}
