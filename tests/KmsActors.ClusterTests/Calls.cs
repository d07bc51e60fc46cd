namespace KmsActors.ClusterTests;

/// <summary>Calls that must succeed.</summary>
internal static class Calls
{
    public static async Task<string> CreateKeyAsync(this Node node, string accessKey = ServerProcess.AccessKeyId) =>
        (await node.CallAsAsync(accessKey, "CreateKey")).Ok().Text("KeyMetadata", "KeyId");

    public static async Task<string> EncryptAsync(this Node node, string key, string plaintext = "cGxhaW4=") =>
        (await node.CallAsync("Encrypt", ("KeyId", key), ("Plaintext", plaintext))).Ok().Text("CiphertextBlob");

    /// <summary>The answer, which has to be a success.</summary>
    public static Answer Ok(this Answer? answer)
    {
        Assert.NotNull(answer);
        Assert.True(answer.Code is null, $"{answer.Status} {answer.Body}");
        return answer;
    }
}
