using System.Security.Cryptography;
using System.Text;

namespace KmsActors.Server.Tests;

/// <summary>Versions of asymmetric keys, made on demand, and the listing of any key's versions.</summary>
public sealed class KeyVersionTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Create = "CreateKeyVersion";
    private const string TooSoon = "Rejected.UnsupportedOperation";
    private const int MostVersions = 50;

    private static readonly byte[] s_message = Encoding.UTF8.GetBytes("消息");
    private static readonly string s_digest = Convert.ToBase64String(SHA256.HashData(s_message));

    private Tenant Root => server.Root;

    private DateTimeOffset Now => server.Clock.GetUtcNow();

    [Theory]
    [InlineData("EC_P256")]
    [InlineData("EC_P256K")]
    [InlineData("EC_SM2")]
    [InlineData("RSA_2048")]
    public async Task CreateKeyVersion_SevenDaysAfterTheLast_MakesOneAndNotATickBefore(string spec)
    {
        var pair = await Root.PairAsync(spec);
        List<string> versions = [pair.VersionId];
        var last = Now;
        for (var round = 0; round < 2; round++)
        {
            await Root.RefusedAsync(TooSoon, null, Create, ("KeyId", pair.KeyId));
            server.Clock.ShiftTo(last.AddDays(7).AddTicks(-1));
            await Root.RefusedAsync(TooSoon, null, Create, ("KeyId", pair.KeyId));
            server.Clock.ShiftTo(last.AddDays(7));
            var created = await Root.OkAsync(Create, ("KeyId", pair.KeyId));
            versions.Add(created["KeyVersion.KeyVersionId"]);
            Assert.Equal((pair.KeyId, Time(Now)), (created["KeyVersion.KeyId"], created["KeyVersion.CreationDate"]));
            last = Now;
        }

        Assert.Equal(versions, await Root.VersionsAsync(pair.KeyId));
        Assert.Equal(3, versions.Distinct().Count());
        var key = await Root.DescribeAsync(pair.KeyId);
        Assert.Equal(Time(last), key["KeyMetadata.LastRotationDate"]);
        Assert.Equal("Disabled", key["KeyMetadata.AutomaticRotation"]);
        Assert.False(key.Has("KeyMetadata.PrimaryKeyVersion"));
    }

    [Fact]
    public async Task CreateKeyVersion_OfTheFiftyFirst_IsRefused()
    {
        var pair = await Root.PairAsync("EC_P256");
        for (var version = 2; version <= MostVersions; version++)
        {
            server.Clock.Shift(TimeSpan.FromDays(7));
            await Root.OkAsync(Create, ("KeyId", pair.KeyId));
        }

        await Root.RefusedAsync(TooSoon, null, Create, ("KeyId", pair.KeyId));
        server.Clock.Shift(TimeSpan.FromDays(7));
        await Root.RefusedAsync("Rejected.LimitExceeded", null, Create, ("KeyId", pair.KeyId));

        var versions = await Root.VersionsAsync(pair.KeyId);
        Assert.Equal(MostVersions, versions.Distinct().Count());
        foreach (var version in new[] { versions[0], versions[25], versions[^1] })
        {
            var signer = pair with { VersionId = version };
            await VerifiesAsync(signer, await SignAsync(signer), true);
        }
    }

    [Fact]
    public async Task Signature_OfAVersion_IsGoodForItAndForNoOther()
    {
        var versions = await ThreeVersionsAsync("EC_P256");
        var keys = new List<string>();
        foreach (var signer in versions)
        {
            var signature = await SignAsync(signer);
            foreach (var other in versions) await VerifiesAsync(other, signature, other == signer);
            keys.Add((await Root.OkAsync("GetPublicKey", signer.With()))["PublicKey"]);
            Assert.True(OutsidePublicKey.Of(keys[^1]).Verify("ECDSA_SHA_256", s_message, Convert.FromBase64String(signature)));
        }

        Assert.Equal(3, keys.Distinct().Count());
    }

    [Fact]
    public async Task Ciphertext_OfAVersion_IsDecryptedByItAndByNoOther()
    {
        var versions = await ThreeVersionsAsync("EC_SM2");
        foreach (var encryptor in versions)
        {
            var blob = await Root.EncryptAsync(encryptor);
            foreach (var other in versions)
            {
                Args arguments = other.With(("Algorithm", "SM2PKE"), ("CiphertextBlob", blob));
                if (other != encryptor)
                {
                    await Root.RefusedAsync("InvalidParameter", "CiphertextBlob", "AsymmetricDecrypt", arguments);
                    continue;
                }

                var decrypted = await Root.OkAsync("AsymmetricDecrypt", arguments);
                Assert.Equal("aGVsbG8=", decrypted["Plaintext"]);
                Assert.Equal(other.VersionId, decrypted["KeyVersionId"]);
            }
        }
    }

    [Fact]
    public async Task Calls_ByAliasOrArn_NameTheKey()
    {
        var pair = await Root.PairAsync("EC_P256");
        var alias = await Root.AliasAsync(pair.KeyId);
        var arn = $"acs:kms:cn-hangzhou:{Root.Account}:";
        foreach (var reference in new[] { pair.KeyId, alias, $"{arn}key/{pair.KeyId}", arn + alias })
        {
            server.Clock.Shift(TimeSpan.FromDays(7));
            var created = await Root.OkAsync(Create, ("KeyId", reference));
            Assert.Equal(pair.KeyId, created["KeyVersion.KeyId"]);
            var version = new PairVersion(reference, created["KeyVersion.KeyVersionId"]);
            Assert.Equal(version.VersionId, (await Root.VersionsAsync(reference))[^1]);
            Assert.Equal(pair.KeyId, (await Root.OkAsync("GetPublicKey", version.With()))["KeyId"]);
            await VerifiesAsync(version, await SignAsync(version), true, pair.KeyId);
        }

        var encryptor = await Root.PairAsync("EC_SM2");
        var byAlias = encryptor with { KeyId = await Root.AliasAsync(encryptor.KeyId) };
        var blob = await Root.EncryptAsync(byAlias);
        var decrypted = await Root.OkAsync(
            "AsymmetricDecrypt", byAlias.With(("Algorithm", "SM2PKE"), ("CiphertextBlob", blob)));
        Assert.Equal((encryptor.KeyId, "aGVsbG8="), (decrypted["KeyId"], decrypted["Plaintext"]));
        var moved = await Root.OkAsync(
            "ReEncrypt",
            ("CiphertextBlob", blob), ("SourceKeyId", byAlias.KeyId), ("SourceKeyVersionId", byAlias.VersionId),
            ("SourceEncryptionAlgorithm", "SM2PKE"), ("DestinationKeyId", await Root.KeyAsync()));
        Assert.Equal("aGVsbG8=", await Root.DecryptAsync(moved["CiphertextBlob"]));
    }

    [Fact]
    public async Task ListKeyVersions_PageByPage_ShowsEachOnceOldestFirst()
    {
        var keyId = await Root.RotatingKeyAsync();
        var created = Now;
        for (var rotation = 0; rotation < 4; rotation++)
        {
            server.Clock.Shift(TimeSpan.FromDays(7));
            await server.RunRemindersAsync();
        }

        List<(string Id, string Date)> listed = [];
        foreach (var (page, rows) in new[] { (1, 2), (2, 2), (3, 1), (4, 0) })
        {
            var answer = await Root.OkAsync(
                "ListKeyVersions", ("KeyId", keyId), ("PageNumber", $"{page}"), ("PageSize", "2"));
            Assert.Equal((5, page, 2), (answer.Number("TotalCount"), answer.Number("PageNumber"), answer.Number("PageSize")));
            var ids = answer.Column("KeyVersions.KeyVersion", "KeyVersionId").ToList();
            Assert.Equal(rows, ids.Count);
            Assert.All(answer.Column("KeyVersions.KeyVersion", "KeyId"), id => Assert.Equal(keyId, id));
            listed.AddRange(ids.Zip(answer.Column("KeyVersions.KeyVersion", "CreationDate")));
        }

        Assert.Equal(5, listed.DistinctBy(version => version.Id).Count());
        Assert.Equal(Enumerable.Range(0, 5).Select(week => Time(created.AddDays(7 * week))), listed.Select(v => v.Date));
        Assert.Equal(listed[^1].Id, (await Root.DescribeAsync(keyId))["KeyMetadata.PrimaryKeyVersion"]);
        foreach (var (id, date) in listed)
        {
            var described = await Root.OkAsync("DescribeKeyVersion", ("KeyId", keyId), ("KeyVersionId", id));
            Assert.Equal(
                (keyId, id, date),
                (described["KeyVersion.KeyId"], described["KeyVersion.KeyVersionId"], described["KeyVersion.CreationDate"]));
        }
    }

    [Fact]
    public async Task ListKeyVersions_WithoutPaging_ShowsTheFirstTen()
    {
        var answer = await Root.OkAsync("ListKeyVersions", ("KeyId", await Root.KeyAsync()));
        Assert.Equal((1, 1, 10), (answer.Number("TotalCount"), answer.Number("PageNumber"), answer.Number("PageSize")));
        var far = await Root.OkAsync(
            "ListKeyVersions", ("KeyId", await Root.KeyAsync()), ("PageNumber", "2147483647"), ("PageSize", "100"));
        Assert.Empty(far.Column("KeyVersions.KeyVersion", "KeyVersionId"));
        Assert.Equal(1, far.Number("TotalCount"));
    }

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");

    private async Task<PairVersion[]> ThreeVersionsAsync(string spec)
    {
        var pair = await Root.PairAsync(spec);
        for (var i = 0; i < 2; i++)
        {
            server.Clock.Shift(TimeSpan.FromDays(7));
            await Root.OkAsync(Create, ("KeyId", pair.KeyId));
        }

        return [.. (await Root.VersionsAsync(pair.KeyId)).Select(id => pair with { VersionId = id })];
    }

    private async Task<string> SignAsync(PairVersion version) => (await Root.OkAsync(
        "AsymmetricSign", version.With(("Algorithm", "ECDSA_SHA_256"), ("Digest", s_digest))))["Value"];

    private async Task VerifiesAsync(PairVersion version, string signature, bool isGood, string? keyId = null)
    {
        var answer = await Root.OkAsync(
            "AsymmetricVerify",
            version.With(("Algorithm", "ECDSA_SHA_256"), ("Digest", s_digest), ("Value", signature)));
        Assert.Equal(isGood, answer.Truth("Value"));
        Assert.Equal((keyId ?? version.KeyId, version.VersionId), (answer["KeyId"], answer["KeyVersionId"]));
    }
}
