using KmsActors.Testing.SoftHsm;

namespace KmsActors.Server.Tests.Hsm;

/// <summary>A server with a token of its own.</summary>
public sealed class HsmServer : TestServer
{
    internal SoftHsmToken Token { get; } = new(losable: true);

    protected override IEnumerable<string> MoreOptions =>
    [
        $"--Kms:Hsm:Library={Token.Library}", $"--Kms:Hsm:TokenLabel={Token.Label}", $"--KMS_HSM_PIN={SoftHsmToken.Pin}",
    ];

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Token.Dispose();
    }
}
