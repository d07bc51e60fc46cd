namespace KmsActors.Server.Tests;

/// <summary>The actions of later documents.</summary>
internal static partial class Catalogue
{
    // Later calls of the same API version, with one symmetric key.
    private static ActionCase[] Later() =>
    [
        new("GenerateDataKeyWithoutPlaintext", Encrypted, DataKey,
            s_keyId, s_keySpec, s_bytes, Context("EncryptionContext")),
        new("UpdateKeyDescription", "",
            async t => [("KeyId", await t.KeyAsync()), ("Description", "新说明")],
            s_keyId, new ParameterCase("Description", new string('d', 8193), "MissingParameter", null)),
        new("ReEncrypt", Encrypted,
            async t =>
            [
                ("CiphertextBlob", await t.EncryptAsync(await t.KeyAsync())),
                ("DestinationKeyId", await t.KeyAsync()),
                ("DestinationEncryptionContext", Json),
            ],
            s_blob, ParameterCase.Required("DestinationKeyId", s_long), Context("DestinationEncryptionContext")),
        new("DescribeKeyVersion", $"KeyVersion{{{Version}}}",
            async t =>
            {
                var keyId = await t.KeyAsync();
                return [("KeyId", keyId), ("KeyVersionId", (await t.VersionsAsync(keyId))[0])];
            },
            s_keyId, s_versionId),
        new("ListKeyVersions", $"KeyVersions{{KeyVersion[{Version}]}},{Page}",
            async t => [("KeyId", await t.KeyAsync()), ("PageNumber", "1"), ("PageSize", "2")],
            s_keyId, s_pageNumber, s_pageSize),
        new("UpdateRotationPolicy", "",
            async t => [("KeyId", await t.KeyAsync()), ("EnableAutomaticRotation", "true"), ("RotationInterval", "7d")],
            s_keyId, ParameterCase.Required("EnableAutomaticRotation", s_long), s_interval),
        new("ExportDataKey", $"{OfVersion},ExportedDataKey",
            async t =>
            [
                ("CiphertextBlob", await t.EncryptAsync(await t.KeyAsync(), ("EncryptionContext", Json))),
                ("EncryptionContext", Json), .. OutsidePair.Sm2.Target("SM2PKE"),
            ],
            [
                s_blob,
                new ParameterCase(
                    "EncryptionContext", ContextOf(8193), "InvalidParameter:CiphertextBlob", "InvalidParameter"),
                .. s_target,
            ]),
        new("GenerateAndExportDataKey", $"{Encrypted},ExportedDataKey",
            async t => [.. await DataKey(t), .. OutsidePair.Sm2.Target("SM2PKE")],
            [s_keyId, s_keySpec, s_bytes, Context("EncryptionContext"), .. s_target]),
    ];

    // Later calls with a pair of keys.
    private static ActionCase[] Asymmetric() =>
    [
        new("CreateKeyVersion", $"KeyVersion{{{Version}}}",
            async t =>
            {
                var keyId = await t.KeyAsync(("KeySpec", "EC_P256"));
                t.Server.Clock.Shift(TimeSpan.FromDays(7));
                return [("KeyId", keyId)];
            },
            s_keyId)
        {
            WellFormed = async t => [("KeyId", await t.KeyAsync(("KeySpec", "EC_P256")))],
        },
        new("GetPublicKey", $"{OfVersion},PublicKey",
            async t => (await t.PairAsync("EC_P256")).With(), s_keyId, s_versionId),
        new("AsymmetricEncrypt", Encrypted,
            async t => (await t.PairAsync("EC_SM2")).With(("Algorithm", "SM2PKE"), ("Plaintext", "aGVsbG8=")),
            s_keyId, s_versionId, s_algorithm, ParameterCase.Required("Plaintext", Base64Of(6145))),
        new("AsymmetricDecrypt", $"{OfVersion},Plaintext",
            async t =>
            {
                var pair = await t.PairAsync("EC_SM2");
                return pair.With(("Algorithm", "SM2PKE"), ("CiphertextBlob", await t.EncryptAsync(pair)));
            },
            s_keyId, s_versionId, s_algorithm, s_bare),
        new("AsymmetricSign", $"{OfVersion},Value",
            async t => (await t.PairAsync("EC_P256")).With(("Algorithm", "ECDSA_SHA_256"), ("Digest", Base64Of(32))),
            s_keyId, s_versionId, s_algorithm, s_digest),
        new("AsymmetricVerify", $"{OfVersion},Value?",
            async t => (await t.PairAsync("EC_SM2", "SIGN/VERIFY")).With(
                ("Algorithm", "SM2DSA"), ("Digest", Base64Of(32)), ("Value", Base64Of(70))),
            s_keyId, s_versionId, s_algorithm, s_digest, ParameterCase.Required("Value", Base64Of(1025))),
        new("ReEncrypt(a pair's)", Encrypted,
            async t =>
            {
                var pair = await t.PairAsync("EC_SM2");
                return
                [
                    ("CiphertextBlob", await t.EncryptAsync(pair)), ("DestinationKeyId", await t.KeyAsync()),
                    ("SourceKeyId", pair.KeyId), ("SourceKeyVersionId", pair.VersionId),
                    ("SourceEncryptionAlgorithm", "SM2PKE"),
                ];
            },
            s_bare, ParameterCase.Required("DestinationKeyId", s_long),
            ParameterCase.Required("SourceKeyId", s_long), ParameterCase.Required("SourceKeyVersionId", s_long),
            ParameterCase.Required("SourceEncryptionAlgorithm", s_long)),
    ];
}
