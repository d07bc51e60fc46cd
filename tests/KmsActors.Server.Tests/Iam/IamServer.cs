namespace KmsActors.Server.Tests.Iam;

/// <summary>A server whose root account has a password.</summary>
public sealed class IamServer : TestServer
{
    public const string Password = "root-password-密码";

    protected override IEnumerable<string> MoreOptions => [$"--KMS_ROOT_PASSWORD={Password}"];

    internal IamClient Iam => new(this);

    /// <summary>A token of the root account, good for its project.</summary>
    internal async Task<string> RootTokenAsync() =>
        (await Iam.LogInAsync(Root.Account, Root.Account, Password)).AssertStatus(201).SubjectToken;
}
