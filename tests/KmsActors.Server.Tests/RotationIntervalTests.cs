namespace KmsActors.Server.Tests;

/// <summary>RotationInterval: 7 to 730 days in four units, and nothing else, wherever it is given.</summary>
public sealed class RotationIntervalTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Name = "RotationInterval";

    public static TheoryData<string> Bad =>
    [
        // Out of bounds, in each unit.
        "6d", "167h", "10079m", "604799s", "731d", "17521h", "1051201m", "63072001s", "0d", "0s", "1d",
        // Whatever would be in bounds if it were cut off, wrapped around, or read as a 32-bit number.
        "4294967303d", "18446744073709551623d", "99999999999999d", "2147483647d", "2147483648s", "4294967296s",
        "999999999999999d", "4295572096s", "213503982d", "10675199d",
        // No such numbers, no such units.
        "7", "d", "7D", "7H", "7w", "1y", "1w", "604800000ms", "-7d", "+7d", "7.5d", "7,5d", "7e0d", "0x7d", "７d", "٧d", "7ｄ",
        " 7d", "7d ", "7 d", "7d\n", "7d\0", "\07d", "7\0d", "7dd", "7d0h", "7d7d", "d7", "P7D", "NaNd", "null", "\"7d\"",
        // More characters than any interval needs.
        "0000000000000007d",
    ];

    public static TheoryData<string, long> Good => new()
    {
        { "7d", 604800 }, { "168h", 604800 }, { "10080m", 604800 }, { "604800s", 604800 },
        { "8d", 691200 }, { "169h", 608400 }, { "10081m", 604860 }, { "604801s", 604801 },
        { "365d", 31536000 }, { "730d", 63072000 }, { "17520h", 63072000 }, { "1051200m", 63072000 },
        { "63072000s", 63072000 }, { "63071999s", 63071999 }, { "07d", 604800 }, { "000000000000007d", 604800 },
    };

    private Tenant Root => server.Root;

    [Theory]
    [MemberData(nameof(Good))]
    public async Task Interval_WithinItsBounds_IsShownInSeconds(string interval, long seconds)
    {
        var created = await Root.RotatingKeyAsync(interval);
        var updated = await Root.KeyAsync();
        await Root.OkAsync(
            "UpdateRotationPolicy", ("KeyId", updated), ("EnableAutomaticRotation", "true"), (Name, interval));
        var next = server.Clock.GetUtcNow().AddSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
        foreach (var keyId in new[] { created, updated })
        {
            var key = await Root.DescribeAsync(keyId);
            Assert.Equal($"{seconds}s", key["KeyMetadata.RotationInterval"]);
            Assert.Equal(next, key["KeyMetadata.NextRotationDate"]);
            Assert.Equal("Enabled", key["KeyMetadata.AutomaticRotation"]);
        }
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Interval_OfAnotherForm_IsRefused(string interval)
    {
        var keyId = await Root.RotatingKeyAsync("9d");
        Args arguments = [("EnableAutomaticRotation", "true"), (Name, interval)];
        await Root.RefusedAsync("InvalidParameter", Name, "CreateKey", arguments);
        await Root.RefusedAsync("InvalidParameter", Name, "UpdateRotationPolicy", [("KeyId", keyId), .. arguments]);
        Assert.Equal("777600s", (await Root.DescribeAsync(keyId))["KeyMetadata.RotationInterval"]);
    }

    [Fact]
    public async Task Interval_MissingWhereRotationIsEnabled_IsNamed()
    {
        await Root.RefusedAsync("MissingParameter", Name, "CreateKey", ("EnableAutomaticRotation", "true"));
        await Root.RefusedAsync(
            "MissingParameter", Name, "UpdateRotationPolicy",
            ("KeyId", await Root.KeyAsync()), ("EnableAutomaticRotation", "true"));
    }

    [Theory]
    [InlineData(null, "7d")]
    [InlineData("false", "7d")]
    [InlineData("false", "7 days")]
    [InlineData("false", "")]
    public async Task Interval_WithoutRotation_SaysNothing(string? enable, string interval)
    {
        Args enabled = enable is null ? [] : [("EnableAutomaticRotation", enable)];
        var created = await Root.KeyAsync([.. enabled, (Name, interval)]);
        var key = await Root.DescribeAsync(created);
        Assert.Equal("Disabled", key["KeyMetadata.AutomaticRotation"]);
        Assert.False(key.Has("KeyMetadata.RotationInterval"));
        Assert.False(key.Has("KeyMetadata.NextRotationDate"));
        if (enable is not null)
            await Root.OkAsync("UpdateRotationPolicy", [("KeyId", created), .. enabled, (Name, interval)]);
    }

    [Theory]
    [InlineData("True")]
    [InlineData("TRUE")]
    [InlineData("1")]
    [InlineData("yes")]
    [InlineData("true ")]
    [InlineData("False")]
    public async Task EnableAutomaticRotation_OfAnotherWord_IsRefused(string word)
    {
        const string name = "EnableAutomaticRotation";
        await Root.RefusedAsync("InvalidParameter", name, "CreateKey", (name, word), (Name, "7d"));
        await Root.RefusedAsync(
            "InvalidParameter", name, "UpdateRotationPolicy", ("KeyId", await Root.KeyAsync()), (name, word), (Name, "7d"));
    }
}
