using System.Text;
using KmsActors.Operations;

namespace KmsActors.Protocols.Huawei.Tests;

/// <summary>Who calls, by whichever credential.</summary>
public sealed class AuthenticationTests : IAsyncLifetime
{
    private static readonly byte[] s_password = Encoding.UTF8.GetBytes("password of clerk");

    private TestKms _service = null!;

    public async Task InitializeAsync()
    {
        _service = await TestKms.OpenAsync();
        await _service.RunAsync(new CreateUser("clerk") { Password = s_password });
    }

    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task Caller_WithASignature_IsTheAccountOfItsKey()
    {
        Caller caller = await CallerAsync(new Signer().Request());
        Assert.False(caller.Refused(out _));
        Assert.Equal(new Principal(TestKms.Account, null), caller.Principal);
        Assert.Equal(Signer.AccessKeyId, caller.Actor);
    }

    [Fact]
    public async Task Caller_WithATokenOfAProject_IsItsUser()
    {
        string token = await TokenAsync(isProjectScoped: true);
        Caller caller = await CallerAsync(With(("X-Auth-Token", token)));
        Assert.Equal(new Principal(TestKms.Account, "clerk"), caller.Principal);
        // A name that is no access key id, and no name of the service's own.
        Assert.Equal("user/clerk", caller.Actor);
        await IsRefusedAsync(HuaweiErrors.TokenInvalid, ("X-Auth-Token", token + "a"));
        await IsRefusedAsync(HuaweiErrors.TokenMissing, ("X-Auth-Token", token), ("X-Auth-Token", token));

        // With both, the signature counts, whether it is good or not.
        Caller both = await CallerAsync(With(("X-Auth-Token", token), ("Authorization", "nonsense")));
        Assert.Equal(HuaweiErrors.SignatureRefused, both.Error);
        _service.Time.Advance(TimeSpan.FromHours(24));
        await IsRefusedAsync(HuaweiErrors.TokenExpired, ("X-Auth-Token", token));
    }

    [Fact]
    public async Task Caller_WithAToken_IsForWhatItIsFor()
    {
        var ofDomain = await CallerAsync(With(("X-Auth-Token", await TokenAsync(isProjectScoped: false))));
        Assert.False(ofDomain.IsFor(null) || ofDomain.IsFor("another"));
        var ofProject = await CallerAsync(With(("X-Auth-Token", await TokenAsync(isProjectScoped: true))));
        Assert.True(ofProject.IsFor(null));
        Assert.False(ofProject.IsFor("another"));
    }

    [Fact]
    public async Task Caller_WithoutAnything_HasNoToken()
    {
        await IsRefusedAsync(HuaweiErrors.TokenMissing);
        await IsRefusedAsync(HuaweiErrors.TokenInvalid, ("X-Auth-Token", "nonsense"));
        await IsRefusedAsync(HuaweiErrors.TokenInvalid, ("X-Auth-Token", new string('a', 4096)));
        foreach (string token in new[] { "", " ", "a b", "密", "a;b", new string('a', 4097) })
            await IsRefusedAsync(HuaweiErrors.TokenMissing, ("X-Auth-Token", token));
    }

    private static HuaweiRequest With(params (string Name, string Value)[] headers) =>
        Calls.Request("POST", Calls.Root + "list-keys", [], headers);

    private async Task<string> TokenAsync(bool isProjectScoped) =>
        (await _service.ResultAsync(new IssueAuthToken("clerk", s_password, isProjectScoped ? ProjectReference.First : null))).Text;

    private ValueTask<Caller> CallerAsync(HuaweiRequest request) =>
        Authentication.CallerAsync(_service.Kms, request, CancellationToken.None);

    private async Task IsRefusedAsync(HuaweiError expected, params (string Name, string Value)[] headers)
    {
        Caller caller = await CallerAsync(With(headers));
        Assert.True(caller.Refused(out HuaweiError? error));
        Assert.Equal(expected, error);
    }
}
