using KmsActors.Grains;

namespace KmsActors.Operations.Tests;

public sealed class LoginTests(Service service) : IClassFixture<Service>
{
    [Fact]
    public async Task LogIn_WithThePassword_GivesATokenOfTheAccount()
    {
        await service.UserAsync("good");
        var issued = await service.OkAsync(new IssueAuthToken("good", Service.Bytes("the password"), null));
        Assert.Matches($"^{Service.Account}\\.[A-Za-z0-9_-]{{43}}$", issued.Text);
        var token = issued.Token;
        Assert.Equal(new Principal(Service.Account, "good"), token.Holder);
        Assert.Equal(("good", false), (token.UserName, token.Scope.IsProject));
        Assert.Equal((await service.StateAsync("good"))!.Id, token.UserId);
        Assert.Equal(TimeSpan.FromHours(24), token.ExpiresAt - token.IssuedAt);
        Assert.Equal(issued.Token, (await AuthTokens.VerifyAsync(service.Kms, issued.Text, default)).Value);
        Assert.NotEqual(issued.Text, await service.LogInAsync("good"));
        Assert.DoesNotContain(issued.Text, issued.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LogIn_AsTheUserNamedLikeTheAccount_IsTheAccountItself()
    {
        await service.UserAsync(Service.Account);
        var token = await AuthTokens.VerifyAsync(service.Kms, await service.LogInAsync(Service.Account), default);
        Assert.Equal(new Principal(Service.Account, null), token.Value.Holder);
        Assert.Equal(Service.Account, token.Value.UserName);
    }

    [Fact]
    public async Task LogIn_OfWhoeverMayNot_IsOneRefusal()
    {
        await service.UserAsync("disabled");
        await service.OkAsync(new SetUserStatus("disabled", false));
        await service.OkAsync(new CreateUser("keys only"));
        Assert.Equal(RefusalCode.PasswordWrong, await service.LoginCodeAsync("disabled"));
        Assert.Equal(RefusalCode.PasswordWrong, await service.LoginCodeAsync("keys only"));
        Assert.Equal(RefusalCode.PasswordWrong, await service.LoginCodeAsync("keys only", ""));
        Assert.Equal(RefusalCode.PasswordWrong, await service.LoginCodeAsync("unknown"));
        Assert.Equal(RefusalCode.PasswordWrong, await service.LoginCodeAsync("not/a/name"));
        Assert.Equal(RefusalCode.PasswordWrong, await service.LoginCodeAsync("unknown", new string('x', 513)));
        Assert.Null(await service.StateAsync("unknown"));
    }

    [Fact]
    public async Task LogIn_ToNoProject_TellsSoOnlyWhoMayLogIn()
    {
        await service.UserAsync("curious");
        Assert.Equal(RefusalCode.ProjectNotFound, await CodeAsync("the password"));
        Assert.Equal(RefusalCode.PasswordWrong, await CodeAsync("wrong"));
        // Whether the password is right is not to be learnt while the user is locked, or disabled.
        for (var i = 0; i < 5; i++) await service.LoginCodeAsync("curious", "wrong");
        Assert.Equal(RefusalCode.PasswordWrong, await CodeAsync("the password"));
        service.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(RefusalCode.ProjectNotFound, await CodeAsync("the password"));
        await service.OkAsync(new SetUserStatus("curious", false));
        Assert.Equal(RefusalCode.PasswordWrong, await CodeAsync("the password"));

        Task<RefusalCode?> CodeAsync(string password) => service.CodeOfAsync(
            new IssueAuthToken("curious", Service.Bytes(password), new ProjectReference(new string('0', 32), null)));
    }

    [Fact]
    public async Task LogIn_AfterFiveFailures_IsNotLookedAt_ForAsLongAsItSays_OverARestartToo()
    {
        await service.UserAsync("guessed");
        for (var i = 0; i < 5; i++) Assert.Equal(RefusalCode.PasswordWrong, await service.LoginCodeAsync("guessed", "wrong"));
        Assert.Equal(RefusalCode.PasswordWrong, await service.LoginCodeAsync("guessed"));
        await service.RestartAsync();
        Assert.Equal(RefusalCode.PasswordWrong, await service.LoginCodeAsync("guessed"));
        Assert.Equal(5, (await service.StateAsync("guessed"))!.FailedLogins);
        service.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(RefusalCode.PasswordWrong, await service.LoginCodeAsync("guessed", "wrong"));
        service.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(RefusalCode.PasswordWrong, await service.LoginCodeAsync("guessed"));
        service.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await service.LoginCodeAsync("guessed"));
        Assert.Equal(0, (await service.StateAsync("guessed"))!.FailedLogins);
    }

    [Fact]
    public async Task LogIn_ManyGuessesAtOnce_CountAsFive()
    {
        await service.UserAsync("crowd");
        var guesses = Enumerable.Range(0, 40).Select(i => Task.Run(() => service.LoginCodeAsync("crowd", $"wrong {i}")));
        Assert.All(await Task.WhenAll(guesses), code => Assert.Equal(RefusalCode.PasswordWrong, code));
        Assert.Equal(5, (await service.StateAsync("crowd"))!.FailedLogins);
    }

    [Fact]
    public async Task LogIn_ByAnOlderHash_MakesItAnew_AndKeepsTheTokens()
    {
        await service.UserAsync("old");
        var token = await service.LogInAsync("old");
        var newer = service.Kms with { Passwords = new Passwords(service.Kms.Hsa, service.Time, 2 * Service.Iterations) };
        var login = new IssueAuthToken("old", Service.Bytes("the password"), ProjectReference.First);
        Assert.Null((await login.RunAsync(service.Context() with { Kms = newer })).Refusal);
        Assert.Equal(2 * Service.Iterations, (await service.StateAsync("old"))!.Password!.Iterations);
        Assert.Null(await service.TokenCodeAsync(token));
        Assert.Null(await service.LoginCodeAsync("old"));
    }

    [Fact]
    public async Task LogIn_PastTheMostTokens_IsRefused_UntilSomeAreForgotten()
    {
        var own = new Service();
        await own.InitializeAsync();
        await own.UserAsync("many");
        var tokens = new List<string>();
        while (tokens.Count < own.Kms.Limits.TokensPerAccount) tokens.Add(await own.LogInAsync("many"));
        Assert.Equal(RefusalCode.LimitExceeded, await own.LoginCodeAsync("many"));
        await own.OkAsync(new RevokeAuthToken(tokens[0]));
        Assert.Null(await own.LoginCodeAsync("many"));
        await own.DisposeAsync();
    }

    [Fact]
    public void Requests_SayNothingOfTheirSecrets()
    {
        var secret = Service.Bytes("the password");
        object[] requests =
        [
            new IssueAuthToken("a", secret, null), new CreateUser("a") { Password = secret },
            new SetUserPassword("a", secret), new CheckUserPassword("a", secret), new RevokeAuthToken("the password"),
            new CreateAccessKey("a", "the password"),
        ];
        Assert.All(requests, request =>
        {
            Assert.DoesNotContain("the password", request.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("Memory", request.ToString(), StringComparison.Ordinal);
        });
    }
}
