using System.Text.Json.Nodes;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Operations;
using Microsoft.Extensions.Time.Testing;

namespace KmsActors.Server.Tests.Iam;

/// <summary>The root user's password: from where it comes, and what becomes of it at another start.</summary>
public sealed class RootUserTests : IDisposable
{
    private const string Account = "1000000000000001";
    private const string Key = "--KMS_ROOT_ACCESS_KEY_ID=root --KMS_ROOT_ACCESS_KEY_SECRET=root-secret";

    private readonly string _data = Directory.CreateTempSubdirectory("kmsactors-root-").FullName;

    private string File => Path.Combine(_data, "root-credentials.json");

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Password_GivenAndChanged_Follows_AndUnchanged_IsNotHashedAnew()
    {
        UserState first;
        await using (var server = await OpenAsync($"{Key} --KMS_ROOT_PASSWORD=password-one"))
        {
            first = await UserAsync(server);
            Assert.True(await IsPasswordAsync(server, "password-one"));
        }

        await using (var server = await OpenAsync($"{Key} --KMS_ROOT_PASSWORD=password-one"))
            Assert.Equal(first.Password!.Salt, (await UserAsync(server)).Password!.Salt);
        await using (var server = await OpenAsync($"{Key} --KMS_ROOT_PASSWORD=password-two"))
        {
            Assert.True(await IsPasswordAsync(server, "password-two"));
            Assert.Equal((first.Id, 1), ((await UserAsync(server)).Id, (await UserAsync(server)).TokenGeneration));
        }

        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public async Task WhatTheOperatorHasTakenBack_IsGivenAgainOnlyWhenItIsAnother()
    {
        const string one = $"{Key} --KMS_ROOT_PASSWORD=password-one";
        await using (var server = await OpenAsync(one))
        {
            var context = new OperationContext(server.Kms, Account, new TurnContext("operator", ""), default);
            await new DeleteAccessKey("root").RunAsync(context);
            await new SetUserPassword(Account, "the operator's"u8.ToArray()).RunAsync(context);
        }

        await using (var server = await OpenAsync(one))
        {
            Assert.False(await HasRootKeyAsync(server));
            Assert.True(await IsPasswordAsync(server, "the operator's"));
        }

        await using (var server = await OpenAsync(one.Replace("root-secret", "another-secret", StringComparison.Ordinal)))
        {
            Assert.True(await HasRootKeyAsync(server));
            Assert.True(await IsPasswordAsync(server, "password-one"));
        }
    }

    [Fact]
    public async Task Password_NotGivenWithTheAccessKey_IsNone()
    {
        await using var server = await OpenAsync(Key);
        Assert.Null(await UserOrNullAsync(server, Account));
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public async Task Credentials_MadeHere_HaveAPassword_WhichIsKeptOverAStart()
    {
        string made;
        await using (var server = await OpenAsync(""))
        {
            made = Stored("Password");
            Assert.True(made.Length >= 20);
            Assert.True(await IsPasswordAsync(server, made));
        }

        await using var again = await OpenAsync("");
        Assert.Equal(made, Stored("Password"));
        Assert.True(await IsPasswordAsync(again, made));
    }

    [Fact]
    public async Task CredentialsFile_OfBefore_GetsAPassword_AndKeepsItsAccessKey()
    {
        await System.IO.File.WriteAllTextAsync(File, """{"AccessKeyId":"old-id","AccessKeySecret":"old-secret"}""");
        await using var server = await OpenAsync("");
        Assert.Equal(("old-id", "old-secret"), (Stored("AccessKeyId"), Stored("AccessKeySecret")));
        Assert.True(await IsPasswordAsync(server, Stored("Password")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
    }

    [Fact]
    public async Task Password_GivenWithoutAnAccessKey_IsNotKeptInTheFile()
    {
        await using var server = await OpenAsync("--KMS_ROOT_PASSWORD=password-one");
        Assert.True(await IsPasswordAsync(server, "password-one"));
        Assert.DoesNotContain("Password", await System.IO.File.ReadAllTextAsync(File), StringComparison.Ordinal);
    }

    [Fact]
    public async Task User_OfAnotherName_HasAllRights_UntilTheOperatorSaysOtherwise()
    {
        const string arguments = $"{Key} --KMS_ROOT_PASSWORD=password-one --KMS_ROOT_USER=admin";
        await using (var server = await OpenAsync(arguments))
        {
            Assert.True(await MayAsync(server));
            Assert.Null(await UserOrNullAsync(server, Account));
            var context = new OperationContext(server.Kms, Account, new TurnContext("test", ""), default);
            await new SetUserPolicies("admin", []).RunAsync(context);
            Assert.False(await MayAsync(server));
        }

        await using (var again = await OpenAsync(arguments)) Assert.False(await MayAsync(again));
        await using var another = await OpenAsync(arguments.Replace("-one", "-two", StringComparison.Ordinal));
        Assert.True(await MayAsync(another));
    }

    [Theory]
    [InlineData("--KMS_ROOT_PASSWORD=short", "KMS_ROOT_PASSWORD")]
    [InlineData("--KMS_ROOT_USER=a/b", "KMS_ROOT_USER")]
    [InlineData($"{Key} --KMS_ROOT_USER=admin", "KMS_ROOT_USER")]
    public async Task Settings_ThatAreBad_AreNamed(string arguments, string name)
    {
        var failure = await Assert.ThrowsAsync<StartException>(() => OpenAsync(arguments));
        Assert.StartsWith($"{name}: ", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("short", failure.Message, StringComparison.Ordinal);
    }

    private string Stored(string name) => JsonNode.Parse(System.IO.File.ReadAllText(File))![name]!.GetValue<string>();

    private Task<KmsServer> OpenAsync(string arguments) => KmsServer.OpenAsync(
        [$"--data={_data}", "--urls=http://127.0.0.1:0", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)],
        new FakeTimeProvider(DateTimeOffset.UtcNow));

    private static async Task<bool> IsPasswordAsync(KmsServer server, string password)
    {
        var context = new OperationContext(server.Kms, Account, new TurnContext("test", ""), default);
        return (await new CheckUserPassword(Account, System.Text.Encoding.UTF8.GetBytes(password)).RunAsync(context)).Value;
    }

    private static async Task<bool> HasRootKeyAsync(KmsServer server)
    {
        var context = new OperationContext(server.Kms, Account, new TurnContext("test", ""), default);
        return !(await new DescribeAccessKey("root").RunAsync(context)).Refused(out _);
    }

    private static async Task<bool> MayAsync(KmsServer server)
    {
        var principal = Principal.Of(Account, "admin");
        var rights = await Authorization.RightsAsync(server.Kms, principal, null, PolicyAction.CreateKey, default);
        return !rights.Refused(out _);
    }

    private static async Task<UserState> UserAsync(KmsServer server) => (await UserOrNullAsync(server, Account))!;

    private static async Task<UserState?> UserOrNullAsync(KmsServer server, string name) =>
        (await server.Kms.Host.ReadAsync(GrainId.OfUser(Account, name), default)).State<UserState>();
}
