using System.Globalization;
using KmsActors.Server.Tests.Huawei;

namespace KmsActors.Server.Tests.Admin;

/// <summary>What is left of an account on its deletion date.</summary>
public sealed class ErasureTests(AdminServer server) : IClassFixture<AdminServer>
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(30);

    // Of whose rows there is nothing but the tombstone to be.
    private static readonly string[] Tables =
    [
        "grains WHERE (account = $n OR account LIKE $n || '/%')",
        "keys WHERE (account = $n OR account LIKE $n || '/%')",
        "aliases WHERE (account = $n OR account LIKE $n || '/%')",
        "tags WHERE (account = $n OR account LIKE $n || '/%')",
        "reminders WHERE (account = $n OR account LIKE $n || '/%' OR name = $n)",
        "counts WHERE (account = $n OR account LIKE $n || '/%') AND count > 0",
        "grains WHERE kind = 1 AND name = $n AND counted = 1",
    ];

    private AdminClient Operator => server.Operator;

    [Fact]
    public async Task Erased_NothingIsLeftButThatItWas_AndOthersAreAsTheyWere()
    {
        var (doors, other) = (await Doors.OfNewAccountAsync(server), await server.NewAccountAsync());
        var blob = await FillAsync(doors.Tenant);
        var otherKey = await other.KeyAsync();
        await other.OkAsync("TagResource", ("KeyId", otherKey), ("Tags", """[{"TagKey":"a","TagValue":"b"}]"""));
        var (picture, keys) = (await other.PictureAsync(otherKey), KeysOf(doors.Tenant.Account));
        Assert.Equal(4, keys);
        var account = doors.Tenant.Account;
        Assert.All(Tables, table => Assert.NotEqual(0, Count(table, account)));

        await Operator.OkAsync("DELETE", $"accounts/{account}?days=0", status: 202);
        server.Clock.Shift(Least);
        await EraseAsync(account);
        Assert.All(Tables, table => Assert.Equal(0, Count(table, account)));
        Assert.Equal(0, KeysOf(account));
        Assert.Equal(1, Count("grains WHERE kind = 1 AND name = $n AND counted = 0", account));
        Assert.Equal(picture, await other.PictureAsync(otherKey));

        await Operator.RefusedAsync(404, "AccountNotFound", null, "GET", $"accounts/{account}");
        await Operator.RefusedAsync(409, "AccountExists", null, "POST", "accounts", new { number = account });
        var listed = await Operator.GetAsync($"accounts?limit=1000&after={account[..^1]}");
        Assert.DoesNotContain(account, listed.List("items", "number"));
        await doors.AssertAsync(door => door switch
        {
            "Aliyun, RPC" or "Aliyun, ACS3" => "InvalidAccessKeyId.NotFound",
            "Tencent" => "4000/10450",
            _ => Doors.Shut[door],
        });
        await RefuseCiphertextAsync(blob, doors.Tenant.Key);
        await server.RestartAsync();
        await Operator.RefusedAsync(409, "AccountExists", null, "POST", "accounts", new { number = account });
    }

    [Fact]
    public async Task Erasure_OfMoreThanOneRunTakes_EndsAfterAStop()
    {
        const int projects = 40;
        var (tenant, other) = (await server.NewAccountAsync(), await server.NewAccountAsync());
        var path = $"accounts/{tenant.Account}";
        // A batch or two each, of which a run has 32.
        for (var i = 0; i < projects; i++)
        {
            var id = (await Operator.MakeAsync($"{path}/projects", new { name = $"cn-hangzhou_{i}" }))["id"];
            await new Project(tenant) { Id = id }.KeyAsync();
        }

        await other.KeyAsync();
        await Operator.OkAsync("DELETE", $"{path}?days=0", status: 202);
        server.Clock.Shift(Least);
        await server.RunRemindersAsync();
        Assert.Equal("Deleting", (await Operator.GetAsync(path))["state"]);
        var left = Count(Tables[0], tenant.Account);
        // Each project has a key and its name.
        Assert.InRange(left, 1, (2 * projects) - 1);
        await Operator.RefusedAsync(409, "StateNotAllowed", null, "POST", $"{path}/cancel-deletion");
        await Operator.RefusedAsync(409, "StateNotAllowed", null, "POST", $"{path}/resume");
        await Operator.RefusedAsync(409, "StateNotAllowed", null, "PUT", $"{path}/default-keys/obs");
        (await tenant.CallAsync("ListKeys")).AssertRefused("Forbidden.AccessKey");

        await server.RestartAsync();
        await EraseAsync(tenant.Account);
        Assert.All(Tables, table => Assert.Equal(0, Count(table, tenant.Account)));
        await Operator.RefusedAsync(404, "AccountNotFound", null, "GET", path);
        Assert.Single(await other.KeyIdsAsync());
    }

    // A run erases a part, and of one account only.
    private async Task EraseAsync(string account)
    {
        for (var runs = 0; (await Operator.SendAsync("GET", $"accounts/{account}")).Status == 200; runs++)
        {
            Assert.True(runs < 10, "it is never erased");
            await server.RunRemindersAsync();
        }
    }

    /// <summary>Some of everything that an account can have; a ciphertext.</summary>
    private async Task<string> FillAsync(Tenant tenant)
    {
        var path = $"accounts/{tenant.Account}";
        var keyId = await tenant.KeyAsync();
        await tenant.AliasAsync(keyId);
        await tenant.OkAsync("TagResource", ("KeyId", keyId), ("Tags", """[{"TagKey":"a","TagValue":"b"}]"""));
        await tenant.RotatingKeyAsync();
        await tenant.TokenAsync(await tenant.ExternalKeyAsync());
        await new Project(tenant).GrantAsync(keyId);
        await Operator.OkAsync("PUT", $"{path}/default-keys/obs");
        var second = new Project(tenant)
        {
            Id = (await Operator.MakeAsync($"{path}/projects", new { name = "cn-hangzhou_2" }))["id"],
        };
        await second.TagAsync(await second.KeyAsync(), "a", "b");
        await second.TokenAsync(await second.ExternalKeyAsync());
        await Operator.MakeAsync($"{path}/groups", new { name = "g" });
        await Operator.MakeAsync($"{path}/users", new { name = "u" });
        await Operator.DoneAsync("PUT", $"{path}/users/u/groups/g");
        await server.NewKeyAsync(tenant.Account, "u");
        await server.NewKeyAsync(tenant.Account, "u");
        await server.NewKeyAsync(tenant.Account);
        return await tenant.EncryptAsync(keyId);
    }

    // Neither for another account nor for one that has the same access key now.
    private async Task RefuseCiphertextAsync(string blob, Credentials key)
    {
        var heir = await server.NewAccountAsync();
        await Operator.MakeAsync($"accounts/{heir.Account}/access-keys", new { id = key.Id, secret = key.Secret });
        foreach (var tenant in new[] { heir, heir with { Key = key } })
        {
            Assert.Empty(await tenant.KeyIdsAsync());
            var answer = await tenant.CallAsync("Decrypt", ("CiphertextBlob", blob));
            answer.AssertRefused("InvalidParameter", "CiphertextBlob");
        }
    }

    private long Count(string table, string account) =>
        Convert.ToInt64(server.Query($"SELECT count(*) FROM {table}", ("$n", account)), CultureInfo.InvariantCulture);

    // The state of an access key, JSON, says whose it is.
    private long KeysOf(string account) => Count(
        "grains WHERE kind = 2 AND json_extract(CAST(state AS TEXT), '$.Account') = $n", account);
}
