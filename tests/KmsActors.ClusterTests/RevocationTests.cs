using System.Security.Cryptography;

namespace KmsActors.ClusterTests;

/// <summary>Rights of every kind, used by all nodes and then taken away by one.</summary>
[Collection(SharedCluster.Name)]
public sealed class RevocationTests(SharedCluster shared)
{
    private static readonly object AllRights = new
    {
        policies = new[] { new { name = "all", statements = new[] { new { effect = "Allow", actions = new[] { "*" } } } } },
    };

    private IReadOnlyList<Node> Nodes => shared.Cluster.Nodes;

    [Fact]
    public async Task Account_that_is_suspended_does_nothing_anywhere()
    {
        var (account, accessKey, key) = await AccountAsync("2000000000000001");
        await AssertAllAsync(accessKey, key, null);
        await AdminAsync(1, "POST", $"/accounts/{account}/suspend");
        await AssertAllAsync(accessKey, key, "Forbidden.AccessKey");
        await AdminAsync(2, "POST", $"/accounts/{account}/resume");
        await AssertAllAsync(accessKey, key, null);
    }

    [Fact]
    public async Task Access_key_that_is_removed_and_given_again_has_the_new_secret_only()
    {
        var (account, accessKey, key) = await AccountAsync("2000000000000002");
        await AssertAllAsync(accessKey, key, null);
        await AdminAsync(1, "DELETE", $"/accounts/{account}/access-keys/{accessKey}");
        await AssertAllAsync(accessKey, key, "InvalidAccessKeyId.NotFound");
        var again = new { id = accessKey, secret = "another-secret-of-the-tests" };
        await AdminAsync(2, "POST", $"/accounts/{account}/access-keys", again);
        await AssertAllAsync(accessKey, key, "IncompleteSignature");
    }

    [Fact]
    public async Task User_whose_policies_change_may_no_more_than_they_say()
    {
        var (account, _, key) = await AccountAsync("2000000000000003");
        await AdminAsync(0, "POST", $"/accounts/{account}/users", new { name = "u" });
        await AdminAsync(1, "PUT", $"/accounts/{account}/users/u/policies", AllRights);
        var mine = new { id = "key-of-u", secret = ServerProcess.AccessKeySecret, user = "u" };
        await AdminAsync(2, "POST", $"/accounts/{account}/access-keys", mine);
        await AssertAllAsync("key-of-u", key, null);
        await AdminAsync(1, "PUT", $"/accounts/{account}/users/u/policies", new { policies = Array.Empty<object>() });
        await AssertAllAsync("key-of-u", key, "Forbidden.NoPermission");
        await AdminAsync(1, "PUT", $"/accounts/{account}/users/u/policies", AllRights);
        await AssertAllAsync("key-of-u", key, null);
        await AdminAsync(0, "PATCH", $"/accounts/{account}/users/u", new { enabled = false });
        await AssertAllAsync("key-of-u", key, "Forbidden.AccessKey");
    }

