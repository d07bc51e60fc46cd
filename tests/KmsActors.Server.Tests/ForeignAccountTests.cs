using KmsActors.Protocols.Aliyun;

namespace KmsActors.Server.Tests;

/// <summary>What belongs to another account does not exist: for every action, and nothing of it changes.</summary>
public sealed class ForeignAccountTests(TestServer server) : IClassFixture<TestServer>
{
    private const string KeyNotFound = "Forbidden.KeyNotFound";
    private const string AliasNotFound = "Forbidden.AliasNotFound";
    private const string VersionNotFound = "Forbidden.KeyVersionNotFound";
    private const string InvalidBlob = "InvalidParameter:CiphertextBlob";

    /// <summary>These name nothing, so they cannot name another's.</summary>
    private static readonly string[] s_nameless = ["CreateKey", "ListKeys", "ListAliases", "DescribeRegions"];

    private static readonly string s_digest = Catalogue.Base64Of(32);

    private static readonly Dictionary<string, Func<Things, Things, (string Expected, Args Arguments)[]>> s_attempts = new()
    {
        ["GetParametersForImport"] = (theirs, _) =>
        [
            (KeyNotFound,
            [
                ("KeyId", theirs.External), ("WrappingAlgorithm", "RSAES_OAEP_SHA_1"), ("WrappingKeySpec", "RSA_2048"),
            ]),
        ],
        ["ImportKeyMaterial"] = (theirs, mine) =>
        [
            (KeyNotFound, theirs.Token.With(new byte[32])),
            ("InvalidImportToken", theirs.Token.With(new byte[32])[1..]),
            ("InvalidImportToken", (theirs.Token with { KeyId = mine.External }).With(new byte[32])),
        ],
        ["EnableKey"] = OnlyKey,
        ["DisableKey"] = OnlyKey,
        ["ScheduleKeyDeletion"] = (theirs, _) => [(KeyNotFound, [("KeyId", theirs.Key), ("PendingWindowInDays", "7")])],
        ["CancelKeyDeletion"] = (theirs, _) => [(KeyNotFound, [("KeyId", theirs.Pending)])],
        ["DeleteKeyMaterial"] = (theirs, _) => [(KeyNotFound, [("KeyId", theirs.External)])],
        ["DescribeKey"] = (theirs, _) => KeyOrAlias(theirs, []),
        ["Encrypt"] = (theirs, _) => KeyOrAlias(theirs, [("Plaintext", "aGk=")]),
        ["GenerateDataKey"] = (theirs, _) => KeyOrAlias(theirs, []),
        ["GenerateDataKeyWithoutPlaintext"] = (theirs, _) => KeyOrAlias(theirs, []),
        ["Decrypt"] = (theirs, _) => [(InvalidBlob, [("CiphertextBlob", theirs.Blob)])],
        ["ReEncrypt"] = (theirs, mine) =>
        [
            (InvalidBlob, [("CiphertextBlob", theirs.Blob), ("DestinationKeyId", mine.Key)]),
            (KeyNotFound, [("CiphertextBlob", mine.Blob), ("DestinationKeyId", theirs.Key)]),
            (AliasNotFound, [("CiphertextBlob", mine.Blob), ("DestinationKeyId", theirs.Alias)]),
            .. PairOrAlias(
                theirs, mine,
                [
                    ("CiphertextBlob", theirs.PairBlob), ("SourceEncryptionAlgorithm", "SM2PKE"),
                    ("DestinationKeyId", mine.Key),
                ],
                prefix: "Source"),
        ],
        ["CreateAlias"] = (theirs, _) => [(KeyNotFound, [("AliasName", Tenant.NewAliasName()), ("KeyId", theirs.Key)])],
        ["UpdateAlias"] = (theirs, mine) =>
        [
            (AliasNotFound, [("AliasName", theirs.Alias), ("KeyId", mine.Key)]),
            (AliasNotFound, [("AliasName", theirs.Alias), ("KeyId", theirs.Key)]),
            (KeyNotFound, [("AliasName", mine.Alias), ("KeyId", theirs.Key)]),
        ],
        ["DeleteAlias"] = (theirs, _) => [(AliasNotFound, [("AliasName", theirs.Alias)])],
        ["ListAliasesByKeyId"] = OnlyKey,
        ["TagResource"] = (theirs, _) =>
            [(KeyNotFound, [("KeyId", theirs.Key), ("Tags", """[{"TagKey":"a","TagValue":"b"}]""")])],
        ["UntagResource"] = (theirs, _) => [(KeyNotFound, [("KeyId", theirs.Key), ("TagKeys", """["tag"]""")])],
        ["ListResourceTags"] = OnlyKey,
        ["UpdateKeyDescription"] = (theirs, _) => [(KeyNotFound, [("KeyId", theirs.Key), ("Description", "mine now")])],
        ["DescribeKeyVersion"] = (theirs, mine) =>
        [
            (KeyNotFound, theirs.Pair.With()),
            (VersionNotFound, (theirs.Pair with { KeyId = mine.Key }).With()),
        ],
        ["ListKeyVersions"] = (theirs, _) => KeyOrAlias(theirs, []),
        ["CreateKeyVersion"] = (theirs, _) => KeyOrAlias(theirs, []),
        ["UpdateRotationPolicy"] = (theirs, _) =>
        [
            (KeyNotFound, [("KeyId", theirs.Key), ("EnableAutomaticRotation", "true"), ("RotationInterval", "7d")]),
            (KeyNotFound, [("KeyId", theirs.Key), ("EnableAutomaticRotation", "false")]),
        ],
        ["ExportDataKey"] = (theirs, _) =>
            [(InvalidBlob, [("CiphertextBlob", theirs.Blob), .. OutsidePair.Sm2.Target("SM2PKE")])],
        ["GenerateAndExportDataKey"] = (theirs, _) => KeyOrAlias(theirs, OutsidePair.Sm2.Target("SM2PKE")),
        // Public operations too: who may use a public key, its owner decides by handing it out.
        ["GetPublicKey"] = (theirs, mine) => PairOrAlias(theirs, mine, []),
        ["AsymmetricEncrypt"] = (theirs, mine) =>
            PairOrAlias(theirs, mine, [("Algorithm", "SM2PKE"), ("Plaintext", "aGk=")]),
        ["AsymmetricDecrypt"] = (theirs, mine) =>
        [
            .. PairOrAlias(theirs, mine, [("Algorithm", "SM2PKE"), ("CiphertextBlob", theirs.PairBlob)]),
            (InvalidBlob, mine.Pair.With(("Algorithm", "SM2PKE"), ("CiphertextBlob", theirs.PairBlob))),
        ],
        ["AsymmetricSign"] = (theirs, mine) =>
            PairOrAlias(theirs, mine, [("Algorithm", "ECDSA_SHA_256"), ("Digest", s_digest)], isSigner: true),
        ["AsymmetricVerify"] = (theirs, mine) => PairOrAlias(
            theirs, mine, [("Algorithm", "ECDSA_SHA_256"), ("Digest", s_digest), ("Value", s_digest)], isSigner: true),
    };

