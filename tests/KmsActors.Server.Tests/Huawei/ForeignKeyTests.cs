namespace KmsActors.Server.Tests.Huawei;

/// <summary>Keys that the caller has not got: of no one, of another account, or no ids at all.</summary>
public sealed class ForeignKeyTests(ProjectServer server) : IClassFixture<ProjectServer>
{
    private static readonly string[] s_malformed =
    [
        "x", " ", "{0}0", "{0} ", "{0}\u0000", "alias/{0}", "../{0}", "%2e%2e",
        "0D0466B0-E727-4D9C-B35D-F84BB474A37F", "0d0466b0e7274d9cb35df84bb474a37f",
        "0d0466b0-e727-4d9c-b35d-f84bb474a37é", "0d0466b0-e727-4d9c-b35d_f84bb474a37f",
    ];

    public static IEnumerable<object[]> Calls =>
        from endpoint in Requests.WithKey
        where endpoint != "POST decrypt-data"
        from proof in Enum.GetValues<Proof>()
        select new object[] { endpoint, proof };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Key_OfAnotherAccount_IsAsIfThereWereNone(string endpoint, Proof proof)
    {
        var project = await server.ProjectAsync(proof);
        var mine = await project.KeyAsync();
        var theirs = await MakeForAsync(endpoint, await server.NewProjectAsync());

        var ask = await Requests.OfAsync(endpoint, project, theirs, mine);
        var foreign = await project.RefusedAsync("KMS.0205", ask);
        var unknown = await project.RefusedAsync(
            "KMS.0205", await Requests.OfAsync(endpoint, project, Guid.NewGuid().ToString(), mine));
        Assert.Equal(unknown.Text, foreign.Text);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task KeyId_Malformed_IsRefused(string endpoint, Proof proof)
    {
        var project = await server.ProjectAsync(proof);
        var mine = await project.KeyAsync();
        foreach (var form in s_malformed)
        {
            var keyId = form.Replace("{0}", mine, StringComparison.Ordinal);
            var isInPath = endpoint.Contains("{key_id}", StringComparison.Ordinal);
            // A NUL in a path never reaches the protocol.
            if (isInPath && keyId.Contains('\0', StringComparison.Ordinal)) continue;
            var sent = isInPath ? AliyunClient.Encode(keyId) : keyId;
            await project.RefusedAsync("KMS.0205", await Requests.OfAsync(endpoint, project, sent, mine));
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task KeyId_MissingOrOfAnotherType_IsRefused(string endpoint, Proof proof)
    {
        var project = await server.ProjectAsync(proof);
        var mine = await project.KeyAsync();
        var ask = await Requests.OfAsync(endpoint, project, mine, mine);
        if (ask.Body?.Contains("key_id", StringComparison.Ordinal) != true) return;
        foreach (var (value, code) in new[]
        {
            ("-", "KMS.0204"), ("=null", "KMS.0204"), ("=5", "KMS.0205"), ("=[]", "KMS.0205"),
        })
        {
            var body = HuaweiJson.With(ask.Body, "key_id", value);
            var answer = await project.RefusedAsync(code, ask with { Body = body });
            if (code == "KMS.0204") Assert.EndsWith("(key_id)", answer.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(Proof.Signature)]
    public async Task Ciphertext_OfAnotherAccount_IsAsIfItWereDamaged(Proof proof)
    {
        var project = await server.ProjectAsync(proof);
        var other = await server.NewProjectAsync();
        var (mine, theirs) = (await project.KeyAsync(), await other.KeyAsync());
        var foreign = await project.RefusedAsync(
            "KMS.2201", "decrypt-data", new { cipher_text = await other.EncryptAsync(theirs) });
        var damaged = Convert.FromBase64String(await project.EncryptAsync(mine));
        damaged[^1] ^= 1;
        var own = await project.RefusedAsync(
            "KMS.2201", "decrypt-data", new { cipher_text = Convert.ToBase64String(damaged) });
        Assert.Equal(own.Text, foreign.Text);
        await project.RefusedAsync("KMS.2201", "decrypt-datakey", new
        {
            key_id = mine, cipher_text = await other.DataKeyAsync(theirs), datakey_cipher_length = "32",
        });
    }

    [Fact]
    public async Task Lists_OfAnAccount_HaveNothingOfAnother()
    {
        var (one, other) = (await server.NewProjectAsync(), await server.NewProjectAsync());
        var keyId = await one.KeyAsync();
        await one.TagAsync(keyId, "a", "b");
        Assert.Equal("""{"keys":[],"key_details":[],"next_marker":"","truncated":"false","total":0}""",
            (await other.OkAsync("list-keys", new { })).Text);
        Assert.Equal("""{"resources":[],"total_count":0}""",
            (await other.OkAsync("resource_instances/action", new { action = "filter" })).Text);
        Assert.Equal("""{"tags":[]}""", (await other.GetAsync("tags")).Text);
        Assert.Equal(0, (await other.GetAsync("user-instances")).Number("instance_num"));
    }

    // Of the kind that the call is for, so that nothing else could be wrong with it.
    private static async Task<string> MakeForAsync(string endpoint, Project project)
    {
        if (endpoint.Contains("import", StringComparison.Ordinal)) return await project.ExternalKeyAsync();
        var isPair = endpoint is "POST sign" or "POST verify" or "POST get-publickey";
        return await project.KeyAsync(isPair ? "EC_P256" : "AES_256");
    }
}
