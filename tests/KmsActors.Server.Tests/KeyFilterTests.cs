namespace KmsActors.Server.Tests;

/// <summary>ListKeys with Filters: what matches, how many there are of it, and what is no filter.</summary>
public sealed class KeyFilterTests(KeyFilterTests.ManyKeys server) : IClassFixture<KeyFilterTests.ManyKeys>
{
    private static readonly Dictionary<string, (string[] Words, Func<Row, string> Of)> s_keys = new()
    {
        ["KeyState"] = (["Enabled", "Disabled", "PendingDeletion", "PendingImport"], row => row.State),
        ["KeySpec"] =
        (
            ["Aliyun_AES_256", "Aliyun_SM4", "RSA_2048", "RSA_3072", "EC_P256", "EC_P256K", "EC_SM2"], row => row.Spec
        ),
        ["KeyUsage"] = (["ENCRYPT/DECRYPT", "SIGN/VERIFY"], row => row.Usage),
        ["ProtectionLevel"] = (["SOFTWARE", "HSM"], row => row.Level),
        ["CreatorType"] = (["User", "Service"], _ => "User"),
    };

    public static IEnumerable<object[]> Words =>
        from key in s_keys from word in key.Value.Words select new object[] { key.Key, word };

    public static TheoryData<string> Bad =>
    [
        "", "[", "{}", "null", "KeyState", "\"KeyState\"", "[1]", "[null]", "[[]]", """["KeyState"]""", "[{}]",
        """{"Key":"KeyState","Values":["Enabled"]}""", """[{"Key":"KeyState","Values":["Enabled"]}""",
        """[{"Key":"KeyState","Values":["Enabled"]}]x""", """[{"Key":"KeyState","Values":["Enabled"]},]""",
        """[{"Key":"KeyState","Values":["Enabled",]}]""", """/**/[{"Key":"KeyState","Values":["Enabled"]}]""",
        """[{"Key":"KeyState"}]""", """[{"Values":["Enabled"]}]""", """[{"Key":"KeyState","Values":["Enabled"],"More":"x"}]""",
        """[{"Key":"KeyState","Key":"KeyState"}]""", """[{"Values":["Enabled"],"Values":["Enabled"]}]""",
        """[{"Key":"KeyState","Values":"Enabled"}]""", """[{"Key":"KeyState","Values":null}]""",
        """[{"Key":"KeyState","Values":{}}]""", """[{"Key":"KeyState","Values":{"0":"Enabled"}}]""",
        """[{"Key":"KeyState","Values":[1]}]""", """[{"Key":"KeyState","Values":[0]}]""", """[{"Key":"KeyState","Values":[null]}]""",
        """[{"Key":"KeyState","Values":[["Enabled"]]}]""", """[{"Key":"KeyState","Values":["Enabled",["Enabled"]]}]""",
        """[{"Key":["KeyState"],"Values":["Enabled"]}]""", """[{"Key":null,"Values":["Enabled"]}]""",
        """[{"key":"KeyState","values":["Enabled"]}]""", """[{"Key":"keystate","Values":["Enabled"]}]""",
        """[{"Key":"Origin","Values":["EXTERNAL"]}]""", """[{"Key":"","Values":["Enabled"]}]""",
        """[{"Key":"DKMSInstanceId","Values":["a"]}]""", """[{"Key":"Origin","Values":[]}]""",
        """[{"Key":"KeyState","Values":["enabled"]}]""", """[{"Key":"KeyState","Values":["0"]}]""",
        """[{"Key":"KeyState","Values":[""]}]""", """[{"Key":"KeyState","Values":["Enabled "]}]""",
        """[{"Key":"KeyState","Values":["Enabled","Unavailable"]}]""", """[{"Key":"KeySpec","Values":["Aes256"]}]""",
        """[{"Key":"KeySpec","Values":["Enabled"]}]""", """[{"Key":"KeyUsage","Values":["SIGN"]}]""",
        """[{"Key":"ProtectionLevel","Values":["Hsm"]}]""", """[{"Key":"CreatorType","Values":["user"]}]""",
        """[{"Key":"CreatorType","Values":["true"]}]""", """[{"Key":"KeyState","Values":["\ud800"]}]""",
        """[{"\ud800":"KeyState","Values":["Enabled"]}]""", "[{\"Key\":\"KeyState\",\"Values\":[\"Enabled\0\"]}]",
        $"[{string.Join(',', Enumerable.Repeat("""{"Key":"KeyState","Values":["Enabled"]}""", 11))}]",
        $$"""[{"Key":"KeyState","Values":[{{string.Join(',', Enumerable.Repeat("\"Enabled\"", 11))}}]}]""",
        $"[{new string('[', 2000)}",
    ];

    [Theory]
    [MemberData(nameof(Words))]
    public async Task Filter_ByOneWord_ShowsThoseThatAreSo(string key, string word) => await MatchesAsync((key, [word]));

    [Theory]
    [InlineData("KeyState", "Enabled", "Disabled")]
    [InlineData("KeyState", "PendingImport", "PendingDeletion", "Disabled", "Enabled")]
    [InlineData("KeySpec", "EC_SM2", "RSA_3072", "Aliyun_SM4")]
    [InlineData("KeyUsage", "SIGN/VERIFY", "ENCRYPT/DECRYPT")]
    [InlineData("ProtectionLevel", "HSM", "HSM", "HSM")]
    [InlineData("CreatorType", "Service", "User")]
    public async Task Filter_BySeveralWordsOfOneKey_ShowsThoseThatAreAnyOfThem(string key, params string[] words)
    {
        await MatchesAsync((key, words));
        // The same, each in an entry of its own.
        await MatchesAsync([.. words.Select(word => (key, (string[])[word]))]);
    }

    [Fact]
    public async Task Filter_BySeveralKeys_ShowsThoseThatAreAllOfThem()
    {
        await MatchesAsync(("KeyState", ["Enabled"]), ("KeyUsage", ["SIGN/VERIFY"]));
        await MatchesAsync(("KeyState", ["Enabled", "Disabled"]), ("KeySpec", ["EC_SM2", "Aliyun_AES_256"]));
        await MatchesAsync(
            ("KeySpec", ["EC_SM2"]), ("KeyUsage", ["SIGN/VERIFY"]), ("ProtectionLevel", ["HSM"]), ("KeySpec", ["EC_P256"]),
            ("KeyState", ["Enabled"]), ("CreatorType", ["User"]));
        await MatchesAsync(("KeySpec", ["Aliyun_SM4"]), ("KeyUsage", ["SIGN/VERIFY"]));
        await MatchesAsync(("KeyState", ["Enabled"]), ("CreatorType", ["Service"]));
    }

    [Fact]
    public async Task Filter_WithoutValues_SaysNothing()
    {
        await MatchesAsync();
        await MatchesAsync(("KeyState", []));
        await MatchesAsync(("KeyState", []), ("KeySpec", []), ("KeyUsage", []), ("ProtectionLevel", []), ("CreatorType", []));
        await MatchesAsync(("KeyState", []), ("KeySpec", ["EC_P256"]), ("KeyState", ["Enabled"]));
    }

    [Fact]
    public async Task Filter_OfTenEntriesOfTenValues_IsTaken() => await MatchesAsync(
        [.. Enumerable.Repeat(("KeySpec", Enumerable.Repeat("EC_SM2", 10).ToArray()), 10)]);

    [Theory]
    [InlineData(""" [ { "Values" : [ "Disabled" ] , "Key" : "KeyState" } ] """)]
    [InlineData("""[{"\u004bey":"Key\u0053tate","Values":["Disa\u0062led"]}]""")]
    public async Task Filter_InOtherJsonOfTheSame_IsTheSame(string json)
    {
        var tenant = await server.TenantAsync();
        Assert.Equal(Expected(("KeyState", ["Disabled"])), await tenant.KeyIdsAsync(json));
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Filter_OfAnotherForm_IsRefused(string json) => await server.Root.RefusedAsync(
        "InvalidParameter", "Filters", "ListKeys", ("Filters", json));

    [Fact]
    public async Task Filter_PageByPage_ShowsEachOnceAndCountsOnlyThose()
    {
        var tenant = await server.TenantAsync();
        var expected = Expected(("KeyUsage", ["ENCRYPT/DECRYPT"]));
        List<string> listed = [];
        for (var page = 1; (page - 1) * 2 < expected.Count; page++)
        {
            var answer = await tenant.OkAsync(
                "ListKeys", ("Filters", Json(("KeyUsage", ["ENCRYPT/DECRYPT"]))), ("PageSize", "2"), ("PageNumber", $"{page}"));
            Assert.Equal(
                (expected.Count, page, 2),
                (answer.Number("TotalCount"), answer.Number("PageNumber"), answer.Number("PageSize")));
            listed.AddRange(answer.Column("Keys.Key", "KeyId"));
        }

        Assert.True(listed.Count > 4);
        Assert.Equal(expected, listed);
    }

    [Fact]
    public async Task Filter_ByState_FollowsTheKey()
    {
        var tenant = await server.NewTenantAsync();
        var keyId = await tenant.KeyAsync();
        server.Clock.Shift(TimeSpan.FromSeconds(1));
        var imported = await tenant.ImportedKeyAsync(server.Clock.GetUtcNow().AddDays(1).ToUnixTimeSeconds());
        await IsAsync("Enabled", keyId, imported);
        await tenant.OkAsync("DisableKey", ("KeyId", keyId));
        await IsAsync("Disabled", keyId);
        await tenant.OkAsync("EnableKey", ("KeyId", keyId));
        await tenant.OkAsync("ScheduleKeyDeletion", ("KeyId", keyId), ("PendingWindowInDays", "7"));
        await IsAsync("PendingDeletion", keyId);
        await IsAsync("Enabled", imported);

        // What time alone does, once the reminders have been carried out.
        server.Clock.Shift(TimeSpan.FromDays(1));
        await server.RunRemindersAsync();
        await IsAsync("PendingImport", imported);
        await IsAsync("Enabled");
        server.Clock.Shift(TimeSpan.FromDays(7));
        await server.RunRemindersAsync();
        await IsAsync("PendingDeletion");
        Assert.Equal([imported], await tenant.KeyIdsAsync(Json(("KeySpec", ["Aliyun_AES_256"]))));

        async Task IsAsync(string state, params string[] keys) =>
            Assert.Equal(keys, await tenant.KeyIdsAsync(Json(("KeyState", [state]))));
    }

    [Fact]
    public async Task Filter_OfAKeyThatRotates_StillFindsIt()
    {
        var tenant = await server.NewTenantAsync();
        var keyId = await tenant.RotatingKeyAsync();
        server.Clock.Shift(TimeSpan.FromDays(7));
        await server.RunRemindersAsync();
        Assert.Equal(2, (await tenant.VersionsAsync(keyId)).Count);
        Assert.Equal([keyId], await tenant.KeyIdsAsync(Json(("KeyState", ["Enabled"]), ("KeySpec", ["Aliyun_AES_256"]))));
    }

    private static string Json(params (string Key, string[] Values)[] entries) =>
        System.Text.Json.JsonSerializer.Serialize(entries.Select(entry => new { entry.Key, entry.Values }));

    private List<string> Expected(params (string Key, string[] Values)[] entries) =>
    [
        .. server.Rows.Where(row => entries.GroupBy(entry => entry.Key).All(group =>
            group.All(entry => entry.Values.Length == 0)
            || group.Any(entry => entry.Values.Contains(s_keys[group.Key].Of(row))))).Select(row => row.KeyId),
    ];

    private async Task MatchesAsync(params (string Key, string[] Values)[] entries)
    {
        var tenant = await server.TenantAsync();
        Assert.Equal(Expected(entries), await tenant.KeyIdsAsync(Json(entries)));
    }

    /// <summary>A key of the account whose keys are listed.</summary>
    internal sealed record Row(string KeyId, string State, string Spec, string Usage, string Level);

    /// <summary>A server with an account of keys of all kinds, in all states.</summary>
    public sealed class ManyKeys : TestServer
    {
        private Tenant? _tenant;

        internal List<Row> Rows { get; } = [];

        internal async Task<Tenant> TenantAsync()
        {
            if (_tenant is not null) return _tenant;
            _tenant = await NewTenantAsync();
            foreach (var line in """
                Enabled         Aliyun_AES_256 ENCRYPT/DECRYPT SOFTWARE
                Enabled         Aliyun_AES_256 ENCRYPT/DECRYPT HSM
                Disabled        Aliyun_AES_256 ENCRYPT/DECRYPT SOFTWARE
                PendingDeletion Aliyun_AES_256 ENCRYPT/DECRYPT SOFTWARE
                PendingImport   Aliyun_AES_256 ENCRYPT/DECRYPT HSM
                PendingImport   Aliyun_SM4     ENCRYPT/DECRYPT SOFTWARE
                Enabled         Aliyun_SM4     ENCRYPT/DECRYPT HSM
                Disabled        EC_P256        SIGN/VERIFY     SOFTWARE
                Enabled         EC_P256        SIGN/VERIFY     HSM
                Enabled         EC_P256K       SIGN/VERIFY     SOFTWARE
                Enabled         EC_SM2         ENCRYPT/DECRYPT SOFTWARE
                Enabled         EC_SM2         SIGN/VERIFY     SOFTWARE
                PendingDeletion EC_SM2         SIGN/VERIFY     HSM
                Enabled         RSA_2048       ENCRYPT/DECRYPT SOFTWARE
                Disabled        RSA_3072       SIGN/VERIFY     SOFTWARE
                """.Split('\n'))
            {
                var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                Rows.Add(new Row(await MakeAsync(_tenant, words), words[0], words[1], words[2], words[3]));
            }

            return _tenant;
        }

        private async Task<string> MakeAsync(Tenant tenant, string[] words)
        {
            // Lists are in order of creation.
            Clock.Shift(TimeSpan.FromSeconds(1));
            Args arguments = [("KeySpec", words[1]), ("KeyUsage", words[2]), ("ProtectionLevel", words[3])];
            if (words[0] == "PendingImport") return await tenant.ExternalKeyAsync(arguments);
            var keyId = await tenant.KeyAsync(arguments);
            if (words[0] == "Disabled") await tenant.OkAsync("DisableKey", ("KeyId", keyId));
            if (words[0] == "PendingDeletion")
                await tenant.OkAsync("ScheduleKeyDeletion", ("KeyId", keyId), ("PendingWindowInDays", "30"));
            return keyId;
        }
    }
}