    public static TheoryData<string> Actions => [.. s_attempts.Keys];

    [Fact]
    public void Attempts_AgainstTheServersTable_AreMadeForEveryAction() => Assert.Equal(
        ActionTable.Names.Order(StringComparer.Ordinal),
        s_attempts.Keys.Concat(s_nameless).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Actions))]
    public async Task Action_OnWhatIsAnothers_IsAnsweredAsIfItDidNotExist(string action)
    {
        var owner = server.Root;
        var stranger = await server.NewTenantAsync();
        var (theirs, mine) = (await Things.OfAsync(owner), await Things.OfAsync(stranger));
        var before = await theirs.PictureAsync(owner);

        foreach (var (expected, arguments) in s_attempts[action](theirs, mine))
        {
            var parts = expected.Split(':');
            await stranger.RefusedAsync(parts[0], parts.Length > 1 ? parts[1] : null, action, arguments);
        }

        Assert.Equal(before, await theirs.PictureAsync(owner));
    }

    [Fact]
    public async Task Lists_OfAnotherAccount_ShowNothingOfTheFirst()
    {
        var theirs = await Things.OfAsync(server.Root);
        var stranger = await server.NewTenantAsync();
        Assert.Empty(await stranger.KeyIdsAsync());
        Assert.Empty(await stranger.AliasNamesAsync());
        Assert.Contains(theirs.Key, await server.Root.KeyIdsAsync());
        Assert.Contains(theirs.Alias, await server.Root.AliasNamesAsync());
    }

    [Fact]
    public async Task Alias_OfAnothersName_IsFree()
    {
        var theirs = await Things.OfAsync(server.Root);
        var stranger = await server.NewTenantAsync();
        var mine = await stranger.KeyAsync();
        await stranger.OkAsync("CreateAlias", ("AliasName", theirs.Alias), ("KeyId", mine));
        Assert.Equal(mine, (await stranger.DescribeAsync(theirs.Alias))["KeyMetadata.KeyId"]);
        Assert.Equal(theirs.Key, (await server.Root.DescribeAsync(theirs.Alias))["KeyMetadata.KeyId"]);
        await stranger.OkAsync("DeleteAlias", ("AliasName", theirs.Alias));
        Assert.Equal(theirs.Key, (await server.Root.DescribeAsync(theirs.Alias))["KeyMetadata.KeyId"]);
    }

    private static (string Expected, Args Arguments)[] OnlyKey(Things theirs, Things mine) =>
        [(KeyNotFound, [("KeyId", theirs.Key)])];

    private static (string Expected, Args Arguments)[] KeyOrAlias(Things theirs, Args more) =>
    [
        (KeyNotFound, [("KeyId", theirs.Key), .. more]),
        (AliasNotFound, [("KeyId", theirs.Alias), .. more]),
        (KeyNotFound, [("KeyId", theirs.Arn + "key/" + theirs.Key), .. more]),
        (KeyNotFound, [("KeyId", theirs.Arn + theirs.Alias), .. more]),
    ];

    // Nor is a version of theirs one of a key of mine.
    private static (string Expected, Args Arguments)[] PairOrAlias(
        Things theirs, Things mine, Args more, bool isSigner = false, string prefix = "")
    {
        var (their, my) = isSigner ? (theirs.Signer, mine.Signer) : (theirs.Pair, mine.Pair);
        (string Expected, string Key)[] attempts =
        [
            (KeyNotFound, their.KeyId), (AliasNotFound, theirs.PairAlias),
            (KeyNotFound, theirs.Arn + "key/" + their.KeyId), (KeyNotFound, theirs.Arn + theirs.PairAlias),
            (VersionNotFound, my.KeyId),
        ];
        Args With(string key) => [(prefix + "KeyId", key), (prefix + "KeyVersionId", their.VersionId), .. more];
        return [.. attempts.Select(attempt => (attempt.Expected, With(attempt.Key)))];
    }

    /// <summary>One of everything that an account can have.</summary>
    private sealed record Things(
        string Arn, string Key, string External, string Pending, string Alias, string Blob, ImportParameters Token,
        PairVersion Pair, string PairAlias, string PairBlob, PairVersion Signer)
    {
        // A pair of import keys takes long to make and no refused call uses one up.
        private static readonly Dictionary<string, Task<(string, ImportParameters)>> s_tokens = [];

        public static async Task<Things> OfAsync(Tenant tenant)
        {
            var (key, pending) = (await tenant.KeyAsync(), await tenant.KeyAsync());
            await tenant.OkAsync("ScheduleKeyDeletion", ("KeyId", pending), ("PendingWindowInDays", "7"));
            await tenant.OkAsync("TagResource", ("KeyId", key), ("Tags", """[{"TagKey":"tag","TagValue":"v"}]"""));
            var (external, token) = await TokenAsync(tenant);
            var pair = await tenant.PairAsync("EC_SM2");
            return new Things(
                $"acs:kms:cn-hangzhou:{tenant.Account}:", key, external, pending,
                await tenant.AliasAsync(key), await tenant.EncryptAsync(key), token,
                pair, await tenant.AliasAsync(pair.KeyId), await tenant.EncryptAsync(pair),
                await tenant.PairAsync("EC_P256"));
        }

        public async Task<string> PictureAsync(Tenant owner)
        {
            var pictures = "";
            foreach (var key in (string[])[Key, External, Pending, Pair.KeyId, Signer.KeyId])
                pictures += await owner.PictureAsync(key);
            return pictures;
        }

        private static Task<(string Key, ImportParameters Token)> TokenAsync(Tenant tenant)
        {
            var isOwner = tenant == tenant.Server.Root;
            return s_tokens.TryGetValue(tenant.Account, out var made)
                ? made
                : s_tokens[tenant.Account] = MakeAsync();

            async Task<(string, ImportParameters)> MakeAsync()
            {
                var keyId = await tenant.ExternalKeyAsync();
                return (keyId, isOwner ? await tenant.TokenAsync(keyId) : new ImportParameters(keyId, "", [], ""));
            }
        }
    }
}