    [Fact]
    public async Task Limit_that_is_set_holds_from_the_answer_on()
    {
        var (account, accessKey, key) = await AccountAsync("2000000000000004");
        await AssertAllAsync(accessKey, key, null);
        var limit = new { rates = new { symmetric = new { perSecond = 1 } } };
        await AdminAsync(1, "PATCH", $"/accounts/{account}/limits", limit);
        foreach (var node in Nodes)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => UseAsync(node, accessKey, key)));
            Assert.Contains("Rejected.Throttling", answers.Select(answer => answer?.Code));
        }
    }

    [Fact]
    public async Task Alias_that_moves_or_goes_stands_for_nothing_it_stood_for()
    {
        var (one, two) = (await Nodes[0].CreateKeyAsync(), await Nodes[1].CreateKeyAsync());
        await CallAsync(0, "CreateAlias", ("AliasName", "alias/moving"), ("KeyId", one));
        foreach (var node in Nodes) Assert.Equal(one, (await UseAsync(node, null, "alias/moving")).Ok().Text("KeyId"));
        await CallAsync(1, "UpdateAlias", ("AliasName", "alias/moving"), ("KeyId", two));
        foreach (var node in Nodes) Assert.Equal(two, (await UseAsync(node, null, "alias/moving")).Ok().Text("KeyId"));
        await CallAsync(2, "DeleteAlias", ("AliasName", "alias/moving"));
        foreach (var node in Nodes) Assert.NotNull((await UseAsync(node, null, "alias/moving"))!.Code);
        await CallAsync(0, "CreateAlias", ("AliasName", "alias/moving"), ("KeyId", one));
        foreach (var node in Nodes) Assert.Equal(one, (await UseAsync(node, null, "alias/moving")).Ok().Text("KeyId"));
    }

    [Fact]
    public async Task Account_that_was_looked_for_in_vain_is_there_for_all_when_it_is_created()
    {
        for (var i = 1; i <= 5; i++)
        {
            var path = $"/accounts/500000000000000{i}";
            foreach (var node in Nodes) Assert.Equal("AccountNotFound", (await node.AdminAsync("GET", path, null))?.Code);
            await AdminAsync(i % 3, "POST", "/accounts", new { number = $"500000000000000{i}" });
            foreach (var node in Nodes) (await node.AdminAsync("GET", path, null)).Ok();
        }
    }

    // As a client does that has lost its connection: what it is told counts as much as what the first call was.
    [Fact]
    public async Task Call_that_is_made_again_waits_for_what_the_first_waits_for()
    {
        var key = await Nodes[0].CreateKeyAsync();
        await AssertAllAsync(null, key, null);
        for (var i = 0; i < 10; i++)
        {
            var (one, other) = (Nodes[i % 3], Nodes[(i + 1) % 3]);
            var first = one.CallAsync("DisableKey", ("KeyId", key));
            await Task.Delay(i);
            (await other.CallAsync("DisableKey", ("KeyId", key))).Ok();
            await AssertAllAsync(null, key, "Rejected.Disabled");
            (await first).Ok();
            await CallAsync(2, "EnableKey", ("KeyId", key));
        }
    }

    [Fact]
    public async Task Alias_that_is_given_again_stands_for_the_new_key_though_its_removal_is_not_answered_yet()
    {
        var keys = await Task.WhenAll(Nodes.Select(node => node.CreateKeyAsync()));
        await CallAsync(0, "CreateAlias", ("AliasName", "alias/again"), ("KeyId", keys[0]));
        for (var i = 1; i <= 10; i++)
        {
            foreach (var node in Nodes) (await UseAsync(node, null, "alias/again")).Ok();
            var removed = Nodes[i % 3].CallAsync("DeleteAlias", ("AliasName", "alias/again"));
            var key = keys[i % 3];
            Answer? created;
            do created = await Nodes[(i + 1) % 3].CallAsync("CreateAlias", ("AliasName", "alias/again"), ("KeyId", key));
            while (created?.Code == "AliasAlreadyExists");
            created.Ok();
            var used = await Task.WhenAll(Nodes.Select(node => UseAsync(node, null, "alias/again")));
            Assert.All(used, answer => Assert.Equal(key, answer.Ok().Text("KeyId")));
            (await removed).Ok();
        }
    }

    [Fact]
    public async Task Key_whose_material_goes_or_that_is_to_go_is_used_no_more()
    {
        var key = (await Nodes[0].CallAsync("CreateKey", ("Origin", "EXTERNAL"))).Ok().Text("KeyMetadata", "KeyId");
        var import = (await Nodes[1].CallAsync(
            "GetParametersForImport",
            ("KeyId", key), ("WrappingAlgorithm", "RSAES_OAEP_SHA_256"), ("WrappingKeySpec", "RSA_2048"))).Ok();
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(Convert.FromBase64String(import.Text("PublicKey")), out _);
        var wrapped = rsa.Encrypt(RandomNumberGenerator.GetBytes(32), RSAEncryptionPadding.OaepSHA256);
        await CallAsync(
            2, "ImportKeyMaterial", ("KeyId", key), ("ImportToken", import.Text("ImportToken")),
            ("EncryptedKeyMaterial", Convert.ToBase64String(wrapped)), ("KeyMaterialExpireUnix", "0"));
        await AssertAllAsync(null, key, null);
        await CallAsync(1, "DeleteKeyMaterial", ("KeyId", key));
        await AssertAllAsync(null, key, "Rejected.PendingImport");

        var other = await Nodes[2].CreateKeyAsync();
        await AssertAllAsync(null, other, null);
        await CallAsync(0, "ScheduleKeyDeletion", ("KeyId", other), ("PendingWindowInDays", "7"));
        await AssertAllAsync(null, other, "Rejected.PendingDeletion");
    }

    /// <summary>An account with an access key and a key, both with names of their own.</summary>
    private async Task<(string Account, string AccessKey, string Key)> AccountAsync(string account)
    {
        var accessKey = $"key-of-{account}";
        await AdminAsync(0, "POST", "/accounts", new { number = account });
        var body = new { id = accessKey, secret = ServerProcess.AccessKeySecret };
        await AdminAsync(0, "POST", $"/accounts/{account}/access-keys", body);
        return (account, accessKey, await Nodes[0].CreateKeyAsync(accessKey));
    }

    private async Task AdminAsync(int node, string method, string path, object? body = null) =>
        (await Nodes[node].AdminAsync(method, path, body)).Ok();

    private async Task CallAsync(int node, string action, params (string, string)[] parameters) =>
        (await Nodes[node].CallAsync(action, parameters)).Ok();

    private static Task<Answer?> UseAsync(Node node, string? accessKey, string key) => node.CallAsAsync(
        accessKey ?? ServerProcess.AccessKeyId, "Encrypt", ("KeyId", key), ("Plaintext", "cGxhaW4="));

    private async Task AssertAllAsync(string? accessKey, string key, string? code)
    {
        var answers = await Task.WhenAll(Nodes.Select(node => UseAsync(node, accessKey, key)));
        Assert.All(answers, answer => Assert.Equal(code, answer?.Code));
    }
}
