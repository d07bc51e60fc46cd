namespace KmsActors.Server.Tests.Tencent;

/// <summary>Key ids that are none.</summary>
public sealed class KeyIdTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly string[] s_malformed =
    [
        "x", " ", "{0}0", "{0} ", "{0}\0", "alias/{0}", "kms-00000000", "密", "../../../../../../../../../../../../",
        "0D0466B0-E727-4D9C-B35D-F84BB474A37F", "0d0466b0-e727-4d9c-b35d-f84bb474a37é",
        "0d0466b0-e727-4d9c-b35d\0f84bb474a37f", "cccccccccccccccccccccccccccccccccccc\0",
    ];

    public static IEnumerable<object[]> Actions => Requests.WithKey.Select(action => new object[] { action });

    [Theory]
    [MemberData(nameof(Actions))]
    public async Task KeyId_OfAnotherForm_IsAsIfThereWereNone(string action)
    {
        var customer = new Customer(server.Root);
        var mine = await customer.KeyAsync();
        foreach (var form in s_malformed)
        {
            var parameters = Requests.Of(action, form.Replace("{0}", mine, StringComparison.Ordinal), "");
            var answer = await customer.RefusedAsync("4000/10350", action, parameters);
            Assert.Equal("ResourceUnavailable.CmkNotFound", answer.Description);
        }
    }
}
