namespace KmsActors.Server.Tests.Huawei;

/// <summary>Key ids that are none.</summary>
public sealed class KeyIdTests(ProjectServer server) : IClassFixture<ProjectServer>
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
}
