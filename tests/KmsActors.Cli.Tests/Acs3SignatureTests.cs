using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace KmsActors.Cli.Tests;

public sealed class Acs3SignatureTests
{
    // The same vector as the server's own tests have, from the vendor's client.
    [Fact]
    public void Authorization_OfTheVendorsClient_IsTheSame()
    {
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["x-acs-version"] = "2016-01-20",
            ["x-acs-signature-nonce"] = "d410180a5abf7fe235dd9b74aca91fc0",
            ["x-acs-date"] = "2023-10-26T09:01:01Z",
            ["x-acs-credentials-provider"] = "static_ak",
            ["x-acs-content-sha256"] = "e5d7e8e2573630b49d79784b0e5722cb162a6f13c2b6c2d360d4127b1db83786",
            ["x-acs-action"] = "Decrypt",
            ["host"] = "kms.cn-hangzhou.aliyuncs.com",
            ["content-type"] = "application/x-www-form-urlencoded",
        };
        using var key = AccessKey.Of("testid", "testsecret"u8.ToArray());
        Assert.Equal(
            "ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=content-type;host;x-acs-action;x-acs-content-sha256;"
            + "x-acs-credentials-provider;x-acs-date;x-acs-signature-nonce;x-acs-version,"
            + "Signature=02568585d3ad19d8cebf9c2311afc9dec5c284604dd9138a37068b0135a55b55",
            Acs3Signature.Authorization(key, headers));
    }

    // The service takes a request without a nonce, too, but such a one can be sent again by whoever sees it.
    [Fact]
    public async Task Request_EachOfThem_HasANonceOfItsOwnThatIsSigned()
    {
        var nonces = new ConcurrentBag<string>();
        await using var stub = await StubServer.StartAsync(http =>
        {
            var signed = http.Request.Headers.Authorization.ToString();
            Assert.Contains(";x-acs-signature-nonce;", signed, StringComparison.Ordinal);
            nonces.Add(http.Request.Headers["x-acs-signature-nonce"].ToString());
            http.Response.StatusCode = 429;
            http.Response.Headers.RetryAfter = "0";
            return http.Response.WriteAsync("""{"Code":"Rejected.Throttling"}""");
        });
        (await stub.Invocation.RunAsync("keys", "list")).AssertFailed(ExitCode.Throttled, "Rejected.Throttling: ");
        Assert.Equal(6, nonces.Distinct().Count());
        Assert.All(nonces, nonce => Assert.Equal(32, nonce.Length));
    }
}
