using System.Globalization;

namespace KmsActors.Server.Tests;

/// <summary>Numbers: what is one, and the ends of every range.</summary>
public sealed class NumberTests(TestServer server) : IClassFixture<TestServer>
{
    public static TheoryData<string, string> Ranged => new()
    {
        { "ListKeys", "PageNumber" }, { "ListKeys", "PageSize" },
        { "ListAliases", "PageNumber" }, { "ListAliases", "PageSize" },
        { "ListAliasesByKeyId", "PageNumber" }, { "ListAliasesByKeyId", "PageSize" },
        { "ListKeyVersions", "PageNumber" }, { "ListKeyVersions", "PageSize" },
        { "GenerateDataKey", "NumberOfBytes" }, { "GenerateDataKeyWithoutPlaintext", "NumberOfBytes" },
        { "GenerateAndExportDataKey", "NumberOfBytes" },
        { "ScheduleKeyDeletion", "PendingWindowInDays" }, { "ImportKeyMaterial", "KeyMaterialExpireUnix" },
    };

    private Tenant Root => server.Root;

    [Theory]
    [MemberData(nameof(Ranged))]
    public async Task Number_Malformed_IsRefused(string action, string name)
    {
        var arguments = (await Catalogue.Actions[action].WellFormed(Root)).Where(a => a.Name != name).ToArray();
        foreach (var text in new[]
        {
            "x", "-1", "+7", " 7", "7 ", "7.0", "7,0", "1e1", "0x7", "７", "٧", "7\0", "NaN",
            "9223372036854775807", "9223372036854775808", "18446744073709551616", new string('9', 400),
        })
        {
            await Root.RefusedAsync("InvalidParameter", name, action, [.. arguments, (name, text)]);
        }
    }

    [Theory]
    [InlineData("ListKeys", "PageSize", 1, 100)]
    [InlineData("ListKeys", "PageNumber", 1, int.MaxValue)]
    [InlineData("ListAliases", "PageSize", 1, 100)]
    [InlineData("ListAliases", "PageNumber", 1, int.MaxValue)]
    [InlineData("ListAliasesByKeyId", "PageSize", 1, 100)]
    [InlineData("ListAliasesByKeyId", "PageNumber", 1, int.MaxValue)]
    [InlineData("GenerateDataKey", "NumberOfBytes", 1, 1024)]
    [InlineData("ListKeyVersions", "PageSize", 1, 100)]
    [InlineData("ListKeyVersions", "PageNumber", 1, int.MaxValue)]
    [InlineData("GenerateDataKeyWithoutPlaintext", "NumberOfBytes", 1, 1024)]
    [InlineData("GenerateAndExportDataKey", "NumberOfBytes", 1, 1024)]
    [InlineData("ScheduleKeyDeletion", "PendingWindowInDays", 7, 30)]
    public async Task Number_AtTheEndsOfItsRange_IsTakenAndBeyondThemRefused(
        string action, string name, long least, long most)
    {
        foreach (var (number, isIn) in new[] { (least - 1, false), (least, true), (most, true), (most + 1, false) })
        {
            Args arguments =
            [
                .. (await Catalogue.Actions[action].WellFormed(Root)).Where(a => a.Name != name),
                (name, number.ToString(CultureInfo.InvariantCulture)),
            ];
            if (isIn) await Root.OkAsync(action, arguments);
            else await Root.RefusedAsync("InvalidParameter", name, action, arguments);
        }
    }

    [Fact]
    public async Task PageNumber_FarPastTheEnd_IsAnEmptyPageWithTheTotal()
    {
        var tenant = await server.NewTenantAsync();
        await tenant.AliasAsync(await tenant.KeyAsync());
        foreach (var (action, list) in new[] { ("ListKeys", "Keys.Key"), ("ListAliases", "Aliases.Alias") })
        {
            var answer = await tenant.OkAsync(action, ("PageNumber", "2147483647"), ("PageSize", "100"));
            Assert.Empty(answer.Column(list, "KeyId"));
            Assert.Equal(
                (1, 2147483647, 100),
                (answer.Number("TotalCount"), answer.Number("PageNumber"), answer.Number("PageSize")));
        }
    }

    [Theory]
    [InlineData(null, null, 32)]
    [InlineData("AES_256", null, 32)]
    [InlineData("AES_128", null, 16)]
    [InlineData(null, "1", 1)]
    [InlineData(null, "1024", 1024)]
    [InlineData("AES_128", "1000", 1000)]
    [InlineData("AES_256", "007", 7)]
    public async Task DataKey_OfSpecAndNumber_HasItsLength(string? spec, string? number, int length)
    {
        Args arguments =
        [
            ("KeyId", await Root.KeyAsync()),
            .. spec is null ? (Args)[] : [("KeySpec", spec)],
            .. number is null ? (Args)[] : [("NumberOfBytes", number)],
        ];
        var generated = await Root.OkAsync("GenerateDataKey", arguments);
        Assert.Equal(length, Convert.FromBase64String(generated["Plaintext"]).Length);
        Assert.Equal(length + 140, Convert.FromBase64String(generated["CiphertextBlob"]).Length);
    }

    [Theory]
    [InlineData("AES_192")]
    [InlineData("aes_256")]
    public async Task DataKey_OfAnUnknownSpec_IsRefusedEvenWithANumber(string spec) => await Root.RefusedAsync(
        "InvalidParameter", "KeySpec", "GenerateDataKey",
        ("KeyId", await Root.KeyAsync()), ("KeySpec", spec), ("NumberOfBytes", "1"));

    [Theory]
    [InlineData("7")]
    [InlineData("30")]
    public async Task PendingWindow_Taken_IsTheDistanceToTheDeleteDate(string days)
    {
        var keyId = await Root.KeyAsync();
        await Root.OkAsync("ScheduleKeyDeletion", ("KeyId", keyId), ("PendingWindowInDays", days));
        var due = server.Clock.GetUtcNow().AddDays(int.Parse(days, CultureInfo.InvariantCulture));
        Assert.Equal(
            due.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            (await Root.DescribeAsync(keyId))["KeyMetadata.DeleteDate"]);
    }
}
