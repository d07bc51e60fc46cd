using System.Globalization;

namespace KmsActors.Server.Tests.Tencent;

/// <summary>Every parameter of every action: its limits from both sides, and when it is not there.</summary>
public sealed class ParameterTests(TestServer server) : IClassFixture<TestServer>
{
    // What an action cannot do without.
    private static readonly Dictionary<string, string[]> s_required = new()
    {
        ["CreateKey"] = ["alias"],
        ["Decrypt"] = ["ciphertextBlob"],
        ["Encrypt"] = ["keyId", "plaintext"],
        ["ScheduleKeyDeletion"] = ["keyId", "pendingWindowInDays"],
        ["SetKeyAttributes"] = ["keyId", "alias"],
        ["ListKey"] = [],
    };

    public static IEnumerable<object[]> Actions => Requests.All.Select(action => new object[] { action });

    private Customer Customer => new(server.Root);

    [Theory]
    [MemberData(nameof(Actions))]
    public async Task Required_NotThereOrEmpty_IsMissing(string action)
    {
        var keyId = await Customer.KeyAsync();
        var good = Requests.Of(action, keyId, await Customer.EncryptAsync(keyId));
        foreach (var name in s_required.GetValueOrDefault(action, ["keyId"]))
        {
            var answer = await Customer.RefusedAsync("4000/10390", action, Requests.With(good, name, null));
            Assert.Equal($"lacked of required parameter: {name}", answer.Words);
            if (name == "alias") continue;
            await Customer.RefusedAsync("4000/10390", action, Requests.With(good, name, ""));
        }
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("a", true)]
    [InlineData("a*32", true)]
    [InlineData("a*33", false)]
    [InlineData("密*32", true)]
    [InlineData("密*33", false)]
    [InlineData("😀*32", true)]
    [InlineData("😀*33", false)]
    [InlineData("a*1000", false)]
    [InlineData("@a _-/:+&=%", true)]
    [InlineData("a\nb", false)]
    [InlineData("a\0", false)]
    [InlineData("a\u0085b", false)]
    [InlineData("obs/default", false)]
    public async Task Alias_OfOneTo32Characters_IsTaken(string text, bool isGood)
    {
        var alias = Repeated(text);
        // An account of its own, as it has each name only once.
        var customer = new Customer(await server.NewTenantAsync());
        var keyId = await customer.KeyAsync("before");
        if (!isGood) await customer.OutOfRangeAsync("alias", "CreateKey", ("alias", alias));
        if (!isGood && alias.Length > 0)
            await customer.OutOfRangeAsync("alias", "SetKeyAttributes", ("keyId", keyId), ("alias", alias));
        if (!isGood) return;
        Assert.Equal(alias, await customer.AliasAsync(await customer.KeyAsync(alias)));
        await customer.RefusedAsync("4500/10480", "SetKeyAttributes", ("keyId", keyId), ("alias", alias));
        await customer.RefusedAsync("4500/10480", "CreateKey", ("alias", alias));
        Assert.Equal("before", await customer.AliasAsync(keyId));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("a*1024", true)]
    [InlineData("a*1025", false)]
    [InlineData("密*1024", true)]
    [InlineData("😀*1025", false)]
    [InlineData("a*100000", false)]
    [InlineData("@ \t\r\n\0\u001b", true)]
    public async Task Description_OfUpTo1024Characters_IsTaken(string text, bool isGood)
    {
        Args parameters = [("alias", Customer.NewAlias()), ("description", Repeated(text))];
        if (!isGood) await Customer.OutOfRangeAsync("description", "CreateKey", parameters);
        else Assert.Equal(Repeated(text), (await Customer.OkAsync("CreateKey", parameters))["keyMetadata.description"]);
    }

    [Theory]
    [InlineData("pendingWindowInDays", "ScheduleKeyDeletion", "7", "30")]
    [InlineData("numberOfBytes", "GenerateDataKey", "1", "1024")]
    [InlineData("offset", "ListKey", "0", "2147483647")]
    [InlineData("limit", "ListKey", "1", "200")]
    public async Task Number_WithinItsBounds_IsTaken(string name, string action, string least, string most)
    {
        var bad = new[]
        {
            $"{int.Parse(least, CultureInfo.InvariantCulture) - 1}", $"{long.Parse(most, CultureInfo.InvariantCulture) + 1}",
            "-1", "+7", " 7", "7 ", "7.0", "7\0", "0x7", "٧", "7a", "99999999999999999999", new string('9', 10_000),
        };
        var keyId = await Customer.KeyAsync();
        var good = Requests.Of(action, keyId, "");
        foreach (var value in bad) await Customer.OutOfRangeAsync(name, action, Requests.With(good, name, value));
        foreach (var value in new[] { least, most, $"00{least}" })
        {
            var key = await Customer.KeyAsync();
            await Customer.OkAsync(action, Requests.With(Requests.Of(action, key, ""), name, value));
        }
    }

    [Theory]
    [InlineData("keyUsage", "CreateKey", "4490/10470", "ENCRYPT/DECRYPT")]
    [InlineData("type", "CreateKey", "4000/10350", "1", "2")]
    [InlineData("keySpec", "GenerateDataKey", "4520/10620", "AES_128", "AES_256")]
    public async Task Word_OfTheDocument_IsTaken(string name, string action, string code, params string[] words)
    {
        var keyId = await Customer.KeyAsync();
        foreach (var word in words)
            await Customer.OkAsync(action, Requests.With(Requests.Of(action, keyId, ""), name, word));
        foreach (var word in new[] { "", "x", words[0] + " ", words[0] + "\0", "aes_128", "encrypt/decrypt", "0", "3" })
            await Customer.RefusedAsync(code, action, Requests.With(Requests.Of(action, keyId, ""), name, word));
    }

    private static string Repeated(string text) => text.Split('*') is [var one, var times]
        ? string.Concat(Enumerable.Repeat(one, int.Parse(times, CultureInfo.InvariantCulture)))
        : text;
}
