namespace KmsActors.Server.Tests.Hsm;

/// <summary>A server without a hardware module that is told not to make do.</summary>
public sealed class NoModuleTests(NoModuleTests.StrictServer server) : IClassFixture<NoModuleTests.StrictServer>
{
    [Fact]
    public async Task CreateKey_LevelHsm_IsRefusedAndSoftwareIsNot()
    {
        foreach (var spec in new[] { "Aliyun_AES_256", "Aliyun_SM4", "EC_P256", "EC_SM2" })
        {
            await server.Root.RefusedAsync(
                "Unsupported.ProtectionLevel", null, "CreateKey", ("KeySpec", spec), ("ProtectionLevel", "HSM"));
            await server.Root.KeyAsync(("KeySpec", spec), ("ProtectionLevel", "SOFTWARE"));
        }
    }

    public sealed class StrictServer : TestServer
    {
        protected override IEnumerable<string> MoreOptions => ["--Kms:Hsm:Required=true"];
    }
}
