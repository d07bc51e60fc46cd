using KmsActors.Operations;

namespace KmsActors.Protocols.Huawei.Tests;

/// <summary>Signatures against the access keys of a service.</summary>
public sealed class SdkSignatureTests : IAsyncLifetime
{
    private TestKms _service = null!;

    public async Task InitializeAsync() => _service = await TestKms.OpenAsync();

    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task Verify_SignedRequest_IsItsAccounts()
    {
        Caller verdict = await VerifyAsync(new Signer().Request());
        Assert.False(verdict.Refused(out _));
        Assert.Equal(TestKms.Account, verdict.Principal?.Account);
        Assert.Equal(Signer.AccessKeyId, verdict.Actor);
    }

    [Fact]
    public async Task Verify_NotSignedRightly_IsRefusedInOneWay()
    {
        string good = new Signer().Authorization();
        HuaweiRequest[] requests =
        [
            new Signer().Request("SDK-HMAC-SHA256"),
            new Signer().Request(good.Replace("testid", "nosuch", StringComparison.Ordinal)),
            new Signer { Target = "/other" }.Request(good),
            new Signer { Body = [1] }.Request(good),
            new Signer { Headers = [("host", "h"), ("x-sdk-date", "20260101T110000Z")] }.Request(),
            Calls.Request("POST", "/", []),
        ];
        foreach (HuaweiRequest request in requests) await AssertRefusedAsync(request);
    }

    [Fact]
    public async Task Verify_DisabledAccessKey_IsRefusedLikeAnyOther()
    {
        await _service.RunAsync(new SetAccessKeyStatus(Signer.AccessKeyId, false));
        await AssertRefusedAsync(new Signer().Request());
        await _service.RunAsync(new SetAccessKeyStatus(Signer.AccessKeyId, true));
        Assert.False((await VerifyAsync(new Signer().Request())).Refused(out _));
    }

    [Fact]
    public async Task Verify_LateRequest_IsRefusedByTheServicesClock()
    {
        HuaweiRequest request = new Signer().Request();
        _service.Time.Advance(TimestampWindow.HalfWidth);
        Assert.False((await VerifyAsync(request)).Refused(out _));
        _service.Time.Advance(TimeSpan.FromSeconds(1));
        await AssertRefusedAsync(request);
    }

    [Fact]
    public void IsOffered_WithAnyAuthorization_IsTrue()
    {
        Assert.True(SdkSignature.IsOffered(new Signer().Request("nonsense")));
        Assert.False(SdkSignature.IsOffered(Calls.Request("POST", "/", [], ("X-Auth-Token", "t"))));
    }

    private async Task AssertRefusedAsync(HuaweiRequest request)
    {
        Caller verdict = await VerifyAsync(request);
        Assert.True(verdict.Refused(out HuaweiError? error));
        Assert.Equal(HuaweiErrors.SignatureRefused, error);
        Assert.Null(verdict.Principal?.Account);
        Assert.Null(verdict.Actor);
    }

    private ValueTask<Caller> VerifyAsync(HuaweiRequest request) =>
        SdkSignature.VerifyAsync(_service.Kms, request, CancellationToken.None);
}
