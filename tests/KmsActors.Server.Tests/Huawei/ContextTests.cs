namespace KmsActors.Server.Tests.Huawei;

/// <summary>Encryption contexts of the most characters, in every call that has one.</summary>
public sealed class ContextTests(ProjectServer server) : IClassFixture<ProjectServer>
{
    private static readonly string[] s_endpoints =
    [
        .. Requests.All.Where(name =>
            name.Contains("datakey", StringComparison.Ordinal) || name.EndsWith("-data", StringComparison.Ordinal)),
    ];

    [Theory]
    [InlineData(1, 8191, true)]
    [InlineData(1, 8192, false)]
    [InlineData(8191, 1, true)]
    [InlineData(8193, 0, false)]
    public async Task Pair_OfManyCharacters_IsTakenUpToTheMost(int keyLength, int valueLength, bool isGood) =>
        await CheckAsync($"\"{new string('k', keyLength)}\":\"{new string('密', valueLength)}\"", isGood);

    // Of four digits and a letter each, or of no value at all.
    [Theory]
    [InlineData(1638, "v", true)]
    [InlineData(1639, "v", false)]
    [InlineData(2048, "", true)]
    [InlineData(2049, "", false)]
    public async Task Pairs_ManyOfThem_AreTakenUpToTheMostCharacters(int pairs, string value, bool isGood) =>
        await CheckAsync(string.Join(',', Enumerable.Range(0, pairs).Select(i => $"\"{i:D4}\":\"{value}\"")), isGood);

    private async Task CheckAsync(string pairs, bool isGood)
    {
        var project = await server.ProjectAsync(Proof.Signature);
        var keyId = await project.KeyAsync();
        Assert.Equal(6, s_endpoints.Length);
        foreach (var endpoint in s_endpoints)
        {
            // Those that decrypt have a ciphertext without a context.
            var isDecryption = endpoint.Contains("decrypt", StringComparison.Ordinal);
            var code = isGood ? isDecryption ? "2201" : "ok" : "0208";
            await FieldTable.CheckAsync(project, endpoint, keyId, "encryption_context", $"={{{pairs}}}", code);
        }
    }
}
