using KmsActors.Grains;

namespace KmsActors.Operations.Tests;

public sealed class TokenTests(Service service) : IClassFixture<Service>
{
    [Fact]
    public async Task Token_LivesADay_AndOverARestart()
    {
        await service.UserAsync("day");
        var token = await service.LogInAsync("day");
        await service.RestartAsync();
        service.Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromTicks(1));
        Assert.Null(await service.TokenCodeAsync(token));
        service.Time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(RefusalCode.TokenExpired, await service.TokenCodeAsync(token));
    }

    [Fact]
    public async Task Token_Revoked_IsInvalidAtOnce_AndTheOthersAreGood()
    {
        await service.UserAsync("revoked");
        var (token, other) = (await service.LogInAsync("revoked"), await service.LogInAsync("revoked"));
        Assert.Null(await service.TokenCodeAsync(token));
        await service.OkAsync(new RevokeAuthToken(token));
        Assert.Equal(RefusalCode.TokenInvalid, await service.TokenCodeAsync(token));
        Assert.Null(await service.TokenCodeAsync(other));
        Assert.Equal(RefusalCode.TokenInvalid, await service.CodeOfAsync(new RevokeAuthToken(token)));
    }

    [Fact]
    public async Task Token_OfAnotherAccount_IsNotRevoked()
    {
        await service.UserAsync("foreign");
        var token = await service.LogInAsync("foreign");
        var outcome = await new RevokeAuthToken(token).RunAsync(service.Context(account: "2"));
        Assert.Equal(RefusalCode.TokenInvalid, outcome.Refusal?.Code);
        Assert.Null(await service.TokenCodeAsync(token));
    }

    [Fact]
    public async Task Token_AfterAnotherPassword_IsInvalid_AndALaterOneIsGood()
    {
        await service.UserAsync("changed");
        var token = await service.LogInAsync("changed");
        await service.OkAsync(new SetUserPassword("changed", Service.Bytes("another password")));
        Assert.Equal(RefusalCode.TokenInvalid, await service.TokenCodeAsync(token));
        Assert.Equal(RefusalCode.PasswordWrong, await service.LoginCodeAsync("changed"));
        Assert.Null(await service.TokenCodeAsync(await service.LogInAsync("changed", "another password")));
    }

    [Fact]
    public async Task Token_OfADisabledUser_IsInvalid_AlsoWhenHeIsEnabledAgain()
    {
        await service.UserAsync("off");
        var token = await service.LogInAsync("off");
        await service.OkAsync(new SetUserStatus("off", false));
        Assert.Equal(RefusalCode.TokenInvalid, await service.TokenCodeAsync(token));
        await service.OkAsync(new SetUserStatus("off", true));
        Assert.Equal(RefusalCode.TokenInvalid, await service.TokenCodeAsync(token));
        Assert.Null(await service.TokenCodeAsync(await service.LogInAsync("off")));
    }

    [Fact]
    public async Task Token_OfADeletedUser_IsInvalid_AlsoWhenAnotherHasHisName()
    {
        await service.UserAsync("again");
        var token = await service.LogInAsync("again");
        await service.OkAsync(new DeleteUser("again"));
        Assert.Equal(RefusalCode.TokenInvalid, await service.TokenCodeAsync(token));
        await service.UserAsync("again");
        Assert.Equal(RefusalCode.TokenInvalid, await service.TokenCodeAsync(token));
    }

    [Fact]
    public async Task Token_ChangedAnywhere_IsInvalid()
    {
        await service.UserAsync("bits");
        var token = await service.LogInAsync("bits");
        string[] others =
        [
            .. Enumerable.Range(0, token.Length).Select(at =>
                token[..at] + (token[at] == 'A' ? 'B' : 'A') + token[(at + 1)..]),
            token + "A", token[..^1], " " + token, token + "\n", token[1..], "", ".", new string('.', 44),
            "2." + token.Split('.')[1], token.Split('.')[1], "." + token.Split('.')[1],
            new string('1', 33) + "." + token.Split('.')[1], "密." + token.Split('.')[1], new string('x', 10_000),
        ];
        foreach (var other in others) Assert.Equal(RefusalCode.TokenInvalid, await service.TokenCodeAsync(other));
        Assert.Null(await service.TokenCodeAsync(token));
    }

    [Fact]
    public async Task Token_IsKeptNowhere()
    {
        await service.UserAsync("kept");
        var token = await service.LogInAsync("kept");
        var id = TokenText.IdOf(token)!.Value;
        Assert.Equal((Service.Account, 64), (id.Account, id.Name.Length));
        Assert.DoesNotContain(token.Split('.')[1], id.ToString(), StringComparison.Ordinal);
    }
}
