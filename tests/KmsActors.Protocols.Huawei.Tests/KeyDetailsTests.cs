using System.Text;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Operations;

namespace KmsActors.Protocols.Huawei.Tests;

/// <summary>A key as it is described.</summary>
public sealed class KeyDetailsTests : IAsyncLifetime
{
    private TestKms _service = null!;

    public async Task InitializeAsync() => _service = await TestKms.OpenAsync();

    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Theory]
    [InlineData(KeyState.Enabled, "2")]
    [InlineData(KeyState.Disabled, "3")]
    [InlineData(KeyState.PendingDeletion, "4")]
    [InlineData(KeyState.PendingImport, "5")]
    public void State_OfAKey_HasItsNumber(KeyState state, string number)
    {
        Assert.Equal(number, KeyDetails.StateText(state));
        Assert.Equal([state], KeyDetails.StatesOf(number));
    }

    [Fact]
    public void StateNumber_OfPendingActivation_IsNoKeys() => Assert.Empty(KeyDetails.StatesOf("1"));

    [Fact]
    public async Task Write_OfAKeyWithoutAnything_HasEveryFieldAsText()
    {
        CmkDescription made = await _service.ResultAsync(new CreateKey());
        Assert.Equal(
            $$"""{"key_id":"{{made.KeyId}}","domain_id":"1000000000000001","key_alias":"","realm":"cn-hangzhou","""
            + "\"key_description\":\"\",\"creation_date\":\"1767268800000\",\"scheduled_deletion_date\":\"\","
            + "\"key_state\":\"2\",\"default_key_flag\":\"0\",\"key_type\":\"1\",\"expiration_time\":\"\","
            + "\"origin\":\"kms\",\"sys_enterprise_project_id\":\"0\",\"key_rotation_enabled\":\"false\","
            + "\"key_spec\":\"AES_256\",\"key_usage\":\"ENCRYPT_DECRYPT\"}",
            Written(made));
    }

    [Fact]
    public async Task Write_OfAKeyWithEverything_SaysSo()
    {
        CmkDescription made = await _service.ResultAsync(new CreateKey());
        DateTimeOffset now = _service.Time.GetUtcNow();
        string text = Written(made with
        {
            KeyState = KeyState.PendingDeletion,
            State = made.State with
            {
                Alias = "obs/default",
                Origin = KeyOrigin.External,
                DeletionDate = now.AddMilliseconds(1),
                MaterialExpiry = now.AddSeconds(1),
                RotationInterval = TimeSpan.FromDays(30),
                Spec = KeySpec.EcP256K,
                Usage = KeyUsage.SignVerify,
            },
        });
        foreach (string field in new[]
        {
            "\"key_alias\":\"obs/default\"", "\"scheduled_deletion_date\":\"1767268800001\"", "\"key_state\":\"4\"",
            "\"default_key_flag\":\"1\"", "\"expiration_time\":\"1767268801000\"", "\"origin\":\"external\"",
            "\"key_rotation_enabled\":\"true\"", "\"key_spec\":\"SECP256K1\"", "\"key_usage\":\"SIGN_VERIFY\"",
        })
        {
            Assert.Contains(field, text, StringComparison.Ordinal);
        }
    }

    private string Written(CmkDescription key)
    {
        HuaweiRequest request = Calls.Request("POST", Calls.Root + "describe-key", []);
        OperationContext context = new(
            _service.Kms, TestKms.Account, new TurnContext("test", ""), CancellationToken.None);
        using FieldBinder bind = new(request);
        using HuaweiWriter answer = new();
        KeyDetails.Write(new HuaweiCall(context, request.Target, bind, answer), answer, key);
        return Encoding.UTF8.GetString(answer.Finish().Span);
    }
}
