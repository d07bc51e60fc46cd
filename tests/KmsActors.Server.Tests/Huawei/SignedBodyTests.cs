using System.Security.Cryptography;

namespace KmsActors.Server.Tests.Huawei;

/// <summary>Bodies of which the client says the hash itself.</summary>
public sealed class SignedBodyTests(ProjectServer server) : IClassFixture<ProjectServer>
{
    [Theory]
    [InlineData("UNSIGNED-PAYLOAD", false)]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", false)]
    [InlineData("b859577dcf4eb1e0ab2f42f9e6a5e0f8c66a6c33d8a02e8fbd5d5a0f36a4a3b1", false)]
    [InlineData(null, true)]
    public async Task ContentHash_OfAHeader_IsThatOfTheBody(string? hash, bool isGood)
    {
        var project = new Project(server.Root);
        var ask = Ask.Post("list-keys", new { limit = "1" });
        var own = Convert.ToHexStringLower(SHA256.HashData(project.Client.Prove(ask).Body!));
        var signer = project.Client with { Headers = [("x-sdk-content-sha256", hash ?? own)] };
        if (isGood) (await signer.SendAsync(ask)).AssertOk();
        else (await signer.SendAsync(ask)).AssertRefused("APIGW.0301");
    }
}
