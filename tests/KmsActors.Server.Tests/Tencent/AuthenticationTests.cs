using System.Globalization;

namespace KmsActors.Server.Tests.Tencent;

/// <summary>Whose a request is: its common parameters, its time and its signature.</summary>
public sealed class AuthenticationTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Wrong = "4100/10030";

    public static IEnumerable<object[]> Forms => TencentForm.All.Keys.Select(form => new object[] { form });

    private TencentClient Client => new Customer(server.Root).Client;

    [Theory]
    [InlineData("Action")]
    [InlineData("SecretId")]
    [InlineData("Timestamp")]
    [InlineData("Nonce")]
    [InlineData("Signature")]
    public async Task Common_NotThereOrEmpty_IsMissing(string name)
    {
        foreach (var value in new[] { null, "" })
        {
            var answer = await (Client with { Common = [(name, value)] }).CallAsync("ListKey");
            answer.AssertRefused("4000/10010", "MissingParameter");
            Assert.EndsWith(name, answer.Words, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Timestamp", "1.5e9")]
    [InlineData("Timestamp", "-1")]
    [InlineData("Timestamp", "1500000000\0")]
    [InlineData("Timestamp", "999999999999")]
    [InlineData("Timestamp", "9999999999999")]
    [InlineData("Nonce", "-1")]
    [InlineData("Nonce", "x")]
    [InlineData("Nonce", "123456789012345678901")]
    [InlineData("SignatureMethod", "HmacMD5")]
    [InlineData("SignatureMethod", "hmacsha1")]
    [InlineData("SecretId", "*129")]
    public async Task Common_OfAnotherForm_IsOutOfRange(string name, string value)
    {
        var text = value == "*129" ? new string('a', 129) : value;
        var answer = await (Client with { Common = [(name, text)] }).CallAsync("ListKey");
        Assert.EndsWith(name, answer.AssertRefused("4000/10350").Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Nonce", "0")]
    [InlineData("Nonce", "9223372036854775807")]
    [InlineData("SignatureMethod", "")]
    [InlineData("Region", "bj")]
    [InlineData("Token", "any")]
    [InlineData("RequestClient", "SDK_NODEJS_0.2.1")]
    [InlineData("my_name", "_")]
    public async Task Common_OfThePlatform_IsTaken(string name, string value) =>
        (await (Client with { Common = [(name, value)] }).CallAsync("ListKey")).AssertOk();

    [Theory]
    [InlineData(-301, Wrong)]
    [InlineData(-300, "0")]
    [InlineData(300, "0")]
    [InlineData(301, Wrong)]
    public async Task Timestamp_OfFiveMinutesEitherWay_IsTaken(int seconds, string code)
    {
        var time = server.Clock.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds();
        var client = Client with { Common = [("Timestamp", time.ToString(CultureInfo.InvariantCulture))] };
        Assert.Equal(code, (await client.CallAsync("ListKey")).Code);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Request_ChangedInAnything_IsRefused(string form)
    {
        var client = Client with { Form = TencentForm.All[form] };
        var good = client.Sign("ListKey", ("limit", "5"));
        SignedCall Changed(string from, string to) => good.Body is null
            ? good with { Query = good.Query.Replace(from, to, StringComparison.Ordinal) }
            : good with { Body = good.Body.Replace(from, to, StringComparison.Ordinal) };
        foreach (var call in new[]
        {
            Changed("limit=5", "limit=6"), Changed("limit=5", "limit=5&more=1"), Changed("&limit=5", ""),
            Changed("Region=gz", "Region=sh"), Changed("limit=5", "limi=t5"),
        })
        {
            (await client.SendAsync(call)).AssertRefused(Wrong, "AuthFailure.SignatureFailure");
        }

        var elsewhere = (client with { Host = "other.example" }).Sign("ListKey");
        (await client.SendAsync(elsewhere)).AssertRefused(Wrong, "AuthFailure.SignatureFailure");
        (await client.SendAsync(good)).AssertOk();
    }
}
